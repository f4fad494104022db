#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares wwwroot/vendor with the published package. With --update it takes it anew, in the version below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/wwwroot/vendor"

HTMX=2.0.11

WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
(cd "$WORK" && npm pack --silent "htmx.org@$HTMX" >/dev/null && tar xzf ./*.tgz)

take() {
  if [ "${UPDATE:-}" = --update ]; then cp "$WORK/package/$1" "$2"; fi
  cmp "$WORK/package/$1" "$2"
}
UPDATE="${1:-}"
take dist/htmx.min.js htmx.js
take LICENSE LICENSE-htmx.txt
sha256sum -- *
