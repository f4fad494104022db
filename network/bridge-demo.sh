#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Units go abroad and come back, on a demo network that was started with --bridge. See network/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DEVNET="${TL_DEVNET_DIR:-$ROOT/network/.devnet}"
NET="$DEVNET/net"
RUN="$DEVNET/run"
LOGS="$DEVNET/logs"
READY_SECONDS=60
STOP_SECONDS=15
# shellcheck source=network/bridge-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/bridge-lib.sh"

PATIENCE=240
AMOUNT=100
BACK=60

help() {
  cat <<'END'
Takes units of three instruments abroad and back, on the demo network of: network/devnet.sh up --bridge

  network/bridge-demo.sh         an exchange locks units and gets them on the chain abroad; a registered
                                 wallet receives some, a stranger is refused; they are burned and come
                                 back; a lock that nobody may receive is given back, once; then both sides
                                 are compared
  network/bridge-demo.sh --help  this text

It can be run again. It ends with 0 only if every unit is where the story says, and nothing differs.
END
}

case "${1:-}" in
  "") ;;
  --help | -h | help)
    help
    exit 0
    ;;
  *)
    help >&2
    exit 2
    ;;
esac

STARTED=$SECONDS
trap 'say "Interrupted. What is under way goes on by itself; see: tl bridge list --open"; exit 130' INT TERM
export TL_YES=1 NO_COLOR=1
# The ports of a network stand in its configuration, as devnet.sh reads them.
ports_of() {
  grep -oE '"listen": *"[^"]*:[0-9]+"' "$NET/node-$1/node.json" | grep -oE '[0-9]+"$' | tr -d '"'
}
tl() { TL_CONTEXT="$NET/client/context.json" "$DEVNET/bin/tl" "$@"; }
progress() { printf '%4d s  %s\n' $((SECONDS - STARTED)) "$*"; }
field() { sed -nE "s/.*\"$1\": *\"?([^\",}]*)\"?.*/\\1/p" | head -n 1; }
wallet() { keystore_address "$NET/client/keys/bridge-$1.json"; }

# Waits until a command prints something that a pattern finds.
await() {
  local what="$1" pattern="$2" deadline=$((SECONDS + PATIENCE)) said=""
  shift 2
  until said="$("$@" 2>&1)" && grep -qE "$pattern" <<<"$said"; do
    [ "$SECONDS" -lt "$deadline" ] || die "$what did not come in $PATIENCE s; at last: $said"
    sleep 0.3
  done
}

# A transaction of a demo wallet; its keys stand beside their password.
send_as() {
  local name="$1"
  shift
  on_chain send --keystore "$NET/client/keys/bridge-$name.json" \
    --password-file "$NET/client/password" "$@" >/dev/null
}

units_abroad() { on_chain call "$1" 'balanceOf(address)(uint256)' "$2" | cut -d' ' -f1; }

# What an account holds on the ledger, in atomic units.
units_here() { tl account balance "$1" --asset "$2" -o ndjson --quiet | field amount; }

# How many tokens are backed to the unit, as the node sees both sides.
tokens_that_agree() { tl bridge proof -o ndjson --quiet | grep -c '"verdict": *"agrees"'; }

# Locks units, and prints the lock's number.
lock() {
  tl bridge lock "$1" --amount "$2" --to "$3" --from exchange-1 --quiet -o json "${@:4}" |
    tr -d ' \n' | sed -nE 's/.*"type":"bridge_locked"[^}]*"nonce":([0-9]+).*/\1/p'
}

if ! [ -f "$NET/bridge/lane.json" ] || ! chain_pid >/dev/null; then
  die "there is no network with a bridge; run: network/devnet.sh up --bridge"
fi
bridge_tools
BRIDGE="$(tr -d ' \n' <"$NET/bridge/deployment.json" |
  sed -nE 's/.*"bridge":\{[^}]*"address":"(0x[0-9a-fA-F]{40})".*/\1/p')"
VENUE="$(wallet venue-1)"
OTHER="$(wallet venue-2)"
STRANGER="$(wallet stranger)"
RECIPIENT="$(tl bridge recipient exchange-1 --quiet)"
IFS=, read -ra SYMBOLS <<<"$BRIDGE_ASSETS"

# What an earlier run left under way would come between.
await "the end of earlier transfers" '"openLocks": *0' tl bridge status -o ndjson
progress "The exchange gets units of ${#SYMBOLS[@]} instruments"
# What it lacks, the ministry issues to it.
for symbol in "${SYMBOLS[@]}"; do decide asset issue "$symbol" --amount $((2 * AMOUNT)) --to exchange-1; done

progress "It locks $AMOUNT of each for its wallet $VENUE"
LOCKS=()
declare -A HELD ABROAD
for symbol in "${SYMBOLS[@]}"; do
  HELD[$symbol]="$(units_here exchange-1 "$symbol")"
  ABROAD[$symbol]="$(units_abroad "$(token_of "$symbol")" "$VENUE")"
  LOCKS+=("$(lock "$symbol" "$AMOUNT" "$VENUE")")
done
if lock "${SYMBOLS[0]}" "$AMOUNT" "$STRANGER" 2>/dev/null; then
  die "a lock for $STRANGER, who may hold nothing abroad, was not refused"
fi
REFUND="$(lock "${SYMBOLS[0]}" "$AMOUNT" "$STRANGER" --unchecked)"
for i in "${!SYMBOLS[@]}"; do
  await "the mint of lock ${LOCKS[i]}" '"status": *"minted"' tl bridge show "${LOCKS[i]}" -o ndjson
done
progress "They are minted, and final: locks ${LOCKS[*]}"

for symbol in "${SYMBOLS[@]}"; do
  token="$(token_of "$symbol")"
  unit=$(($(on_chain call "$token" 'decimals()(uint8)')))
  half=$((BACK * 10 ** unit))
  [ "$(units_abroad "$token" "$VENUE")" = $((ABROAD[$symbol] + AMOUNT * 10 ** unit)) ] ||
    die "$VENUE has not the $AMOUNT $symbol that were locked"
  send_as venue-1 "$token" 'transfer(address,uint256)' "$OTHER" "$half"
  ! refused="$(send_as venue-1 "$token" 'transfer(address,uint256)' "$STRANGER" 1 2>&1)" ||
    die "a stranger received $symbol"
  [[ "$refused" == *revert* ]] || die "a stranger was not refused by the contract, but: $refused"
done
progress "A registered wallet received $BACK of each; a stranger was refused"

BURNED="$(on_chain call "$BRIDGE" 'burnNonce()(uint64)')"
for symbol in "${SYMBOLS[@]}"; do
  token="$(token_of "$symbol")"
  half=$((BACK * 10 ** $(on_chain call "$token" 'decimals()(uint8)')))
  send_as venue-2 "$BRIDGE" 'burn(address,uint128,bytes32)' "$token" "$half" "$RECIPIENT"
done
for i in "${!SYMBOLS[@]}"; do
  await "the release of burn $((BURNED + i + 1))" '"status": *"released"' \
    tl bridge show "burn-$((BURNED + i + 1))" -o ndjson
done
progress "It burned them, and they are back: burns $((BURNED + 1)) to $((BURNED + ${#SYMBOLS[@]}))"

progress "Lock $REFUND is for the stranger: nobody may mint it, so it waits for its deadline"
await "the refund of lock $REFUND" '"status": *"refunded"' tl bridge show "$REFUND" -o ndjson
for symbol in "${SYMBOLS[@]}"; do
  unit=$(($(on_chain call "$(token_of "$symbol")" 'decimals()(uint8)')))
  [ "$(units_here exchange-1 "$symbol")" = $((HELD[$symbol] - (AMOUNT - BACK) * 10 ** unit)) ] ||
    die "the exchange does not hold the $symbol that the story leaves it"
done
progress "It was given back, once. Both sides:"
printf '\n'
await "an agreement of both sides on every token" "^${#SYMBOLS[@]}\$" tokens_that_agree
tl bridge proof
printf '\nEvery unit abroad is locked at home. %d s.\n' $((SECONDS - STARTED))
