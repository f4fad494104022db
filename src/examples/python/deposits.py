# SPDX-License-Identifier: Apache-2.0
"""A watcher that may be killed at any moment: it books everything that moves an account's units once, and
nothing twice.

    python3 deposits.py --node HOST:PORT[,HOST:PORT] --account 0x... --book FILE [--until N]

An entry and the cursor behind it are written in one database transaction: both, or neither. After a kill
the stream goes on exactly behind the last entry, and (height, index) is the entry's key, so what comes
twice is booked once. --fault NAME asks a sandbox to go wrong at the first attempt.
"""

import argparse
import json
import sys
import time

import grpc
from ledger import fault, nodes, open_book, pause_seconds, refusal_of

# Amounts have up to 128 bits and tags 64: both stay text, which no column and no language rounds.
BOOK = (
    "CREATE TABLE IF NOT EXISTS entry (height INTEGER, idx INTEGER, asset TEXT, amount TEXT, tag TEXT,"
    " sender TEXT, source_tag TEXT, PRIMARY KEY (height, idx))",
    "CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT)",
    "INSERT OR IGNORE INTO position VALUES (1, '')",
)

TYPES = ("transferred", "units_issued", "units_burned")

# No repetition changes them. CURSOR_PRUNED names a remedy: a node with older events.
ENDS = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNIMPLEMENTED,
)


def entry_of(event, account):
    """What an event does to the account's units; None for one that does nothing."""
    kind = event.WhichOneof("kind")
    if kind not in TYPES:
        return None
    moved = getattr(event, kind)
    sender = getattr(moved, "from", b"")
    arrives = getattr(moved, "to", b"") == account
    if not arrives and sender != account:
        return None
    return {
        "height": event.height,
        "index": event.index,
        "asset": moved.asset,
        "amount": moved.amount if arrives else "-" + moved.amount,
        "tag": str(getattr(moved, "tag", 0)),
        "from": sender.hex(),
        "sourceTag": str(getattr(moved, "source_tag", 0)),
    }


def enter(book, entry, cursor):
    """Books an entry and moves the cursor: both or neither."""
    book.execute("BEGIN IMMEDIATE")
    added = book.execute(
        "INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(entry.values())
    ).rowcount
    book.execute("UPDATE position SET cursor = ?", (cursor,))
    book.execute("COMMIT")
    return added == 1


def watch(all_nodes, account, book, until, fault_name):
    def done():
        return until and book.execute("SELECT count(*) FROM entry").fetchone()[0] >= until

    attempt = node = 0
    while not done():
        (cursor,) = book.execute("SELECT cursor FROM position").fetchone()
        stream = all_nodes[node % len(all_nodes)].subscribe(
            fault(fault_name), cursor=cursor, accounts=[account], types=TYPES
        )
        fault_name = ""
        try:
            for item in stream:
                attempt = 0
                entry = entry_of(item.event, account) if item.HasField("event") else None
                if entry is None:
                    # Heartbeats carry a cursor as well, which keeps the way to resume short.
                    book.execute("UPDATE position SET cursor = ?", (item.cursor,))
                elif enter(book, entry, item.cursor):
                    print(json.dumps(entry), flush=True)
                if done():
                    return 0
        except grpc.RpcError as error:
            if error.code() in ENDS:
                info = refusal_of(error)
                print(f"{info.reason if info else error.code().name}: {error.details()}", file=sys.stderr)
                return 1
            print(f"resuming after {error.code().name}: {error.details()}", file=sys.stderr)
        time.sleep(pause_seconds(attempt))
        attempt += 1
        node += 1
    return 0


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--node", required=True)
    words.add_argument("--account", required=True)
    words.add_argument("--book", required=True)
    words.add_argument("--until", type=int, default=0)
    words.add_argument("--fault", default="")
    given = words.parse_args()
    own = bytes.fromhex(given.account[2:])
    sys.exit(watch(nodes(given.node), own, open_book(given.book, BOOK), given.until, given.fault))
