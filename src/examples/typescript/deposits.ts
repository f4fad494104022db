// SPDX-License-Identifier: Apache-2.0
// A watcher that may be killed at any moment: it books everything that moves an account's units once, and
// nothing twice.
//
//   node deposits.ts --node HOST:PORT[,HOST:PORT] --genesis HASH --account 0x… --book FILE [--until N]
//     [--tls-ca FILE] [--api-key-file FILE]
//
// An entry and the cursor behind it are one line of the book: both are on the disk, or neither is. After a
// kill the stream goes on exactly behind the last entry; events come in the order of (height, index), so what
// is not behind the newest entry is booked already. No node is believed: each event is proved against the
// genesis hash before it is booked. It ends with 0 when the book has N entries, and with 9 when a node is of
// another network, or shows what it cannot prove. --fault NAME asks a sandbox to go wrong at the first
// attempt.

import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { isBehind, provenEntry, shownEntry, type Entry, type Id, type Line } from "./book.ts";
import { Journal, Node, pause, refusalOf } from "./ledger.ts";
import { event, type EventProof } from "./proofs.ts";
import { access, isCallError, NotProved, requireNetwork, run, Words } from "./words.ts";

/** What no repetition changes. CURSOR_PRUNED names a remedy: a node with older events. */
const ends = [
  grpc.status.INVALID_ARGUMENT,
  grpc.status.OUT_OF_RANGE,
  grpc.status.UNAUTHENTICATED,
  grpc.status.PERMISSION_DENIED,
  grpc.status.UNIMPLEMENTED,
];

class Watcher {
  readonly #genesis: Buffer;
  readonly #account: Buffer;
  readonly #until: bigint;
  readonly #book: Journal<Line>;
  #cursor = "";
  #newest: Id = { height: "0", index: 0 };
  #entries = 0n;
  #attempt = 0;

  constructor(genesis: Buffer, account: Buffer, until: bigint, book: Journal<Line>) {
    [this.#genesis, this.#account, this.#until, this.#book] = [genesis, account, until, book];
    for (const { cursor, entry } of book.lines()) {
      this.#cursor = cursor;
      this.#newest = entry ?? this.#newest;
      this.#entries += entry ? 1n : 0n;
    }
  }

  get #done(): boolean {
    return this.#until > 0n && this.#entries >= this.#until;
  }

  async watch(nodes: Node[], fault: string): Promise<void> {
    for (let node = 0; !this.#done; node++, fault = "") {
      let why: grpc.ServiceError | undefined;
      try {
        await this.#follow(nodes[node % nodes.length], fault);
      } catch (error) {
        if (!isCallError(error) || ends.includes(error.code)) {
          throw error;
        }

        console.error(`resuming after ${grpc.status[error.code]}: ${error.details}`);
        why = error;
      }

      if (!this.#done) {
        await pause(this.#attempt++, why);
      }
    }
  }

  /** Books what one node shows, until its stream ends or the book is full. */
  async #follow(node: Node, fault: string): Promise<void> {
    await requireNetwork(node, this.#genesis);
    const types = ["transferred", "units_issued", "units_burned"];
    const stream = node.subscribe({ cursor: this.#cursor, accounts: [this.#account], types }, fault);
    let beat = Date.now();
    try {
      for await (const { cursor, event } of stream) {
        this.#attempt = 0;
        const entry = event && shownEntry(event, this.#account);
        if (entry && isBehind(entry, this.#newest)) {
          await this.#requireProved(node, entry);
          this.#append({ cursor, entry });
          this.#newest = entry;
          this.#entries++;
          console.log(JSON.stringify(entry));
        } else if (Date.now() - beat > 60_000) {
          // Heartbeats carry a cursor as well; one a minute keeps the way to resume short.
          this.#append({ cursor });
          beat = Date.now();
        }

        if (this.#done) {
          return;
        }
      }
    } finally {
      stream.cancel();
    }
  }

  #append(line: Line): void {
    this.#book.append(line);
    this.#cursor = line.cursor;
  }

  /** What the validators made final at that place must be exactly what the stream showed. */
  async #requireProved(node: Node, shown: Entry): Promise<void> {
    const proof = await proofOf(node, shown);
    const name = `event ${shown.height}/${shown.index}`;
    let real: Entry | undefined;
    try {
      real = proof && provenEntry(event(proof, this.#genesis), this.#account);
    } catch (error) {
      throw new NotProved(`${name}: ${(error as Error).message}`);
    }

    if (!isDeepStrictEqual(real, shown)) {
      throw new NotProved(`${name}: the ledger has something else there`);
    }
  }
}

async function proofOf(node: Node, { height, index }: Id): Promise<EventProof | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await node.queries<{ proof?: EventProof }>("getEventProof", { height, index })).proof;
    } catch (error) {
      const reason = isCallError(error) ? refusalOf(error)?.reason : undefined;
      if (reason === "EVENT_UNKNOWN" || reason === "BLOCK_UNKNOWN") {
        throw new NotProved(`event ${height}/${index}: ${(error as grpc.ServiceError).details}`);
      }

      if (reason !== "QUOTA_EXCEEDED") {
        throw error;
      }

      await pause(attempt, error as grpc.ServiceError);
    }
  }
}

await run(async () => {
  const words = new Words(["node", "genesis", "account", "book"], ["until", "fault", ...access]);
  const [nodes, genesis, account] = [words.nodes(), words.hash("genesis"), words.address("account")];
  const until = words.number("until", 0n);
  const book = await Journal.open<Line>(words.get("book"));
  await new Watcher(genesis, account, until, book).watch(nodes, words.get("fault"));
  return 0;
});
