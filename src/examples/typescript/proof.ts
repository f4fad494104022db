// SPDX-License-Identifier: Apache-2.0
// Checks a balance without trusting whoever sent it: certificate → header → Merkle path → balance. Nothing
// is taken on trust but the genesis hash, which the caller has from elsewhere.
//
//   node proof.ts --genesis HASH --account 0x… --asset SYMBOL --node HOST:PORT [--height N]
//     [--tls-ca FILE] [--api-key-file FILE]
//   node proof.ts --genesis HASH --account 0x… --asset SYMBOL --file PROOF.json [--height N]
//
// The file is as `tl proof get` writes it. It ends with 9 when a step does not hold.

import * as fs from "node:fs";
import { bytes } from "./ledger.ts";
import { balance, require, type BalanceProof } from "./proofs.ts";
import { access, NotProved, run, Usage, Words } from "./words.ts";

function fromFile(path: string): BalanceProof {
  const content = fs.readFileSync(path, "utf8");
  try {
    const { kind, format, asset, amount, genesis, header, certificate, account, stateProof } =
      JSON.parse(content);
    require(format === "tokenledger-proof/3" && kind === "balance", "it is no proof of a balance");
    const parts = { genesis, header, certificate, account, stateProof };
    const read = Object.entries(parts).map(([name, value]) => [name, bytes(value)]);
    return { asset, amount, ...Object.fromEntries(read) };
  } catch {
    throw new NotProved("it is no proof of a balance");
  }
}

await run(async () => {
  const words = new Words(["genesis", "account", "asset"], ["node", "file", "height", ...access]);
  if (words.has("node") === words.has("file")) {
    throw new Usage("One of --node and --file is needed.");
  }

  const [genesis, account, asset] = [words.hash("genesis"), words.address("account"), words.asset("asset")];
  const height = String(words.number("height", 0n));
  let proof: BalanceProof | null;
  if (words.has("file")) {
    proof = fromFile(words.get("file"));
  } else {
    const request = { account, asset, ...(height === "0" ? {} : { atHeight: height }) };
    ({ proof } = await words.nodes()[0].queries<{ proof: BalanceProof | null }>("getBalanceProof", request));
  }

  require(proof !== null, "the node answers without a proof");
  const shown = balance(proof, genesis, account, asset);
  require(height === "0" || shown.height === height, "it is of another height");
  console.log(JSON.stringify(shown));
  return 0;
});
