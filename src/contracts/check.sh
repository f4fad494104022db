#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks the contracts, all of it. See README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/contracts/lib.sh
source "$here/lib.sh"
cd "$here"
scratch=$(mktemp -d)
node=
finish() {
  if [[ -n $node ]]; then kill "$node" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT

step() { # NAME COMMAND...: says ok, or everything that the command said
  local name=$1 begun=$SECONDS
  shift
  if "$@" >"$scratch/log" 2>&1; then
    echo "ok $name ($((SECONDS - begun)) s)"
  else
    cat "$scratch/log" >&2
    echo "not ok $name" >&2
    exit 1
  fi
}

lint() {
  # It leaves artifacts without code, which nobody else may find.
  FOUNDRY_OUT=$scratch/lint-out FOUNDRY_CACHE_PATH=$scratch/lint-cache \
    "$forge" lint src script >"$scratch/lint" 2>&1
  if grep -E '^(error|warning|note)' "$scratch/lint"; then
    cat "$scratch/lint"
    return 1
  fi
  node_modules/.bin/solhint --config .solhint.json --max-warnings 0 --noPoster --disc 'src/*.sol'
  "$forge" fmt --check
}

coverage() {
  "$forge" coverage --no-match-contract GasTest --report lcov --report-file "$scratch/lcov.info"
  node coverage.cjs "$scratch/lcov.info"
}

# On a chain of its own: deploys the example, and what must be refused is refused.
deployment() {
  local port url key
  port=$((20000 + RANDOM % 20000))
  url=http://127.0.0.1:$port
  "$anvil" --port "$port" --silent &
  node=$!
  for _ in $(seq 100); do
    if "$cast" chain-id --rpc-url "$url" >/dev/null 2>&1; then break; fi
    sleep 0.1
  done
  # A key made here and now, and money for it that only this chain knows.
  key=$(node -p 'require("node:crypto").randomBytes(32).toString("hex")')
  printf '0x%s\n' "$key" >"$scratch/key"
  "$cast" rpc --rpc-url "$url" anvil_setBalance \
    "$("$cast" wallet address --private-key "$(cat "$scratch/key")")" 0x56bc75e2d63100000
  sed "s#http://[^\"]*#$url#" deploy.example.json >"$scratch/config.json"
  TL_DEPLOYER_KEY_FILE=$scratch/key ./deploy.sh "$scratch/config.json" "$scratch/result.json"
  cat "$scratch/result.json"
  local bridge burns
  bridge=$(node -p "require('$scratch/result.json').bridge.address")
  burns=$("$cast" call --rpc-url "$url" "$bridge" 'burnNonce()(uint64)')
  [[ $burns == 0 ]] || return 1
  sed -i 's/central bank/ministry/' "$scratch/config.json"
  if TL_DEPLOYER_KEY_FILE=$scratch/key ./deploy.sh "$scratch/config.json" "$scratch/refused.json"; then
    return 1
  fi
  [[ ! -e $scratch/refused.json ]] || return 1
  kill "$node"
  node=
}

step tools install_tools
private_home "$scratch"
step build "$forge" build
step size node size.cjs
step tests "$forge" test
step gas ./gas.sh --check
if [[ ${1:-} == tests ]]; then
  echo "ok contracts' tests ($SECONDS s)"
  exit 0
fi
step lint lint
step coverage coverage
step deployment deployment
case ${1:-} in
  quick) ;;
  all) step mutations node mutations.cjs ;;
  *) step mutations node mutations.cjs core ;;
esac
echo "ok contracts ($SECONDS s)"
