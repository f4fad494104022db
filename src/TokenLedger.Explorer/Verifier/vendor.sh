#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares Page/vendor with the published packages. With --update it takes them anew, in the versions below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/Page/vendor"

SECP256K1=3.2.0
HASHES=2.4.0

WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
unpack() {
  (cd "$WORK" && npm pack --silent "$1@$2" >/dev/null && mkdir "$3" && tar xzf ./*.tgz -C "$3" && rm ./*.tgz)
}
unpack @noble/secp256k1 "$SECP256K1" secp256k1
unpack @noble/hashes "$HASHES" hashes

take() {
  if [ "${UPDATE:-}" = --update ]; then cp "$WORK/$1" "$2"; fi
  cmp "$WORK/$1" "$2"
}
UPDATE="${1:-}"
take secp256k1/package/index.js secp256k1.js
take secp256k1/package/LICENSE LICENSE-secp256k1.txt
for name in sha3 _u64 utils; do take "hashes/package/$name.js" "$name.js"; done
take hashes/package/LICENSE LICENSE-hashes.txt
sha256sum -- *
