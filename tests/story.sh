#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the README's story, line by line as it stands there, on a network of its own.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../network/lib.sh"

cd "$ROOT"
WORK="$(mktemp -d)"
export TL_DEVNET_DIR="$WORK/devnet"
trap 'network/devnet.sh reset; rm -rf "$WORK"' EXIT

network/devnet.sh up --base-port 9700
# shellcheck disable=SC2016 # Backquotes of Markdown, not of the shell.
sed -n '/^## The story/,/^## /p' README.md | sed -n '/^```sh/,/^```/p' | sed '/^```/d' |
  sed -e "s#network/\.devnet#$TL_DEVNET_DIR#g" -e "s#proof\.json#$WORK/proof.json#g" >"$WORK/story.sh"
[ "$(wc -l <"$WORK/story.sh")" -ge 10 ] || die "README has no story of ten lines"
bash -euxo pipefail "$WORK/story.sh"
