#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures a fresh four-validator network on this machine under signed transfers. See network/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BENCH="$ROOT/network/.bench"
VALIDATORS=4
BASE_PORT="${TL_DEVNET_BASE_PORT:-8000}"
LOAD_PROJECT="$ROOT/tests/TokenLedger.LoadGenerator/TokenLedger.LoadGenerator.csproj"
LOAD_DLL="$ARTIFACTS/bin/TokenLedger.LoadGenerator/release/tl-load.dll"

help() {
  cat <<'END'
Starts a fresh network of four validators, loads it with single signed transfers, and prints what it measured.

  network/bench.sh [--senders 400] [--settle-seconds 30] [--light-seconds 20] [--full-seconds 20]
  network/bench.sh --bridge [1000]     takes so many units to a chain abroad that makes a block each second
  network/bench.sh help

The last line reads: ratio R  final N tx/s  limit N tx/s  light-p50 N ms  light-p99 N ms
Of the bridge: bridge N transfers S s  idle N requests a block
The limit is what checking signatures alone would allow here: cores / (validators × verify cost).
It uses ports from 8000, or TL_DEVNET_BASE_PORT, on and network/.bench, and leaves nothing behind.
END
}

devnet() { TL_DEVNET_DIR="$BENCH" "$ROOT/network/devnet.sh" "$@"; }

case "${1:-}" in
  help | --help | -h)
    help
    exit 0
    ;;
esac

devnet reset 2>/dev/null
trap 'devnet reset 2>/dev/null; rm -rf "$BENCH"' EXIT
bridge=()
[ "${1:-}" != --bridge ] || bridge=(--bridge)
devnet up --validators "$VALIDATORS" --base-port "$BASE_PORT" "${bridge[@]}" >/dev/null
dotnet build "$LOAD_PROJECT" -c Release --nologo -v quiet >&2
if [ "${1:-}" = --bridge ]; then
  addresses=()
  for i in $(seq 1 "$VALIDATORS"); do addresses+=("http://127.0.0.1:$((BASE_PORT + 100 * i + 3))"); done
  dotnet "$LOAD_DLL" --bridge "${2:-1000}" --network "$BENCH/net" \
    --operations "$(IFS=,; echo "${addresses[*]}")"
  exit
fi
pids=()
for i in $(seq 1 "$VALIDATORS"); do
  pids+=("$(pid_from "$BENCH/run/node-$i.pid")")
done
dotnet "$LOAD_DLL" --network "$BENCH/net" --pids "$(IFS=,; echo "${pids[*]}")" "$@"
