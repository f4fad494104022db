#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints what transactions cost, as a table. See README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/contracts/lib.sh
source "$here/lib.sh"
install_tools
cd "$here"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
private_home "$scratch"

"$forge" test --match-contract GasTest -vvvv >"$scratch/log" 2>&1 || { tail -30 "$scratch/log" >&2; exit 1; }
echo "| Transaction | Gas |"
echo "|---|---|"
awk '
  /\[PASS\] test_/ { name = $2; sub(/^test_/, "", name); sub(/\(\)$/, "", name) }
  /emit Used\(gas: / {
    gas = $0; sub(/.*gas: /, "", gas); sub(/[ )].*/, "", gas)
    print "| " name " | " gas " |"
  }
' "$scratch/log"
