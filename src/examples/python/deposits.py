# SPDX-License-Identifier: Apache-2.0
"""A watcher of deposits that may be killed at any moment: it credits every deposit once and none twice.

The book is one SQLite file. A deposit's credit and the cursor behind it are written in one database transaction, so
after a kill the stream goes on exactly behind the last credit; and the deposit's id is the key of its row, so even a
cursor that is too old credits nothing again.

    python3 deposits.py HOST:PORT 0xACCOUNT BOOK.sqlite [--until TOTAL]
    python3 deposits.py --close BOOK.sqlite HOST:PORT 0xACCOUNT
"""

import json
import sqlite3
import sys
import time

import grpc
from google.protobuf import json_format
from tokenledger.ledger.v1 import event_pb2, query_service_pb2

SUBSCRIBE = "/tokenledger.ledger.v1.EventService/Subscribe"
BALANCE = "/tokenledger.ledger.v1.QueryService/GetBalance"

# A lost connection, a node that stops, and a reader that was too slow: resume, perhaps on another node.
RESUME = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED)


def open_book(path):
    book = sqlite3.connect(path, isolation_level=None)
    book.execute("PRAGMA synchronous = FULL")
    book.execute(
        "CREATE TABLE IF NOT EXISTS deposit (height INTEGER, idx INTEGER, asset TEXT, amount TEXT, tag TEXT,"
        " sender TEXT, source_tag TEXT, PRIMARY KEY (height, idx))"
    )
    book.execute("CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT)")
    book.execute("INSERT OR IGNORE INTO position VALUES (1, '')")
    return book


def credit(book, event, cursor):
    """Books a deposit and moves the cursor: both or neither."""
    moved = event.transferred
    book.execute("BEGIN IMMEDIATE")
    # Amounts have up to 128 bits and tags 64: both stay text, which no column and no language rounds.
    added = book.execute(
        "INSERT OR IGNORE INTO deposit VALUES (?, ?, ?, ?, ?, ?, ?)",
        (event.height, event.index, moved.asset, moved.amount, str(moved.tag), getattr(moved, "from").hex(),
         str(moved.source_tag)),
    ).rowcount
    book.execute("UPDATE position SET cursor = ?", (cursor,))
    book.execute("COMMIT")
    return added == 1


def watch(address, account, path, until):
    book = open_book(path)
    while True:
        (cursor,) = book.execute("SELECT cursor FROM position").fetchone()
        request = event_pb2.SubscribeRequest(cursor=cursor, accounts=[account], types=["transferred"])
        with grpc.insecure_channel(address) as channel:
            subscribe = channel.unary_stream(
                SUBSCRIBE, event_pb2.SubscribeRequest.SerializeToString, event_pb2.SubscribeResponse.FromString
            )
            try:
                for item in subscribe(request):
                    if item.HasField("event") and item.event.transferred.to == account:
                        if credit(book, item.event, item.cursor):
                            print(json.dumps(json_format.MessageToDict(item.event)), flush=True)
                    else:
                        book.execute("UPDATE position SET cursor = ?", (item.cursor,))
                    (count,) = book.execute("SELECT count(*) FROM deposit").fetchone()
                    if until and count >= until:
                        return
            except grpc.RpcError as error:
                # CURSOR_INVALID and CURSOR_PRUNED end it: no retry helps, and the detail says what does.
                if error.code() not in RESUME:
                    raise
                print(f"resuming after {error.code().name}: {error.details()}", file=sys.stderr)
                time.sleep(0.2)


def close(path, address, account):
    """The end of the day: for every asset, what was credited against what the ledger says.

    An account that also pays out has its withdrawals to take off; this one only receives.
    """
    sums = {}
    for asset, amount in open_book(path).execute("SELECT asset, amount FROM deposit"):
        sums[asset] = sums.get(asset, 0) + int(amount)
    with grpc.insecure_channel(address) as channel:
        balance = channel.unary_unary(
            BALANCE,
            query_service_pb2.GetBalanceRequest.SerializeToString,
            query_service_pb2.GetBalanceResponse.FromString,
        )
        wrong = 0
        for asset, own in sorted(sums.items()):
            told = balance(query_service_pb2.GetBalanceRequest(account=account, asset=asset), timeout=10)
            agrees = int(told.amount) == own
            wrong += not agrees
            print(f"{asset} height {told.as_of_height} ledger {told.amount} book {own} {'ok' if agrees else 'DIFFERS'}")
    return 9 if wrong else 0


def main(words):
    if words and words[0] == "--close":
        _, path, address, account = words
        return close(path, address, bytes.fromhex(account[2:]))
    address, account, path = words[:3]
    watch(address, bytes.fromhex(account[2:]), path, int(words[4]) if words[3:4] == ["--until"] else 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
