# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the examples of `tl … --help` need beyond a new demo network. Sourced by
# tests/documents.sh, which plays them in the order of tl's reference: before_example makes what one needs,
# filled_in puts the network's own values where an example has a sample.

digest=
REQUEST_ID=6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11

# The first value of that name in a JSON file.
field() { sed -nE "s/.*\"$1\": *\"?([^\",}]*)\"?.*/\\1/p" "$2" | head -n 1; }

newest_proposal() { tl proposal list --all --limit 1 --quiet -o ndjson >newest.json; }

# The newest proposal, by these officers; the last of them reaches its threshold.
approve_newest() {
  local checker
  newest_proposal
  for checker in "$@"; do
    tl proposal approve "$(field proposalId newest.json)" --from "$checker" --yes --quiet >/dev/null
  done
}

build_transfer() {
  tl tx build transfer GOV-BOND-2031 --to exchange-1 --amount 5 --from treasury --quiet >u.json
}

before_example() {
  case "$1" in
    "tl node guard show"*)
      mkdir -p node-1/guard
      cp "$TL_DEVNET_DIR/net/node-1/guard/vote.guard" node-1/guard/ ;;
    "tl node backup "*"--passphrase-file"*) echo "an example's passphrase" >passphrase.txt ;;
    "tl key create --directory"*) echo "an example's password" >pw.txt ;;
    "tl key import "*) printf '%064x\n' 1 >secret.hex ;;
    "cat secret.hex"*) printf '%064x\n' 2 >secret.hex ;;
    "tl asset burn"*"--simulate") ;;
    "tl asset burn"*) approve_newest ministry-checker-1 treasury-checker-1 central-bank-checker-1 ;;
    "tl asset resume"*"--simulate") ;;
    "tl asset resume"*) approve_newest ministry-checker-1 ;;
    "tl asset set-cap"*"--simulate") ;;
    "tl asset set-cap"*) approve_newest ministry-checker-1 central-bank-checker-1 regulator-checker-1 ;;
    "tl asset document"*) echo "terms" >circular.pdf ;;
    "tl account create --file"*) printf '0x%040x\n' 1 2 3 >citizens.txt ;;
    "tl account unfreeze"*"--simulate") ;;
    "tl account unfreeze"*) approve_newest regulator-checker-1 ;;
    "tl transfer batch"*) printf 'to,asset,amount\nexchange-1,GOV-BOND-2031,10\n' >payout.csv ;;
    "tl transfer status 7be1"*)
      tl transfer send GOV-BOND-2031 --to exchange-1 --amount 1 --from treasury --request-id "$REQUEST_ID" \
        --quiet -o ndjson >sent.json ;;
    "tl proposal list")
      tl asset issue GOV-BOND-2036 --amount 500,000 --to treasury --from ministry-maker-1 --quiet >/dev/null
      newest_proposal ;;
    "tl tx build approve"*)
      tl asset issue GOV-BOND-2036 --amount 500,000 --to treasury --from ministry-maker-1 --quiet >/dev/null
      newest_proposal ;;
    "tl tx inspect u.json") build_transfer ;;
    "tl tx sign"*"keys/"*)
      cp "$(dirname "$TL_CONTEXT")/keys/treasury.json" keys/
      digest="$(field digest u.json)" ;;
    "tl tx sign"*"--signature"*) mv s.json signed.json ;;
    "tl tx simulate"*) build_transfer ;;
    "tl exchange deposits return"*)
      tl transfer send GOV-BOND-2031 --to exchange-1 --amount 1 --from treasury --quiet -o ndjson >/dev/null
      tl exchange deposits watch --account exchange-1 --once --quiet -o ndjson | tail -n 1 >deposit.json ;;
    "tl exchange reconcile"*) printf 'asset,amount\nGOV-BOND-2031,0\n' >book.csv ;;
    "tl event watch --from"* | "tl proof get --event"*)
      tl event watch --limit 1 --quiet -o ndjson >event.json ;;
    "tl proof get"*" --at "*) tl block list --limit 1 --quiet -o ndjson >block.json ;;
  esac
}

filled_in() {
  local text="$1" sample api=$((TL_DEVNET_BASE_PORT + 102))
  case "$text" in
    *"-digest 41aa..."* | *"--payload-hash 41aa..."*)
      case "$text" in
        "tl tx sign"*) sample="$digest" ;;
        *) sample="$(field payloadHash newest.json)" ;;
      esac
      text="${text/41aa.../"$sample"}" ;;
  esac
  # Whoever plays an example is nobody to ask.
  case "$text" in
    *"-digest "*) ;;
    "tl proposal approve "* | "tl tx sign "* | "tl bridge action "*) text="TL_YES=1 $text" ;;
  esac
  case "$text" in
    *" 5d3e..."*) text="${text/5d3e.../"$(field signature signed.json)"}" ;;
    *" 812/3"*) text="${text/812\/3/"$(field id deposit.json)"}" ;;
    *" 118"*) text="${text/ 118/" $(field proposalId newest.json)"}" ;;
    *" 7be1..."*) text="${text/7be1.../"$(field transactionId sent.json)"}" ;;
    *" 0a14..."*) text="${text/0a14.../"$(field body u.json)"}" ;;
    *" 9f3c..."*) text="${text/9f3c.../"$(cat "$TL_DEVNET_DIR/net/genesis.hash")"}" ;;
    *" 884213"*) text="${text/884213/2}" ;;
    *" 120:0"*)
      text="${text/120:0/"$(field height event.json):$(field index event.json)"}" ;;
    *" --at 12 "*) text="${text/--at 12/"--at $(field height block.json)"}" ;;
    *" CURSOR "*) text="${text/CURSOR/"$(field cursor event.json)"}" ;;
    *"/tmp/net"*) text="${text/\/tmp\/net/"$PWD/net"}" ;;
  esac
  text="${text/https:\/\/ledger.example:7443/http://127.0.0.1:$api}"
  text="${text/127.0.0.1:7045/127.0.0.1:$((TL_DEVNET_BASE_PORT + 45))}"
  text="${text/127.0.0.1:7101/127.0.0.1:$api}"
  printf '%s\n' "${text/127.0.0.1:7102/127.0.0.1:$((api + 100))}"
}
