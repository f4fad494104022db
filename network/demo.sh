#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole story on a running demo network: the ministry issues the portfolio, exchanges and citizens get
# units, and all validators agree on every figure. See network/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CITIZENS=1000
EXCHANGES=3
MAKERS=(ministry-maker-1 ministry-maker-2)
CHECKERS=(ministry-checker-1 central-bank-checker-1 regulator-checker-1)
UNKNOWN=3
CONFLICT=6
# So many operations tl puts into a transaction, which applies all of them or none.
TOGETHER=100

help() {
  cat <<'END'
Plays the whole story on the demo network, which network/devnet.sh up has started.

  network/demo.sh         issue every instrument up to its authorised amount, spread it over the treasury
                          and three exchanges, register 1,000 citizens, pay each of them, compare all
                          validators
  network/demo.sh --help  this text

It can be run again: what is done already stays as it is. It ends with 0 only if every validator has the
same state root at the same height, every instrument is issued in full, every exchange and every citizen
holds what the story gave them, and holdings add up to what is issued.
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
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
# What a job has started ends with it: it must not go on sending beside the next run. A stopped job starts
# nothing more meanwhile.
interrupted() {
  local job
  trap '' INT TERM
  for job in $(jobs -p); do
    kill -STOP "$job" 2>/dev/null || continue
    pkill -TERM -P "$job" || true
    kill -TERM "$job" 2>/dev/null || true
    kill -CONT "$job" 2>/dev/null || true
  done
  wait
  say "Interrupted. What is done stays; run network/demo.sh again."
  exit 130
}
trap interrupted INT TERM

# The demo's keys are worth nothing, so nothing asks before it signs.
export TL_YES=1 NO_COLOR=1

progress() { printf '%4d s  %s\n' $((SECONDS - STARTED)) "$*"; }

# Commas between thousands, whatever the locale.
grouped() { sed -E ':again; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; t again' <<<"$1"; }

field() { sed -nE "s/.*\"$1\": *\"?([^\",}]*)\"?.*/\\1/p" | head -n 1; }

# Waits for background jobs; shows what the first failed one said, and ends.
wait_all() {
  local pid
  for pid in "$@"; do
    wait "$pid" || {
      cat "$WORK"/*.err >&2 2>/dev/null || true
      die "a step failed after $((SECONDS - STARTED)) s; what is done stays"
    }
  done
}

# Lines of: symbol, class, decimals, cap, supply, value of a unit in micro-dollars.
assets_of() {
  local json
  json="$(tl asset list -o ndjson "$@" 2>"$WORK/assets.err")" || { cat "$WORK/assets.err" >&2; return 1; }
  sed -E 's/.*"symbol":"([^"]*)","class":"([^"]*)".*"decimals":([0-9]+),"cap":"([0-9]+)"'`
    `',"supply":"([0-9]+)".*"unitValueMicroUsd":"([0-9]+)".*/\1 \2 \3 \4 \5 \6/' <<<"$json"
}

# One maker's proposals, one after another: a sender's transactions are numbered.
propose() {
  local maker="$1" symbol amount id
  while read -r symbol amount; do
    id="$(tl asset issue "$symbol" --amount "$amount" --atomic --to treasury --from "$maker" \
      --reason "Issue of the authorised amount" --quiet -o ndjson | field proposalId)"
    [ -n "$id" ] || { echo "no proposal came of $symbol" >&2; return 1; }
    printf '%s\n' "$id" >>"$WORK/proposals"
  done
}

# One checker's approvals. A proposal that executed meanwhile needs no more of them.
approve() {
  local checker="$1" id code
  while read -r id; do
    code=0
    tl proposal approve "$id" --from "$checker" --quiet >/dev/null || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq "$CONFLICT" ] || return "$code"
  done <"$WORK/proposals"
}

issue() {
  local i pids=() symbol class decimals cap supply value count=0
  : >"$WORK/proposals"
  : >"$WORK/issues"
  while read -r symbol class decimals cap supply value; do
    [ "$supply" = "$cap" ] || printf '%s %s\n' "$symbol" $((cap - supply)) >>"$WORK/issues"
  done <"$WORK/assets"
  count="$(wc -l <"$WORK/issues")"
  [ "$count" -gt 0 ] || { progress "Every instrument is issued in full already"; return 0; }

  progress "The ministry proposes $count issues"
  for i in "${!MAKERS[@]}"; do
    awk -v n="${#MAKERS[@]}" -v i="$i" 'NR % n == i' "$WORK/issues" >"$WORK/issues.$i"
    propose "${MAKERS[i]}" <"$WORK/issues.$i" 2>"$WORK/propose.$i.err" &
    pids+=($!)
  done
  wait_all "${pids[@]}"
  progress "Ministry, central bank and regulator approve each of them"
  pids=()
  for i in "${!CHECKERS[@]}"; do
    approve "${CHECKERS[i]}" 2>"$WORK/approve.$i.err" &
    pids+=($!)
  done
  wait_all "${pids[@]}"
}

# Every exchange gets a quarter of each instrument. One that got it has most of it left, for it pays out a
# hundredth; what it holds of other origin is far less.
hand_out() {
  local i
  echo to,asset,amount >"$WORK/treasury.csv"
  for i in $(seq $EXCHANGES); do
    tl account balance "exchange-$i" -o ndjson --quiet |
      sed -nE 's/.*"asset":"([^"]*)","amount":"([0-9]+)".*/\1 \2/p' >"$WORK/held.$i"
    awk -v to="exchange-$i" '
      FILENAME == ARGV[1] { held[$1] = $2; next }
      held[$1] < $4 / 5 { printf "%s,%s,%.0f\n", to, $1, int($4 / 4) }
    ' "$WORK/held.$i" "$WORK/assets" >>"$WORK/treasury.csv"
  done
  [ "$(wc -l <"$WORK/treasury.csv")" -gt 1 ] || { progress "Every exchange has its quarters"; return 0; }
  progress "The treasury hands a quarter of each to every exchange"
  tl transfer batch "$WORK/treasury.csv" --atomic --from treasury --quiet >/dev/null
}

# Addresses that nobody has a key of: citizens in this story hold, and do not spend.
citizen_addresses() {
  local file="$1"
  if [ ! -s "$file" ]; then
    od -An -v -tx1 -w20 -N $((20 * CITIZENS)) /dev/urandom | tr -d ' ' | sed 's/^/0x/' >"$file.new"
    mv "$file.new" "$file"
  fi
}

registered() {
  local code=0
  tl account show "$1" --quiet >/dev/null 2>"$WORK/show.$1" || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq "$UNKNOWN" ] || { cat "$WORK/show.$1" >&2; exit "$code"; }
  return "$code"
}

paid() {
  local held
  held="$(tl account balance "$1" -o ndjson --quiet)" || exit 1
  [ -n "$held" ]
}

# The lines of a file that are not done yet. A transaction holds $TOGETHER of them and applies all or none, so
# the account of its first line tells of the others; what is left falls into the same transactions again.
left_of() {
  local file="$1" is_done="$2" part account
  rm -f "$file".part.*
  split -a 3 -d -l "$TOGETHER" "$file" "$file.part."
  for part in "$file".part.*; do
    account="$(head -n 1 "$part")"
    "$is_done" "${account%%,*}" || cat "$part"
  done
}

# One exchange registers its citizens and pays each of them two instruments.
serve_citizens() {
  local i="$1" citizens="$WORK/citizens.$1"
  left_of "$citizens" registered >"$WORK/new.$i"
  if [ -s "$WORK/new.$i" ]; then
    tl account create --file "$WORK/new.$i" --from "exchange-$i-registrar" --quiet >/dev/null
  fi
  awk -v assets="$WORK/assets" '
    BEGIN {
      n = 0
      # A four-thousandth of the cap, in atomic units: about a hundredth of what the exchange holds goes out.
      while ((getline line < assets) > 0) {
        split(line, f, " "); symbol[n] = f[1]; amount[n] = int(f[4] / 4000); n++
      }
    }
    { for (k = 0; k < 2; k++) { j = (NR * 2 + k) % n; printf "%s,%s,%d\n", $1, symbol[j], amount[j] } }
  ' "$citizens" >"$WORK/due.$i"
  left_of "$WORK/due.$i" paid >"$WORK/unpaid.$i"
  [ -s "$WORK/unpaid.$i" ] || return 0
  { echo to,asset,amount; cat "$WORK/unpaid.$i"; } >"$WORK/pay.$i.csv"
  tl transfer batch "$WORK/pay.$i.csv" --atomic --from "exchange-$i" --quiet >/dev/null
}

citizens() {
  local i pids=() file
  file="$(dirname "$TL_CONTEXT")/demo-citizens.txt"
  citizen_addresses "$file"
  progress "Three exchanges register $CITIZENS citizens and pay each of them two instruments"
  for i in $(seq $EXCHANGES); do
    awk -v n=$EXCHANGES -v i=$((i - 1)) 'NR % n == i' "$file" >"$WORK/citizens.$i"
    serve_citizens "$i" 2>"$WORK/citizens.$i.err" &
    pids+=($!)
  done
  wait_all "${pids[@]}"
}

# Who holds what now: lines of symbol, account, atomic units, one file an instrument.
holders_of() {
  tl asset holders "$1" --limit 0 -o ndjson --quiet |
    sed -E 's/.*"account":"([^"]*)".*"amount":"([0-9]+)".*/'"$1"' \1 \2/'
}

# Every exchange holds every instrument, every citizen was paid, and holdings add up to what is issued.
holdings() {
  local symbol rest pids=() accounts=()
  progress "Counting who holds what"
  while read -r symbol rest; do
    holders_of "$symbol" >"$WORK/holders.$symbol" &
    pids+=($!)
    [ "${#pids[@]}" -lt 3 ] || { wait_all "${pids[@]}"; pids=(); }
  done <"$WORK/assets"
  wait_all "${pids[@]}"
  mapfile -t accounts < <(for i in treasury $(seq -f 'exchange-%g' $EXCHANGES); do
    tl account show "$i" -o ndjson --quiet | field account
  done)
  printf '\n%-16s %9s %12s %12s\n' HOLDERS ACCOUNTS INSTRUMENTS HOLDINGS
  assets_of | awk -v named="${accounts[*]}" -v file="$(dirname "$TL_CONTEXT")/demo-citizens.txt" \
    -v want=$CITIZENS -v exchanges=$EXCHANGES -v work="$WORK" '
    BEGIN {
      split(tolower(named), name, " ")
      for (i = 1; i <= exchanges + 1; i++) { who[name[i]] = i == 1 ? "treasury" : "exchange-" (i - 1) }
      while ((getline line < file) > 0) { who[tolower(line)] = "citizens" }
    }
    {
      assets++; held = 0
      while ((getline line < (work "/holders." $1)) > 0) {
        split(line, f, " "); held += f[3]; group = who[tolower(f[2])]
        group = group == "" ? "others" : group
        if (f[3] > 0) {
          holdings[group]++
          if (!((group, f[2]) in seen)) { seen[group, f[2]] = 1; accounts[group]++ }
          if (!((group, $1) in kind)) { kind[group, $1] = 1; kinds[group]++ }
        }
      }
      if (held != $5) { printf "error: holdings of %s are %s, and %s are issued\n", $1, held, $5; bad = 1 }
    }
    END {
      for (i = 0; i <= exchanges + 2; i++) {
        group = i == 0 ? "treasury" : i <= exchanges ? "exchange-" i \
          : i == exchanges + 1 ? "citizens" : "others"
        if (group == "others" && !holdings[group]) { continue }
        printf "%-16s %9d %12d %12d\n", group, accounts[group], kinds[group], holdings[group]
        if (group ~ /^exchange/ && kinds[group] < assets) {
          printf "error: %s does not hold every instrument\n", group; bad = 1
        }
      }
      if (accounts["citizens"] != want) {
        printf "error: %d of %d citizens hold something\n", accounts["citizens"], want; bad = 1
      }
      exit bad
    }'
}

# Every validator's own answer for one height, and its own supplies.
compare() {
  local status endpoint height block root differ=0 first_root="" first_supply="" supply name
  status="$(tl node status -o ndjson --quiet)"
  height="$(grep -oE '"reachable": *true, *"height": *[0-9]+' <<<"$status" | grep -oE '[0-9]+$' |
    sort -n | head -n 1)"
  progress "Comparing all validators at height $height"
  printf '\n%-24s %8s  %-64s  %s\n' VALIDATOR HEIGHT 'STATE ROOT' SUPPLIES
  while read -r endpoint; do
    name="${endpoint#http://}"
    block="$(tl block show "$height" --endpoint "$endpoint" -o ndjson --quiet)" || block=""
    root="$(grep -oE '"stateRoot": *"[0-9a-f]+"' <<<"$block" | head -n 1 | grep -oE '[0-9a-f]{64}')" ||
      root=none
    supply="$(assets_of --endpoint "$endpoint" | awk '{ print $1, $5 }' | sha256sum | cut -c1-16)" ||
      supply=none
    printf '%-24s %8s  %-64s  %s\n' "$name" "$height" "$root" "$supply"
    first_root="${first_root:-$root}"
    first_supply="${first_supply:-$supply}"
    if [ "$root" = none ] || [ "$root" != "$first_root" ] || [ "$supply" != "$first_supply" ]; then
      differ=1
    fi
  done < <(grep -oE 'http://[0-9.:]+' "$TL_CONTEXT")
  return "$differ"
}

summary() {
  local symbol class decimals cap supply value units total=0 issued dollars missing=0
  printf '\n%-16s %-20s %16s %16s %18s\n' INSTRUMENT CLASS AUTHORISED ISSUED 'VALUE, USD'
  while read -r symbol class decimals cap supply value; do
    units=$((cap / 10 ** decimals))
    issued=$((supply / 10 ** decimals))
    dollars=$((issued * value / 1000000))
    total=$((total + dollars))
    [ "$supply" = "$cap" ] || missing=$((missing + 1))
    printf '%-16s %-20s %16s %16s %18s\n' \
      "$symbol" "$class" "$(grouped "$units")" "$(grouped "$issued")" "$(grouped "$dollars")"
  done < <(assets_of)
  printf '%-16s %-20s %16s %16s %18s\n' TOTAL '' '' '' "$(grouped "$total")"
  [ "$missing" -eq 0 ] || { say "error: $missing instruments are not issued in full"; return 1; }
}

environment="$("$ROOT/network/devnet.sh" env)" || exit 1
eval "$environment"
tl node status --quiet >/dev/null || die "the network finalizes no blocks; run: network/devnet.sh up"
assets_of >"$WORK/assets"
progress "$(wc -l <"$WORK/assets") instruments are authorised"
issue
hand_out
citizens
summary
holdings || die "the units are not where they belong"
compare || die "the validators differ"
printf '\nAll validators agree. %d s.\n' $((SECONDS - STARTED))
