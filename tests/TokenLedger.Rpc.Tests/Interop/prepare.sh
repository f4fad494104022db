#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prepares what the interop tests need beside .NET: Debian's Python gRPC, npm's gRPC, and Python stubs, in
# .artifacts/rpc-interop. Quick when nothing is to do.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
out="$root/.artifacts/rpc-interop"
protos="$here/../Protos"

missing=""
for package in python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    missing="$missing $package"
done
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  missing="$missing nodejs npm"
fi
if [ -n "$missing" ]; then
  sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Run this as root, then try again: apt-get install -y$missing" >&2
      exit 1
    fi
    sudo="sudo"
  fi
  $sudo apt-get update -qq -o DPkg::Lock::Timeout=300
  # The package names are words of this script: splitting them is meant.
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 $missing
fi

want=$(cat "$here/node/package.json" "$here/node/package-lock.json" "$protos/interop.proto" "$0" | sha256sum)
if [ "$(cat "$out/stamp" 2>/dev/null || true)" = "$want" ]; then
  exit 0
fi

rm -rf "$out"
mkdir -p "$out/python"
cp "$here/node/package.json" "$here/node/package-lock.json" "$out/"
(cd "$out" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
/usr/bin/protoc -I "$protos" --python_out="$out/python" --grpc_python_out="$out/python" \
  --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin interop.proto
printf '%s\n' "$want" > "$out/stamp"
