// SPDX-License-Identifier: Apache-2.0
// The end of the day: what the book of deposits.ts says of every asset against the ledger, both at one
// height.
//
//   node reconcile.ts --node HOST:PORT --account 0x… --book FILE [--height N]
//
// It ends with 0 when all agree, and with 9 when one differs.

import type { Line } from "./deposits.ts";
import { bytes, Journal, Node, options } from "./ledger.ts";

const given = options(["node", "account", "book", "height"], { height: "" });
const node = new Node(given.node.split(",")[0]);
const account = bytes(given.account);
const height = given.height || (await node.queries<any>("getNetwork", {})).asOfHeight;
const entries = Journal.read<Line>(given.book)
  .lines.flatMap(({ entry }) => (entry ? [entry] : []))
  .filter((entry) => BigInt(entry.height) <= BigInt(height));

// The ledger's own list as well: an asset of which nothing was ever booked is one that the book lacks.
const assets = new Set(entries.map((entry) => entry.asset));
for (let pageToken = ""; ; ) {
  const page = await node.queries<any>("listBalances", { account, pageToken });
  page.balances.forEach((balance: any) => assets.add(balance.asset));
  if (!(pageToken = page.nextPageToken)) {
    break;
  }
}

let wrong = 0;
for (const asset of [...assets].sort()) {
  const own = entries.filter((entry) => entry.asset === asset);
  const booked = own.reduce((sum, entry) => sum + BigInt(entry.amount), 0n);
  const told = await node.queries<any>("getBalance", { account, asset, atHeight: height });
  const agrees = BigInt(told.amount) === booked;
  // The event that made the ledger's balance what it is: when the book has not come so far, it is only late.
  const last = `${told.changedHeight}/${told.changedIndex}`;
  const late = told.changedHeight !== "0" && own.every((entry) => `${entry.height}/${entry.index}` !== last);
  wrong += agrees ? 0 : 1;
  console.log(
    `${asset} height ${height} ledger ${told.amount} book ${booked} ` +
      (agrees ? "ok" : late ? `DIFFERS: the book lacks ${last}` : "DIFFERS"),
  );
}

process.exit(wrong ? 9 : 0);
