# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The demo network's chain abroad and its lane. Sourced by devnet.sh, whose variables it uses.

BRIDGE_ASSETS=GOV-BOND-2031,SUKUK-IJARAH-29,GOLD-RESERVE
BRIDGE_CHAIN_ID=31337
# More than a bridge asks about: it looks at the last final block, and reports reach 32 blocks back.
BRIDGE_KEPT_STATES=128
# The first account of every anvil: its key is printed in its documentation and guards nothing.
BRIDGE_DEPLOYER_KEY=0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80
BRIDGE_CHECKERS=(ministry-checker-1 central-bank-checker-1 regulator-checker-1)

bridge_exists() { [ -f "$NET/bridge/lane.json" ]; }

bridge_port() { printf '%s\n' $(($(ports_of 1 | head -n 1) - 101 + 45)); }

bridge_url() { printf 'http://127.0.0.1:%s\n' "$(bridge_port)"; }

# Foundry's programs from the contracts' packages; they write below HOME.
bridge_tools() {
  command -v npm >/dev/null || install_packages npm
  here="$ROOT/src/contracts"
  # shellcheck source=src/contracts/lib.sh
  . "$here/lib.sh"
  install_tools
  mkdir -p "$DEVNET/foundry"
}

on_chain() { HOME="$DEVNET/foundry" ETH_RPC_URL="$(bridge_url)" "$cast" "$@"; }

chain_pid() { pid_from "$RUN/chain.pid"; }

# A block a second, final two blocks later. What it holds is written down at its end and read at its start.
# Its first block has the same time at every start, hence the same hash: anvil makes that block before it
# reads what it holds. Its clock is then set to the present, before it makes another.
start_chain() {
  local pid deadline=$((SECONDS + READY_SECONDS)) born="$DEVNET/chain.born"
  ! chain_pid >/dev/null || return 0
  ! port_in_use "$(bridge_port)" || die "port $(bridge_port), which the chain abroad needs, is in use"
  [ -f "$born" ] || date +%s >"$born"
  HOME="$DEVNET/foundry" setsid nohup "$anvil" --host 127.0.0.1 --port "$(bridge_port)" \
    --chain-id "$BRIDGE_CHAIN_ID" --timestamp "$(cat "$born")" --no-mining --slots-in-an-epoch 1 \
    --preserve-historical-states --prune-history "$BRIDGE_KEPT_STATES" \
    --state "$DEVNET/chain.json" </dev/null >>"$LOGS/chain.log" 2>&1 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time_of "$pid" || echo 0)" >"$RUN/chain.pid"
  disown "$pid"
  until on_chain chain-id >/dev/null 2>&1; do
    chain_pid >/dev/null || { tail -n 5 "$LOGS/chain.log" >&2; die "the chain abroad ended"; }
    [ "$SECONDS" -lt "$deadline" ] || die "the chain abroad does not answer after $READY_SECONDS s"
    sleep 0.1
  done
  on_chain rpc evm_setTime "$(date +%s)" >/dev/null
  # Until the contracts are there each transaction gets its block at once.
  if bridge_exists; then block_each_second; else on_chain rpc evm_setAutomine true >/dev/null; fi
}

block_each_second() {
  on_chain rpc evm_setAutomine false >/dev/null
  on_chain rpc evm_setTime "$(date +%s)" >/dev/null
  on_chain rpc evm_setIntervalMining 1 >/dev/null
}

stop_chain() {
  local pid deadline=$((SECONDS + STOP_SECONDS))
  pid="$(chain_pid)" || return 0
  kill -TERM "$pid" 2>/dev/null || true
  while pid="$(chain_pid)"; do
    [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$RUN/chain.pid"
  say "The chain abroad stopped"
}

# A hundred ether for who pays abroad.
fund() { on_chain rpc anvil_setBalance "$1" 0x56bc75e2d63100000 >/dev/null; }

keystore_address() { sed -nE 's/.*"address": *"(0x)?([0-9a-fA-F]{40})".*/0x\2/p' "$1" | head -n 1; }

# Contracts, once; then every validator's configuration names them.
deploy_bridge() {
  local file
  if ! bridge_exists; then
    say "Deploying the contracts"
    mkdir -p "$NET/bridge"
    tl devnet bridge-plan --folder "$NET" --rpc-url "$(bridge_url)" --assets "$BRIDGE_ASSETS" \
      >"$NET/bridge/plan.json"
    HOME="$DEVNET/foundry" TL_DEPLOYER_KEY="$BRIDGE_DEPLOYER_KEY" "$ROOT/src/contracts/deploy.sh" \
      "$NET/bridge/plan.json" "$NET/bridge/deployment.json" >&2
    tl devnet bridge-attach --folder "$NET" --deployment "$NET/bridge/deployment.json" \
      --endpoint "$(bridge_url)" --origin "$(on_chain block 0 --field hash)" >"$NET/bridge/lane.json.new"
    block_each_second
    mv "$NET/bridge/lane.json.new" "$NET/bridge/lane.json"
  fi
  for file in "$NET"/node-*/keys/bridge-sender.json "$NET"/client/keys/bridge-*.json; do
    fund "$(keystore_address "$file")"
  done
}

# Opens a proposal and has it approved. tl's arguments are the operation's.
decide() {
  local id checker code said
  id="$(TL_YES=1 tl "$@" --reason "Demo network" --from ministry-maker-1 --quiet -o ndjson |
    sed -nE 's/.*"proposalId": *"?([0-9]+)"?.*/\1/p' | head -n 1)"
  [ -n "$id" ] || die "tl $1 $2 came to no proposal"
  for checker in "${BRIDGE_CHECKERS[@]}"; do
    code=0
    said="$(TL_YES=1 tl proposal approve "$id" --from "$checker" --quiet 2>&1)" || code=$?
    # 6: it took effect with fewer.
    [ "$code" -eq 0 ] || [ "$code" -eq 6 ] || die "proposal $id was not approved: $said"
  done
}

token_of() {
  tr -d ' \n' <"$NET/bridge/deployment.json" |
    sed -nE 's/.*"'"$1"'":\{[^}]*"address":"(0x[0-9a-fA-F]{40})".*/\1/p'
}

# The lane and its tokens, decided by officers like everything else.
register_lane() {
  local status symbol
  status="$(tl bridge status -o ndjson 2>/dev/null)"
  if ! grep -q "\"chainId\": *$BRIDGE_CHAIN_ID" <<<"$status"; then
    say "Officers open the lane to chain $BRIDGE_CHAIN_ID"
    decide bridge open --file "$NET/bridge/lane.json"
  fi
  for symbol in ${BRIDGE_ASSETS//,/ }; do
    if ! grep -q "\"asset\": *\"$symbol\"" <<<"$status"; then
      say "Officers join $symbol to its token"
      decide bridge map "$symbol" --token "$(token_of "$symbol")" --per-item 100,000 --ceiling 1,000,000 \
        --burst 200,000 --per-day 1,000,000
    fi
  done
}

# Every validator's bridge has read the chain.
wait_bridge() {
  local deadline=$((SECONDS + READY_SECONDS)) i port
  for i in $(seq 1 "$(validator_count)"); do
    port="$(ports_of "$i" | sed -n 2p)"
    until tl bridge status -o ndjson --endpoint "http://127.0.0.1:$port" 2>/dev/null |
      grep -q '"finalBlock": *[1-9]'; do
      [ "$SECONDS" -lt "$deadline" ] ||
        die "the bridge of validator-$i has not read the chain; see: network/devnet.sh logs $i"
      sleep 0.3
    done
  done
}
