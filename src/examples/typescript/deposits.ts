// SPDX-License-Identifier: Apache-2.0
// A watcher that may be killed at any moment: it books everything that moves an account's units once, and
// nothing twice.
//
//   node deposits.ts --node HOST:PORT[,HOST:PORT] --account 0x… --book FILE [--until N]
//
// An entry and the cursor behind it are one line of the book: both are on the disk, or neither is. After a
// kill the stream goes on exactly behind the last entry, and (height, index) tells an entry that comes
// twice. --fault NAME asks a sandbox to go wrong at the first attempt.

import * as grpc from "@grpc/grpc-js";
import { bytes, hex, Journal, Node, options, pause, refusalOf } from "./ledger.ts";

/** A line of the book. One without an entry only moves the cursor. */
export interface Line {
  cursor: string;
  entry?: Entry;
}

/** Amounts have up to 128 bits, tags and heights 64: all stay text, which nothing rounds. */
export interface Entry {
  height: string;
  index: number;
  asset: string;
  /** With a minus when units leave. */
  amount: string;
  tag: string;
  /** Whom a deposit came from, and the tag that a return to him needs. */
  from: string;
  sourceTag: string;
}

/** What an event does to the account's units; undefined for one that does nothing. */
function entryOf(event: any, account: Buffer): Entry | undefined {
  const { transferred: moved, unitsIssued: issued, unitsBurned: burned } = event;
  const what = moved ?? issued ?? burned;
  if (!what || !(account.equals(what.to ?? "") || account.equals(what.from ?? ""))) {
    return undefined;
  }

  const arrives = what.to && account.equals(what.to);
  return {
    height: event.height,
    index: event.index,
    asset: what.asset,
    amount: arrives ? what.amount : `-${what.amount}`,
    tag: what.tag ?? "0",
    from: what.from ? hex(what.from) : "",
    sourceTag: what.sourceTag ?? "0",
  };
}

/** What no repetition changes. CURSOR_PRUNED names a remedy: a node with older events. */
const ends = [
  grpc.status.INVALID_ARGUMENT,
  grpc.status.OUT_OF_RANGE,
  grpc.status.UNAUTHENTICATED,
  grpc.status.PERMISSION_DENIED,
  grpc.status.UNIMPLEMENTED,
];

async function watch(nodes: Node[], account: Buffer, book: Journal<Line>, until: number, fault: string) {
  const seen = new Set(book.lines.flatMap(({ entry }) => (entry ? [`${entry.height}/${entry.index}`] : [])));
  const done = () => until > 0 && seen.size >= until;
  for (let attempt = 0, node = 0; !done(); node++) {
    const metadata = new grpc.Metadata();
    if (fault) {
      metadata.set("tl-sandbox-fault", fault);
      fault = "";
    }

    const stream = nodes[node % nodes.length].subscribe(
      {
        cursor: book.lines.at(-1)?.cursor ?? "",
        accounts: [account],
        types: ["transferred", "units_issued", "units_burned"],
      },
      metadata,
    );
    let beat = Date.now();
    try {
      for await (const { cursor, event } of stream) {
        attempt = 0;
        const entry = event && entryOf(event, account);
        if (entry && !seen.has(`${entry.height}/${entry.index}`)) {
          book.append({ cursor, entry });
          seen.add(`${entry.height}/${entry.index}`);
          console.log(JSON.stringify(entry));
        } else if (Date.now() - beat > 60_000) {
          // Heartbeats carry a cursor as well; one a minute keeps the way to resume short.
          book.append({ cursor });
          beat = Date.now();
        }

        if (done()) {
          return;
        }
      }
    } catch (error) {
      const { code, details } = error as grpc.ServiceError;
      if (ends.includes(code)) {
        console.error(`${refusalOf(error as grpc.ServiceError)?.reason ?? code}: ${details}`);
        process.exitCode = 1;
        return;
      }

      console.error(`resuming after ${grpc.status[code]}: ${details}`);
    } finally {
      stream.cancel();
    }

    await pause(attempt++);
  }
}

const given = options(["node", "account", "book", "until", "fault"], { until: "0", fault: "" });
const nodes = given.node.split(",").map((address) => new Node(address));
await watch(nodes, bytes(given.account), new Journal<Line>(given.book), Number(given.until), given.fault);
process.exit();
