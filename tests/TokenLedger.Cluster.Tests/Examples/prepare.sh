#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prepares what the examples need beside .NET, in .artifacts/examples: Debian's Python libraries and the stubs
# that protoc makes for them, and the packages of npm that src/examples/typescript pins. Quick when nothing is
# to do.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=network/lib.sh
. ../../../network/lib.sh

examples="$ROOT/src/examples"
out="$ARTIFACTS/examples"
missing=()
for package in python3-grpcio python3-protobuf python3-ecdsa python3-pycryptodome protobuf-compiler \
  libprotobuf-dev; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    missing+=("$package")
done
command -v npm >/dev/null || missing+=(npm)
install_packages "${missing[@]}"

mapfile -t schema < <(cd "$ROOT/proto" && find tokenledger/ledger google/rpc -name '*.proto' | LC_ALL=C sort)
want="$( (cd "$ROOT/proto" && cat "${schema[@]}") |
  cat - "$examples"/typescript/*.json prepare.sh | sha256sum)"
[ "$(cat "$out/stamp" 2>/dev/null)" != "$want" ] || exit 0
rm -rf "$out"
mkdir -p "$out/python" "$out/typescript"
/usr/bin/protoc -I "$ROOT/proto" "--python_out=$out/python" "${schema[@]}"
cp "$examples"/typescript/{package,package-lock,tsconfig}.json "$out/typescript/"
(cd "$out/typescript" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
printf '%s\n' "$want" >"$out/stamp"
