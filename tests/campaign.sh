#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The long campaign: everything that attacks the core, for as long as one likes. See tests/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../network/lib.sh"

help() {
  cat <<'END'
Attacks the core for M minutes and writes a report.

  tests/campaign.sh --minutes M   planted bugs, figures, the explorer's pace, simulator, bridges, Twins,
                                  SIGKILL loops, fuzzing
  tests/campaign.sh --help        this text

Builds are not counted. The planted bugs, and what is measured from 60 minutes on and needs the machine alone,
the figures under faults and the explorer at full size, take as long as they take; the other parts share the
rest. From 60 minutes on
a part is void below 1,000 seeds, 1,000 of bridges, 10,000 Twins scenarios, 300 kills, or a million cases of
each parser. The last line is
"violations 0  planted 30/30  seeds N  bridge-seeds N  twins N  kills N  cluster-hours N"; the report is in
.artifacts/campaign. The exit code is 1 after a violation, and when a part is missing, void, or did not end.
END
}

MINUTES=""
case "${1:-}" in
  --minutes) MINUTES="${2:-}" ;;
  --help | -h | help)
    help
    exit 0
    ;;
esac
if [ $# -ne 2 ] || ! [[ "$MINUTES" =~ ^[1-9][0-9]*$ ]]; then
  help >&2
  exit 2
fi

cd "$ROOT"
OUT="$ARTIFACTS/campaign/$(date -u +%Y%m%dT%H%M%SZ)"
REPORT="$OUT/report.md"
SIMULATION="$ARTIFACTS/bin/TokenLedger.Simulation/release/TokenLedger.Simulation.dll"
PLANTED="$ARTIFACTS/planted/bin/TokenLedger.Simulation/release/TokenLedger.Simulation.dll"
EXPLORER_TESTS="$ARTIFACTS/bin/TokenLedger.Explorer.Tests/release/TokenLedger.Explorer.Tests.dll"
CHAOS="$ARTIFACTS/bin/TokenLedger.Chaos/release/TokenLedger.Chaos.dll"
FUZZING="$ARTIFACTS/bin/TokenLedger.Fuzzing/release/TokenLedger.Fuzzing.dll"
BROKEN=0
mkdir -p "$OUT"

# Of the last line that a part printed, the number that follows a word.
number_of() { sed -nE "\$s/^(.* )?$2 ([0-9.]+).*/\\2/p" "$OUT/$1.log"; }

# Runs one part for at most so many minutes beyond its own end of time. What it prints is kept; a part that
# fails, hangs, or ends with another line than the agreed one, breaks the campaign.
part() {
  local name="$1" minutes="$2" line="$3" started=$SECONDS code=0
  shift 3
  say "== $name ($minutes minutes)"
  timeout -k 30 $((minutes * 60 + 900)) "$@" >"$OUT/$name.log" 2>&1 || code=$?
  if ! tail -n 1 "$OUT/$name.log" | grep -qE "^$line\$"; then
    say "error: $name ended with code $code and without its figures: $OUT/$name.log"
    code=$((code > 0 ? code : 1))
  fi
  [ "$code" -eq 0 ] || BROKEN=$((BROKEN + 1))
  printf '| %s | %d | %s | %s |\n' "$name" $((SECONDS - started)) \
    "$([ "$code" -eq 0 ] && echo ok || echo "FAILED ($code)")" "$(tail -n 1 "$OUT/$name.log")" >>"$REPORT"
  tail -n 1 "$OUT/$name.log" >&2
}

# The explorer over a million accounts and a million transactions: p99 of each page 50 ms, a rebuild in each
# store within 10 minutes and at 3,000 transactions a second, 400 MB.
pace() {
  TOKENLEDGER_FULL_PACE=1 dotnet test "$EXPLORER_TESTS" -l 'console;verbosity=detailed' --filter \
    'FullyQualifiedName~PagePaceTests|FullyQualifiedName~RebuildPaceTests' || return
  echo 'pace missed 0'
}
export -f pace
export EXPLORER_TESTS

# Ends the campaign as broken when a long one has too few of something.
least() {
  local what="$1" found="${2:-0}" wanted="$3"
  if [ "$LONG" = true ] && [ "${found%.*}" -lt "$wanted" ]; then
    say "VOID: $found $what are fewer than $wanted"
    printf '\nVOID: %s %s are fewer than %s\n' "$found" "$what" "$wanted" >>"$REPORT"
    BROKEN=$((BROKEN + 1))
  fi
}

# A share of the time in per cent; at least a minute.
share() { echo $((MINUTES * $1 / 100 > 0 ? MINUTES * $1 / 100 : 1)); }

say "== build"
dotnet build TokenLedger.sln -c Release --nologo -v q >"$OUT/build.log" 2>&1 || die "no build: $OUT/build.log"
dotnet build tests/TokenLedger.Simulation -c Release -p:Planted=true --nologo -v q \
  >"$OUT/build-planted.log" 2>&1 || die "no build: $OUT/build-planted.log"

SECONDS=0
cat >"$REPORT" <<END
# Campaign of $MINUTES minutes

Commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes'),
$(date -u '+%Y-%m-%d %H:%M') UTC, $(nproc) cores. Command: \`tests/campaign.sh --minutes $MINUTES\`

| Part | Seconds | Result | Figures |
|---|---|---|---|
END
# Other seeds each time: what was tried yesterday need not be tried again.
FROM="$(date -u +%Y%m%d%H%M)0000"
LONG="$([ "$MINUTES" -ge 60 ] && echo true || echo false)"
N='[0-9]+'
part planted 0 "planted $N/$N" dotnet "$PLANTED" --planted
if [ "$LONG" = true ]; then
  part figures 0 'figures missed 0' dotnet "$CHAOS" --measure all
  # Fifteen minutes of its own, and as much again.
  part pace 15 'pace missed 0' bash -c pace
fi
part contracts 0 'ok contracts .*' src/contracts/check.sh all
LEFT=$((MINUTES * 60 - SECONDS))
[ "$LEFT" -gt 60 ] || LEFT=60
MINUTES=$((LEFT / 60))
part simulator "$(share 12)" "violations $N seeds $N cluster-hours [0-9.]+" \
  dotnet "$SIMULATION" --minutes "$(share 12)" --from "$FROM"
part bridge "$(share 4)" "violations $N bridge-seeds $N bridge-hours [0-9.]+" \
  dotnet "$SIMULATION" --bridge --minutes "$(share 4)" --from "$FROM"
part twins "$(share 2)" "violations $N twins $N" \
  dotnet "$SIMULATION" --twins all --minutes "$(share 2)" --twins-seed "$FROM"
part chaos "$(share 54)" "violations $N kills $N" dotnet "$CHAOS" --minutes "$(share 54)"
part fuzz "$(share 28)" "violations $N +parsers $N +cases $N" \
  dotnet "$FUZZING" --minutes "$(share 28)" --seed "$FROM"
least seeds "$(number_of simulator seeds)" 1000
least "bridge seeds" "$(number_of bridge bridge-seeds)" 1000
least "Twins scenarios" "$(number_of twins twins)" 10000
least kills "$(number_of chaos kills)" 300
CASES="$(number_of fuzz cases)"
PARSERS="$(number_of fuzz parsers)"
least "cases a parser" $((${CASES:-0} / ${PARSERS:-1})) 1000000

VIOLATIONS=0
for name in simulator bridge twins chaos fuzz; do
  found="$(number_of "$name" violations)"
  VIOLATIONS=$((VIOLATIONS + ${found:-1}))
done
{
  printf '\n## Planted bugs\n\n'
  grep '^|' "$OUT/planted.log" || true
  printf '\n'
  grep -v '^|' "$OUT/planted.log" || true
  if [ "$LONG" = true ]; then
    printf '\n## Figures\n\n```\n'
    cat "$OUT/figures.log"
    printf '```\n'
    printf '\n## Pace of the explorer\n\n```\n'
    grep -E '^ *(\||[0-9]+ (transactions|MB)|embedded:|postgresql:)' "$OUT/pace.log" || true
    printf '```\n'
  fi
  printf '\n## Simulator\n\n```\n'
  sed -n '/^blocks /,$p' "$OUT/simulator.log"
  printf '```\n'
  printf '\n## Bridges\n\n```\n'
  sed -n '/^commit /,$p' "$OUT/bridge.log"
  printf '```\n'
} >>"$REPORT"
CAUGHT="$(number_of planted planted)"
LINE="violations $VIOLATIONS  planted ${CAUGHT:-0}/30  seeds $(number_of simulator seeds)"
LINE+="  bridge-seeds $(number_of bridge bridge-seeds)  twins $(number_of twins twins)"
LINE+="  kills $(number_of chaos kills)"
LINE+="  cluster-hours $(number_of simulator cluster-hours)"
printf '\n%s\n' "$LINE" >>"$REPORT"
say "Report: $REPORT"
printf '%s\n' "$LINE"
[ "$VIOLATIONS" -eq 0 ] && [ "$BROKEN" -eq 0 ] && [ "${CAUGHT:-0}" -eq 30 ]
