#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The test command. Installs what is missing, builds, checks and tests everything. See tests/README.md.
# shellcheck disable=SC2317 # step calls functions by their names
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../network/lib.sh"

help() {
  cat <<'END'
Builds and tests everything. The last line is "N passed, N failed".

  tests/run.sh            every check and every test
  tests/run.sh --quick    build and unit tests only: no Interop, Cluster or Slow tests, no linters
  tests/run.sh --help     this text
END
}

QUICK=false
case "${1:-}" in
  "") ;;
  --quick) QUICK=true ;;
  --help | -h | help)
    help
    exit 0
    ;;
  *)
    help >&2
    exit 2
    ;;
esac

cd "$ROOT"
# What runs here lives for seconds or minutes: gathering a profile costs a third of that (60 seeds of the
# simulator take 17 s without and 25 s with it).
export DOTNET_TieredPGO=0
RESULTS="$ARTIFACTS/test-results"
PROJECT_SECONDS=1200
PASSED=0
FAILED=0
trap 'kill $(jobs -p) 2>/dev/null || true; say "Interrupted"; exit 130' INT TERM

# For what starts validators: compiling a second time what a start needs costs four of them a third of their
# first 16 s (7.0 s of processor instead of 10.7 s). What computes for long beside others waits too long for
# it: 100 seeds of the simulator take 35 s instead of 25 s.
export_patient_compiler() { export DOTNET_TC_CallCountingDelayMs=2000; }

# Runs one step; what it prints is shown only if it fails. A failed step counts as a failed test.
step() {
  local name="$1" started=$SECONDS log
  shift
  log="$RESULTS/step-${name// /-}.log"
  if "$@" >"$log" 2>&1; then
    printf 'ok    %-40s %4d s\n' "$name" $((SECONDS - started))
  else
    FAILED=$((FAILED + 1))
    printf 'FAIL  %-40s %4d s\n' "$name" $((SECONDS - started))
    grep -E 'error|warning|Error|VIOLATION|VOID|NOT SEEN' "$log" | sort -u | head -n 40 || true
    printf '      the whole log: %s\n' "$log"
    return 1
  fi
}

# With the compiler as a server, whatever the environment says: the build takes half the time.
build() { dotnet build "$@" -c Release --nologo -p:UseSharedCompilation=true; }

# Unit tests that neither measure time nor wait for another process to answer in time; and the browser's,
# which have all the time they need.
CLOCKLESS=(Simulation.Tests Consensus.Tests Explorer.Browser.Tests Fuzzing.Tests Execution.Tests Storage.Tests
  Core.Tests Crypto.Tests Tidy.Tests)

# What needs a processor and no clock: in virtual time, or at rest. Returns how many steps failed.
clockless() {
  local FAILED=0 name
  step "fuzzing, 100,000 cases a parser" timeout -k 10 600 dotnet run -c Release --no-build \
    --project tests/TokenLedger.Fuzzing -- --cases 100000 || true
  step "simulation of 1,000 seeds" timeout -k 10 1200 dotnet run -c Release --no-build \
    --project tests/TokenLedger.Simulation -- --count 1000 || true
  step "simulation of 500 bridge seeds" timeout -k 10 600 dotnet run -c Release --no-build \
    --project tests/TokenLedger.Simulation -- --bridge --count 500 || true
  step "10,000 Twins scenarios" timeout -k 10 300 dotnet run -c Release --no-build \
    --project tests/TokenLedger.Simulation -- --twins 10000 || true
  step "planted bugs" planted_bugs || true
  # Style and analyzers are errors of the build; it sees no white space. A folder without its slash is none.
  step "format" dotnet format whitespace . --folder --include src/ tests/ --verify-no-changes || true
  step "contracts" src/contracts/check.sh quick || true
  for name in "${CLOCKLESS[@]}"; do run_project "TokenLedger.$name"; done
  return "$FAILED"
}

# These at low priority, behind all that mostly waits. What they print is shown at the end, and their projects
# with the others.
begin_clockless() {
  (
    renice -n 10 -p "$BASHPID" >/dev/null
    clockless >"$RESULTS/clockless.txt" 2>&1
  ) &
  BEHIND=$!
}

end_clockless() {
  wait "$BEHIND" || FAILED=$((FAILED + $?))
  cat "$RESULTS/clockless.txt"
}

finish() {
  timeout -k 5 60 dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true
  [ "$PASSED" -gt 0 ] || { say "No test ran."; FAILED=$((FAILED > 0 ? FAILED : 1)); }
  printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  [ "$FAILED" -eq 0 ] || exit 1
  exit 0
}

missing_packages() {
  missing_native_packages
  $QUICK && return 0
  command -v shellcheck >/dev/null || echo shellcheck
  command -v npm >/dev/null || echo npm
  command -v cc >/dev/null || printf '%s\n' gcc libc6-dev
  command -v protoc >/dev/null || echo protobuf-compiler
  [ -x /usr/bin/grpc_python_plugin ] || echo protobuf-compiler-grpc
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  /usr/bin/python3 -c 'import grpc' 2>/dev/null || echo python3-grpcio
  /usr/bin/python3 -c 'import google.protobuf' 2>/dev/null || echo python3-protobuf
  [ -x /usr/bin/chromium ] || echo chromium
  # What Urdu pages look like must not depend on the machine.
  [ -f /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf ] || echo fonts-noto-core
}

prepare() {
  local script
  # A function that step calls does not end at its first error by itself.
  while IFS= read -r script; do
    "$script" || return 1
  done < <(find tests -name prepare.sh -type f -perm -u+x | LC_ALL=C sort)
}

# The pinned programs of tests/tools, for steps here and for tests of category Interop. All come as files: no
# script of a package runs.
install_tools() {
  local tools="$ARTIFACTS/tools" want
  want="$(cat tests/tools/package*.json | sha256sum)"
  [ "$(cat "$tools/stamp" 2>/dev/null)" != "$want" ] || return 0
  rm -rf "$tools"
  mkdir -p "$tools"
  cp tests/tools/package*.json "$tools/"
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
  printf '%s\n' "$want" >"$tools/stamp"
}

lint_proto() { "$ARTIFACTS/tools/node_modules/@bufbuild/buf-linux-x64/bin/buf" lint proto; }

lint_scripts() {
  local scripts
  mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
  shellcheck -x "${scripts[@]}"
}

# A build of its own, beside which no program of production is built: see tests/README.md.
planted_bugs() {
  build tests/TokenLedger.Simulation -p:Planted=true -v q || return 1
  timeout -k 10 900 dotnet \
    "$ARTIFACTS/planted/bin/TokenLedger.Simulation/release/TokenLedger.Simulation.dll" --planted
}

filter() {
  local filter="FullyQualifiedName!=_"
  ! $QUICK || filter+="&Category!=Interop&Category!=Cluster&Category!=Slow"
  [ -d ../shared/vectors ] || filter+="&Category!=Shared"
  printf '%s' "$filter"
}

# One project's tests; the counts are read from its results file afterwards.
run_project() {
  local name="$1" log="$RESULTS/$1.log" started=$SECONDS code=0
  timeout -k 10 "$PROJECT_SECONDS" dotnet test "$ARTIFACTS/bin/$name/release/$name.dll" --filter "$(filter)" \
    --logger "trx;LogFileName=$name.trx" --results-directory "$RESULTS" >"$log" 2>&1 || code=$?
  printf '%s %s\n' "$code" $((SECONDS - started)) >"$RESULTS/$name.code"
}

count_in() { sed -nE "s/.*<Counters [^>]*$2=\"([0-9]+)\".*/\\1/p" "$1" | head -n 1; }

report_project() {
  local name="$1" trx="$RESULTS/$1.trx" code seconds passed=0 failed=0
  read -r code seconds <"$RESULTS/$name.code"
  if [ -f "$trx" ]; then
    passed="$(count_in "$trx" passed)"
    failed="$(($(count_in "$trx" total) - passed))"
  fi
  # A run that broke off has no counts, or counts without a failure; it failed all the same.
  [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  if [ "$failed" -eq 0 ]; then
    printf 'ok    %-40s %4d s  %5d passed\n' "$name" "$seconds" "$passed"
    return
  fi

  printf 'FAIL  %-40s %4d s  %5d passed, %d failed\n' "$name" "$seconds" "$passed" "$failed"
  [ "$code" -ne 124 ] || printf '      stopped after %s s\n' "$PROJECT_SECONDS"
  if ! sed -n '/^ *Failed [^!]/,/^ *$/p' "$RESULTS/$name.log" | grep . | head -n 120; then
    tail -n 30 "$RESULTS/$name.log"
  fi
  printf '      the whole log: %s\n' "$RESULTS/$name.log"
}

# Unit tests two projects at a time, but for those that run behind; then those that start networks, whose
# timing others would spoil: what still runs behind gives way.
run_tests() {
  local name behind="" ended running=() all=() together=() alone=()
  $QUICK || behind=" ${CLOCKLESS[*]/#/TokenLedger.} "
  mapfile -t all < <(find tests -maxdepth 1 -name '*.Tests' -printf '%f\n' | LC_ALL=C sort)
  for name in "${all[@]}"; do
    case "$name" in
      *.Cluster.Tests) $QUICK || alone+=("$name") ;;
      *) [[ "$behind" == *" $name "* ]] || together+=("$name") ;;
    esac
  done

  for name in "${together[@]}"; do
    run_project "$name" &
    running+=($!)
    if [ "${#running[@]}" -ge "$(nproc)" ]; then
      wait -n -p ended "${running[@]}"
      mapfile -t running < <(printf '%s\n' "${running[@]}" | grep -vx "$ended")
    fi
  done
  [ "${#running[@]}" -eq 0 ] || wait "${running[@]}"
  for name in "${alone[@]}"; do run_project "$name"; done
  $QUICK || end_clockless
  for name in "${all[@]}"; do
    [ ! -f "$RESULTS/$name.code" ] || report_project "$name"
  done
}

mapfile -t PACKAGES < <(missing_packages)
install_packages "${PACKAGES[@]}"
require_sdk
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
step "restore" dotnet restore TokenLedger.sln --locked-mode || finish
FINGERPRINT="$(source_fingerprint)"
step "build" build TokenLedger.sln --no-restore -warnaserror || finish
stamp_release "$FINGERPRINT"
if ! $QUICK; then
  step "prepare" prepare || true
  step "test tools" install_tools || true
  begin_clockless
  export_patient_compiler
  step "commands of documents" tests/documents.sh || true
  step "50 kills" timeout -k 10 900 dotnet run -c Release --no-build \
    --project tests/TokenLedger.Chaos -- --kills 50 || true
  step "buf lint" lint_proto || true
  step "shellcheck" lint_scripts || true
  step "benchmarks once each" dotnet run -c Release --no-build --project tests/TokenLedger.Benchmarks -- \
    --filter '*' --job dry --inProcess --artifacts "$ARTIFACTS/benchmarks" || true
fi
if [ -d ../shared/vectors ]; then
  say "Shared: the vectors of ../shared are there, and their tests run"
else
  say "Shared: there is no ../shared/vectors, so tests of category Shared do not run"
fi
run_tests
finish
