#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints what transactions cost, as a table. See README.md. With --check, compares it with .gas-snapshot; with
# --write, writes that.
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
awk '
  /\[PASS\] test_/ { name = $2; sub(/^test_/, "", name); sub(/\(\)$/, "", name) }
  /emit Used\(gas: / {
    gas = $0; sub(/.*gas: /, "", gas); sub(/[ )].*/, "", gas)
    print name, gas
  }
' "$scratch/log" | LC_ALL=C sort >"$scratch/figures"
case "${1:-}" in
  --check)
    diff .gas-snapshot "$scratch/figures" >&2 || {
      echo "Gas differs from .gas-snapshot. If that is meant: src/contracts/gas.sh --write" >&2
      exit 1
    }
    ;;
  --write) cp "$scratch/figures" .gas-snapshot ;;
  *)
    echo "| Transaction | Gas |"
    echo "|---|---|"
    sed -E 's/(.*) (.*)/| \1 | \2 |/' "$scratch/figures"
    ;;
esac
