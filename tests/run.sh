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

# Documents, kills and networks mostly wait. Behind them, at lower priority, run the other unit tests, one
# project after the other, and behind both what needs no clock: its steps are shown at the end.
begin_behind() {
  local name
  (
    renice -n 5 -p "$BASHPID" >/dev/null
    while IFS= read -r name; do
      run_project "$name"
    done < <(projects_but Cluster.Tests "${CLOCKLESS[@]}")
  ) &
  UNITS=$!
  (
    renice -n 15 -p "$BASHPID" >/dev/null
    clockless >"$RESULTS/clockless.txt" 2>&1
  ) &
  BEHIND=$!
}

end_clockless() {
  wait "$BEHIND" || FAILED=$((FAILED + $?))
  cat "$RESULTS/clockless.txt"
}

# All projects of tests but these.
projects_but() {
  find tests -maxdepth 1 -name '*.Tests' -printf '%f\n' | LC_ALL=C sort |
    grep -vxF -f <(printf 'TokenLedger.%s\n' "$@")
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

# Beside the build, as it mostly waits for the registry. Returns how many steps failed.
prepare_all() {
  local FAILED=0
  step "prepare" prepare || true
  step "test tools" install_tools || true
  return "$FAILED"
}

begin_preparing() {
  prepare_all &
  PREPARING=$!
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
  local filter="Category!=Measured"
  ! $QUICK || filter+="&Category!=Interop&Category!=Cluster&Category!=Slow"
  [ -d ../shared/vectors ] || filter+="&Category!=Shared"
  printf '%s' "$filter"
}

# One project's tests, or those of them that a filter names; the counts are read from the results file
# afterwards.
run_project() {
  local name="$1" filter="${2:-$(filter)}" result="$1${3:-}" started=$SECONDS code=0
  timeout -k 10 "$PROJECT_SECONDS" dotnet test "$ARTIFACTS/bin/$name/release/$name.dll" --filter "$filter" \
    --logger "trx;LogFileName=$result.trx" --results-directory "$RESULTS" >"$RESULTS/$result.log" 2>&1 ||
    code=$?
  printf '%s %s\n' "$code" $((SECONDS - started)) >"$RESULTS/$result.code"
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

# Two projects at a time.
run_units() {
  local name ended running=()
  while IFS= read -r name; do
    run_project "$name" &
    running+=($!)
    if [ "${#running[@]}" -ge "$(nproc)" ]; then
      wait -n -p ended "${running[@]}"
      mapfile -t running < <(printf '%s\n' "${running[@]}" | grep -vx "$ended")
    fi
  done < <(projects_but Cluster.Tests)
  [ "${#running[@]}" -eq 0 ] || wait "${running[@]}"
}

# What measures time, and networks, whose timing others would spoil: what still runs behind gives way.
run_measured() {
  wait "$UNITS"
  run_project TokenLedger.Explorer.Tests Category=Measured .Measured
  run_project TokenLedger.Cluster.Tests
}

report() {
  local code
  for code in "$RESULTS"/*.code; do report_project "$(basename "$code" .code)"; done
}

mapfile -t PACKAGES < <(missing_packages)
install_packages "${PACKAGES[@]}"
require_sdk
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
step "restore" dotnet restore TokenLedger.sln --locked-mode || finish
FINGERPRINT="$(source_fingerprint)"
$QUICK || begin_preparing
step "build" build TokenLedger.sln --no-restore -warnaserror || finish
stamp_release "$FINGERPRINT"
if ! $QUICK; then
  wait "$PREPARING" || FAILED=$((FAILED + $?))
  begin_behind
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
if $QUICK; then
  run_units
else
  run_measured
  end_clockless
fi
report
finish
