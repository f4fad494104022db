#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Deploys the contracts: deploy.sh CONFIG RESULT. The deployer's key is in TL_DEPLOYER_KEY, or in the file
# that TL_DEPLOYER_KEY_FILE names; it is never an argument. See README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/contracts/lib.sh
source "$here/lib.sh"

if [[ $# -ne 2 || ! -r $1 ]]; then
  echo "usage: deploy.sh CONFIG RESULT" >&2
  exit 64
fi
config=$(realpath "$1")
result=$(realpath -m "$2")

if [[ -z ${TL_DEPLOYER_KEY:-} && -n ${TL_DEPLOYER_KEY_FILE:-} ]]; then
  TL_DEPLOYER_KEY=$(tr -d '[:space:]' <"$TL_DEPLOYER_KEY_FILE")
fi
if [[ -z ${TL_DEPLOYER_KEY:-} ]]; then
  echo "deploy.sh: TL_DEPLOYER_KEY or TL_DEPLOYER_KEY_FILE must say who deploys" >&2
  exit 64
fi

install_tools
url=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).rpcUrl' "$config")
mkdir -p "$(dirname "$result")"

# forge may read and write in a folder that goes away, and nowhere else.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$config" "$scratch/config.json"
cd "$here"
log=$scratch/log
if ! TL_CONFIG=$scratch/config.json TL_RESULT=$scratch/result.json TL_DEPLOYER_KEY=$TL_DEPLOYER_KEY \
  FOUNDRY_BROADCAST=$scratch/broadcast \
  FOUNDRY_FS_PERMISSIONS="[{ access = \"read-write\", path = \"$scratch\" }]" \
  "$forge" script script/Deploy.s.sol:Deploy --rpc-url "$url" --broadcast --slow \
  --non-interactive --skip test \
  >"$log" 2>&1; then
  grep -E 'Error|revert|BadConfig|BadDeployment' "$log" | head -20 >&2
  exit 1
fi

# What was written was computed before anything was sent: the chain is asked whether it is there.
node - "$scratch/result.json" "$url" <<'NODE'
const fs = require('node:fs');
const [path, url] = process.argv.slice(2);
const result = JSON.parse(fs.readFileSync(path, 'utf8'));
const contracts = Object.entries(result).filter(([, value]) => value.codeHash)
  .concat(Object.entries(result.tokens));
const ask = async (method, params) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await answer.json()).result;
};
(async () => {
  for (const [name, { address }] of contracts) {
    const code = await ask('eth_getCode', [address, 'latest']);
    if (!code || code === '0x') throw new Error(`${name} is not at ${address}`);
  }
})().catch((error) => { console.error(`deploy.sh: ${error.message}`); process.exitCode = 1; });
NODE
mv "$scratch/result.json" "$result"
echo "ok deployed: $result"
