#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the demo network on this machine. See network/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=network/node-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/node-lib.sh"
# shellcheck source=network/bridge-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/bridge-lib.sh"
# shellcheck source=network/explorer-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/explorer-lib.sh"

DEVNET="${TL_DEVNET_DIR:-$ROOT/network/.devnet}"
NET="$DEVNET/net"
RUN="$DEVNET/run"
LOGS="$DEVNET/logs"
READY_SECONDS=60
STOP_SECONDS=15
STALL_SECONDS=10

help() {
  cat <<'END'
Runs the demo network: validators and an explorer as separate processes on the loopback address.

  network/devnet.sh up [--validators 4] [--base-port 7000] [--bridge] [--no-explorer]
                          build, create the network if there is none, start, wait for finality;
                          with a chain abroad (anvil), the contracts on it, and a lane to it
  network/devnet.sh down  stop every process; the data stays
  network/devnet.sh status
                          what runs, and what the network says
  network/devnet.sh env   lines for: eval "$(network/devnet.sh env)" (tl on the PATH, its context)
  network/devnet.sh kill N
                          SIGKILL validator N, as a power failure would
  network/devnet.sh start N
                          start validator N again; waits until it is ready while the others finalize
  network/devnet.sh logs N [--follow]
                          the last 100 lines of validator N's log
  network/devnet.sh reset
                          stop, and delete the network with its keys and data
  network/devnet.sh help  this text

Validator i listens on base port + 100·i + 1 (peers), + 2 (API), + 3 (metrics and health), the explorer
on base port + 80.
TL_DEVNET_DIR names another folder than network/.devnet, TL_DEVNET_BASE_PORT another base port than 7000.
END
}

validator_count() { find "$NET" -maxdepth 1 -name 'node-*' -type d | wc -l; }

network_exists() { [ -f "$NET/genesis.json" ]; }

# The number after the last colon of a "listen" line: listeners stand in the order peers, api, operations.
ports_of() {
  grep -oE '"listen": *"[^"]*:[0-9]+"' "$NET/node-$1/node.json" | grep -oE '[0-9]+"$' | tr -d '"'
}

operations_port_of() { ports_of "$1" | sed -n 3p; }

pid_of() { pid_from "$RUN/node-$1.pid"; }

require_network() { network_exists || die "there is no network yet; run: network/devnet.sh up"; }

require_validator() {
  require_network
  if ! [[ "${1:-}" =~ ^[1-9][0-9]?$ ]] || ! [ -d "$NET/node-$1" ]; then
    die "name a validator from 1 to $(validator_count), not '${1:-}'"
  fi
}

# One operator at a time. Nodes do not inherit the descriptor, so the lock ends with this script.
take_lock() {
  mkdir -p "$DEVNET" "$RUN" "$LOGS"
  exec 9>"$DEVNET/lock"
  flock -n 9 || die "another network/devnet.sh is at work on $DEVNET"
}

write_wrapper() {
  mkdir -p "$DEVNET/bin"
  printf '#!/bin/sh\nexec dotnet %q "$@"\n' "$TL_DLL" >"$DEVNET/bin/tl.new"
  chmod 755 "$DEVNET/bin/tl.new"
  mv "$DEVNET/bin/tl.new" "$DEVNET/bin/tl"
  printf '#!/bin/sh\nexec dotnet %q "$@"\n' "$NODE_DLL" >"$DEVNET/bin/tokenledger-node.new"
  chmod 755 "$DEVNET/bin/tokenledger-node.new"
  mv "$DEVNET/bin/tokenledger-node.new" "$DEVNET/bin/tokenledger-node"
}

tl() { TL_CONTEXT="$NET/client/context.json" "$DEVNET/bin/tl" "$@"; }

create_network() {
  local validators="$1" base_port="$2"
  if network_exists; then
    local count existing
    count="$(validator_count)"
    existing=$(($(ports_of 1 | head -n 1) - 101))
    [ -z "$validators" ] || [ "$validators" = "$count" ] ||
      die "the network that is there has $count validators; run network/devnet.sh reset to make another"
    [ -z "$base_port" ] || [ "$base_port" = "$existing" ] ||
      die "the network that is there has base port $existing; run network/devnet.sh reset to make another"
    return 0
  fi

  say "Creating the network"
  "$DEVNET/bin/tl" devnet create --template "$ROOT/genesis/devnet" --folder "$NET" \
    --validators "${validators:-4}" --base-port "${base_port:-${TL_DEVNET_BASE_PORT:-7000}}" >&2
}

up() {
  local validators="" base_port="" bridge=false explorer=true started=$SECONDS i
  while [ $# -gt 0 ]; do
    case "$1" in
      --validators) validators="${2:-}" ;;
      --base-port) base_port="${2:-}" ;;
      --bridge)
        bridge=true
        shift
        continue
        ;;
      --no-explorer)
        explorer=false
        shift
        continue
        ;;
      *) die "up knows --validators N, --base-port N, --bridge and --no-explorer, not '$1'" ;;
    esac
    [[ "${2:-}" =~ ^[0-9]{1,5}$ ]] || die "$1 needs a number"
    shift 2
  done

  take_lock
  trap 'say "Interrupted. Go on with: network/devnet.sh up; or stop: network/devnet.sh down"
    exit 130' INT TERM
  local packages
  mapfile -t packages < <(missing_native_packages)
  install_packages "${packages[@]}"
  if ! release_is_current; then
    # A running process must not have its assemblies overwritten.
    ! { any_runs || explorer_pid >/dev/null; } || { say "The sources changed: restarting"; stop_all; }
    build_release
  fi
  write_wrapper
  create_network "$validators" "$base_port"
  mapfile -t all < <(seq 1 "$(validator_count)")
  check_ports "${all[@]}"
  # Once it has a lane, a network without its chain could not carry on what is under way.
  ! bridge_exists || bridge=true
  if "$bridge"; then
    bridge_tools
    start_chain
    # What runs without a bridge is started anew with one.
    bridge_exists || ! any_validator_runs || stop_validators
    deploy_bridge
  fi
  for i in "${all[@]}"; do start_node "$i"; done
  say "Waiting for ${#all[@]} validators"
  wait_ready "${all[@]}"
  wait_finality
  if "$bridge"; then
    register_lane
    wait_bridge
  fi
  ! "$explorer" || start_explorer
  cat <<END
${#all[@]} validators finalize blocks ($((SECONDS - started)) s). Next:

  eval "\$(network/devnet.sh env)"     puts tl on your PATH, with a context and the demo officers' keys
  tl node status                      the validators
  tl asset list                       the portfolio
  network/demo.sh                     the ministry issues all of it
  network/devnet.sh kill 1            watch the others go on; then: network/devnet.sh start 1
  network/devnet.sh down              stops everything
END
  ! "$explorer" || printf '  %-35s %s\n' "$(explorer_url)/" "what citizens see, in Urdu and English"
  ! "$bridge" || cat <<END
  tl bridge status                    the lane to chain $BRIDGE_CHAIN_ID at $(bridge_url)
  network/bridge-demo.sh              units go abroad and come back
END
}

running_count() {
  local file count=0
  for file in "$RUN"/node-*.pid; do
    ! pid_from "$file" >/dev/null || count=$((count + 1))
  done
  printf '%s\n' "$count"
}

any_runs() { [ "$(running_count)" -gt 0 ]; }

any_validator_runs() {
  local i
  for i in $(network_exists && seq 1 "$(validator_count)"); do
    ! pid_of "$i" >/dev/null || return 0
  done
  return 1
}

stop_all() {
  stop_explorer
  stop_validators
  stop_chain
}

# Asks every validator to stop, and ends those that do not.
stop_validators() {
  local i pid pids=() deadline
  for i in $(network_exists && seq 1 "$(validator_count)"); do
    if pid="$(pid_of "$i")"; then
      kill -TERM "$pid" 2>/dev/null || true
      pids+=("$i")
    fi
  done

  deadline=$((SECONDS + STOP_SECONDS))
  for i in "${pids[@]}"; do
    while pid="$(pid_of "$i")"; do
      if [ "$SECONDS" -ge "$deadline" ]; then
        say "validator-$i did not stop in $STOP_SECONDS s and was killed"
        kill -KILL "$pid" 2>/dev/null || true
      fi
      sleep 0.1
    done
  done
  rm -f "$RUN"/node-*.pid
  say "${#pids[@]} validators stopped"
}

down() {
  take_lock
  stop_all
}

status() {
  local i pid running=0
  require_network
  printf '%-14s %-9s %s\n' VALIDATOR PROCESS 'PORTS (peers, API, operations)'
  for i in $(seq 1 "$(validator_count)"); do
    pid="$(pid_of "$i")" && running=$((running + 1)) || pid=stopped
    printf '%-14s %-9s %s\n' "validator-$i" "$pid" "$(ports_of "$i" | paste -sd' ')"
  done
  pid="$(explorer_pid)" || pid=stopped
  printf '%-14s %-9s %s\n' explorer "$pid" "$(explorer_port)"
  [ "$running" -gt 0 ] || { say "Nothing runs. Start it with: network/devnet.sh up"; return 0; }
  printf '\n'
  tl node status
}

environment() {
  require_network
  # shellcheck disable=SC2016 # The shell that evaluates the line expands its own PATH.
  printf 'export PATH=%q:"$PATH"\n' "$DEVNET/bin"
  printf 'export TL_CONTEXT=%q\n' "$NET/client/context.json"
}

kill_node() {
  local pid
  require_validator "${1:-}"
  take_lock
  pid="$(pid_of "$1")" || die "validator-$1 does not run"
  kill -KILL "$pid"
  while pid_of "$1" >/dev/null; do sleep 0.05; done
  rm -f "$RUN/node-$1.pid"
  say "validator-$1 killed. Start it again with: network/devnet.sh start $1"
}

start_again() {
  require_validator "${1:-}"
  take_lock
  if any_runs; then
    release_is_current ||
      say "The sources changed since this network started; the old build goes on. To renew: up"
  else
    build_release
  fi
  check_ports "$1"
  start_node "$1"
  wait_started "$1"
}

logs() {
  require_validator "${1:-}"
  local follow=()
  [ "${2:-}" != --follow ] || follow=(-f)
  [ -f "$LOGS/node-$1.log" ] || die "validator-$1 has no log yet"
  exec tail -n 100 "${follow[@]}" "$LOGS/node-$1.log"
}

reset() {
  down
  rm -rf "${DEVNET:?}"/{net,run,logs,bin,foundry,chain.json,chain.born}
  say "The network is deleted"
}

command="${1:-help}"
[ $# -eq 0 ] || shift
case "$command" in
  up) up "$@" ;;
  down) down ;;
  status) status ;;
  env) environment ;;
  kill) kill_node "$@" ;;
  start) start_again "$@" ;;
  logs) logs "$@" ;;
  reset) reset ;;
  help | --help | -h) help ;;
  *)
    help >&2
    die "unknown command '$command'"
    ;;
esac
