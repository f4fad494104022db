// SPDX-License-Identifier: Apache-2.0
// What deposits.ts books, and reconcile.ts adds up.

import { hex } from "./ledger.ts";
import { Reader } from "./proofs.ts";

/** A line of the book, in the order of the ledger. One without an entry only moves the cursor. */
export interface Line {
  cursor: string;
  entry?: Entry;
}

/** An entry's name for ever. */
export interface Id {
  height: string;
  /** Among the block's events. */
  index: number;
}

/** Amounts have up to 128 bits, tags and heights 64: all stay text, which nothing rounds. */
export interface Entry extends Id {
  asset: string;
  /** With a minus when units leave. */
  amount: string;
  tag: string;
  /** Whom a deposit came from, and the tag that a return to him needs. */
  from: string;
  sourceTag: string;
}

/** True when the ledger has one event after the other. */
export function isBehind(one: Id, other: Id): boolean {
  const [height, than] = [BigInt(one.height), BigInt(other.height)];
  return height === than ? one.index > other.index : height > than;
}

interface Moved {
  asset: string;
  amount: string;
  from?: Buffer;
  to?: Buffer;
  tag?: string;
  sourceTag?: string;
}

/** What an event does to the account's units; undefined for one that does nothing. */
function entryOf({ height, index }: Id, moved: Moved, account: Buffer): Entry | undefined {
  const arrives = moved.to !== undefined && account.equals(moved.to);
  if (!arrives && !(moved.from && account.equals(moved.from))) {
    return undefined;
  }

  return {
    height,
    index,
    asset: moved.asset,
    amount: arrives ? moved.amount : `-${moved.amount}`,
    tag: moved.tag ?? "0",
    from: moved.from ? hex(moved.from) : "",
    sourceTag: moved.sourceTag ?? "0",
  };
}

/** As the stream shows it. */
export function shownEntry(event: any, account: Buffer): Entry | undefined {
  const moved = event.transferred ?? event.unitsIssued ?? event.unitsBurned;
  return moved ? entryOf(event, moved, account) : undefined;
}

/** As the validators made it final: src/TokenLedger.Core/FORMAT.md, §5. */
export function provenEntry(proven: Id & { event: Buffer }, account: Buffer): Entry | undefined {
  const reader = new Reader(proven.event);
  reader.take(4);
  const kind = Number(reader.number(1));
  if (![1, 2, 3, 7].includes(kind)) {
    return undefined;
  }

  const asset = reader.take(16).toString("latin1").replace(/\0+$/, "");
  const from = kind === 1 ? undefined : reader.take(20);
  const to = kind === 2 ? undefined : reader.take(20);
  const amount = String(reader.number(16));
  reader.take(32);
  const [tag, sourceTag] = kind === 7 ? [reader.number(8), reader.number(8)] : [0n, 0n];
  reader.end();
  const moved = { asset, from, to, amount, tag: String(tag), sourceTag: String(sourceTag) };
  return entryOf(proven, moved, account);
}
