// SPDX-License-Identifier: Apache-2.0
// The end of the day: what the book of deposits.ts says of every asset against the ledger, both at one
// height.
//
//   node reconcile.ts --node HOST:PORT --account 0x… --book FILE [--height N] [--tls-ca FILE]
//     [--api-key-file FILE]
//
// It ends with 0 when all agree, and with 9 when one differs.

import { isBehind, type Id, type Line } from "./book.ts";
import { Journal, Node } from "./ledger.ts";
import { access, run, Words } from "./words.ts";

/**
 * The ledger's own list of that height: an asset of which nothing was ever booked is one that the book lacks,
 * also when all of it has left since.
 */
async function held(node: Node, account: Buffer, height: bigint): Promise<string[]> {
  const assets: string[] = [];
  for (let pageToken = ""; ; ) {
    const request = { account, atHeight: String(height), pageToken };
    const page = await node.queries<any>("listBalances", request);
    assets.push(...page.balances.map((balance: any) => balance.asset));
    if (!(pageToken = page.nextPageToken)) {
      return assets;
    }
  }
}

await run(async () => {
  const words = new Words(["node", "account", "book"], ["height", ...access]);
  const [[node], account] = [words.nodes(), words.address("account")];
  const asked = words.number("height", 0n);
  const height = asked || BigInt((await node.queries<any>("getNetwork", {})).asOfHeight);
  const booked = new Map<string, { sum: bigint; newest: Id }>();
  for (const { entry } of Journal.read<Line>(words.get("book"))) {
    if (entry && BigInt(entry.height) <= height) {
      const sum = (booked.get(entry.asset)?.sum ?? 0n) + BigInt(entry.amount);
      booked.set(entry.asset, { sum, newest: entry });
    }
  }

  let wrong = false;
  for (const asset of [...new Set([...booked.keys(), ...(await held(node, account, height))])].sort()) {
    const { sum, newest } = booked.get(asset) ?? { sum: 0n, newest: { height: "0", index: 0 } };
    const told = await node.queries<any>("getBalance", { account, asset, atHeight: String(height) });
    const agrees = told.amount === String(sum);
    // The event that made the ledger's balance what it is: a book that has not come so far is only late.
    const last = { height: told.changedHeight, index: told.changedIndex };
    const verdict = agrees
      ? "ok"
      : isBehind(last, newest)
        ? `DIFFERS: the book lacks ${last.height}/${last.index}`
        : "DIFFERS";
    wrong ||= !agrees;
    console.log(`${asset} height ${height} ledger ${told.amount} book ${sum} ${verdict}`);
  }

  return wrong ? 9 : 0;
});
