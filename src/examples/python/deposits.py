# SPDX-License-Identifier: Apache-2.0
"""A watcher that may be killed at any moment: it books everything that moves an account's units once, and
nothing twice.

    python3 deposits.py --node HOST:PORT[,HOST:PORT] --genesis HASH --account 0x... --book FILE [--until N]
        [--tls-ca FILE] [--api-key-file FILE]

An entry and the cursor behind it are written in one database transaction: both, or neither. After a kill
the stream goes on exactly behind the last entry; events come in the order of (height, index), so what is not
behind the newest entry is booked already. No node is believed: each event is proved against the genesis hash
before it is booked. It ends with 0 when the book has N entries, and with 9 when a node is of another network,
or shows what it cannot prove. --fault NAME asks a sandbox to go wrong at the first attempt.
"""

import json
import sys

import grpc
import proofs
from ledger import fault, open_book, pause, refusal_of
from words import ACCESS, NotProved, Words, require_network, run

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


def entry_of(own, height, index, asset, amount, sender=b"", to=b"", tag=0, source_tag=0):
    """What an event does to the account's units; None for one that does nothing."""
    if own not in (sender, to):
        return None
    return {
        "height": height,
        "index": index,
        "asset": asset,
        "amount": amount if to == own else "-" + amount,
        "tag": str(tag),
        "from": sender.hex(),
        "sourceTag": str(source_tag),
    }


def shown_entry(event, own):
    """As the stream shows it."""
    kind = event.WhichOneof("kind")
    if kind not in TYPES:
        return None
    moved = getattr(event, kind)
    optional = {"sender": "from", "to": "to", "tag": "tag", "source_tag": "source_tag"}
    more = {word: getattr(moved, name) for word, name in optional.items() if hasattr(moved, name)}
    return entry_of(own, event.height, event.index, moved.asset, moved.amount, **more)


def proven_entry(height, index, event, own):
    """As the validators made it final: src/TokenLedger.Core/FORMAT.md, section 5."""
    reader = proofs.Reader(event)
    reader.take(4)
    kind = reader.number(1)
    if kind not in (1, 2, 3, 7):
        return None
    asset = reader.take(16).rstrip(b"\0").decode()
    sender = reader.take(20) if kind != 1 else b""
    to = reader.take(20) if kind != 2 else b""
    amount = str(reader.number(16))
    reader.take(32)
    tag, source_tag = (reader.number(8), reader.number(8)) if kind == 7 else (0, 0)
    reader.end()
    return entry_of(own, height, index, asset, amount, sender, to, tag, source_tag)


class Watcher:
    def __init__(self, genesis, account, until, book):
        self.genesis = genesis
        self.account = account
        self.until = until
        self.book = book
        self.attempt = 0
        self.entries = book.execute("SELECT count(*) FROM entry").fetchone()[0]
        last = book.execute("SELECT height, idx FROM entry ORDER BY height DESC, idx DESC LIMIT 1").fetchone()
        self.newest = last or (0, 0)

    def done(self):
        return self.until and self.entries >= self.until

    def watch(self, nodes, fault_name):
        node = 0
        while not self.done():
            why = None
            try:
                self.follow(nodes[node % len(nodes)], fault_name)
            except grpc.RpcError as error:
                if error.code() in ENDS:
                    raise
                print(f"resuming after {error.code().name}: {error.details()}", file=sys.stderr)
                why = error
            fault_name = ""
            if not self.done():
                pause(self.attempt, why)
                self.attempt += 1
                node += 1

    def follow(self, node, fault_name):
        """Books what one node shows, until its stream ends or the book is full."""
        require_network(node, self.genesis)
        (cursor,) = self.book.execute("SELECT cursor FROM position").fetchone()
        stream = node.subscribe(fault(fault_name), cursor=cursor, accounts=[self.account], types=TYPES)
        for item in stream:
            self.attempt = 0
            entry = shown_entry(item.event, self.account) if item.HasField("event") else None
            if entry and (entry["height"], entry["index"]) > self.newest:
                self.require_proved(node, entry)
                self.enter(entry, item.cursor)
                print(json.dumps(entry), flush=True)
            else:
                # Heartbeats carry a cursor as well, which keeps the way to resume short.
                self.book.execute("UPDATE position SET cursor = ?", (item.cursor,))
            if self.done():
                stream.cancel()
                return

    def enter(self, entry, cursor):
        """Books an entry and moves the cursor: both or neither."""
        self.book.execute("BEGIN IMMEDIATE")
        self.book.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(entry.values()))
        self.book.execute("UPDATE position SET cursor = ?", (cursor,))
        self.book.execute("COMMIT")
        self.newest = (entry["height"], entry["index"])
        self.entries += 1

    def require_proved(self, node, shown):
        """What the validators made final at that place must be exactly what the stream showed."""
        name = f"event {shown['height']}/{shown['index']}"
        try:
            proof = self.proof(node, shown)
            if proven_entry(*proofs.event(proof, self.genesis), self.account) != shown:
                raise NotProved("the ledger has something else there")
        except (NotProved, ValueError) as error:
            raise NotProved(f"{name}: {error}") from error

    @staticmethod
    def proof(node, shown):
        attempt = 0
        while True:
            try:
                return node.query("GetEventProof", height=shown["height"], index=shown["index"]).proof
            except grpc.RpcError as error:
                info = refusal_of(error)
                if info and info.reason in ("EVENT_UNKNOWN", "BLOCK_UNKNOWN"):
                    raise NotProved(error.details()) from error
                if not info or info.reason != "QUOTA_EXCEEDED":
                    raise
                pause(attempt, error)
                attempt += 1


def main():
    words = Words(("node", "genesis", "account", "book"), ("until", "fault", *ACCESS))
    nodes = words.nodes()
    genesis, account, until = words.hash("genesis"), words.address("account"), words.number("until", 0)
    Watcher(genesis, account, until, open_book(words["book"], BOOK)).watch(nodes, words.get("fault"))
    return 0


if __name__ == "__main__":
    run(main)
