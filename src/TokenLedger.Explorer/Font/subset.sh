#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes wwwroot/naskh.woff2, which is committed: what Urdu needs of Noto Naskh Arabic (SIL Open Font License 1.1).
# Needs Debian's fonts-noto-core, python3-fonttools and python3-brotli. Run it again only to change the letters.
set -eu

cd "$(dirname "$0")/.."
source=${1:-/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf}

# Space and punctuation that stand between Urdu words; Arabic letters, signs and punctuation with those of Urdu;
# joiners; Urdu's and Arabic's own digits. Western letters and digits come from the system's font.
letters=U+0020-0022,U+0028-0029,U+002C-002F,U+003A,U+00AB,U+00BB
letters=$letters,U+060C,U+0610-0613,U+061B,U+061F,U+0621-063A,U+0640-0655,U+0657-0658,U+0660-066D,U+0670
letters=$letters,U+0679,U+067E,U+0686,U+0688,U+0691,U+0698,U+06A9,U+06AF,U+06BA,U+06BE,U+06C0-06C3,U+06CC
letters=$letters,U+06D2-06D5,U+06F0-06F9,U+200C-200D,U+2018-2019,U+201C-201D,U+2026,U+FDF2,U+FDFA

/usr/bin/python3 -m fontTools.subset "$source" --unicodes="$letters" --flavor=woff2 --layout-features='*' --no-hinting \
  --desubroutinize --name-IDs='0,1,2,13,14' --output-file=wwwroot/naskh.woff2
ls -l wwwroot/naskh.woff2
