#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles the failing disk that FailingDiskTests preload into a node.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=network/lib.sh
. ../../../network/lib.sh

source="$PWD/failing_disk.c"
library="$ARTIFACTS/native/failing_disk.so"
[ ! "$library" -nt "$source" ] || exit 0
command -v gcc >/dev/null || install_packages gcc libc6-dev
mkdir -p "$(dirname "$library")"
gcc -shared -fPIC -O1 -Wall -Wextra -Werror -o "$library.new" "$source" -ldl
mv "$library.new" "$library"
