# SPDX-License-Identifier: Apache-2.0
"""What the four programs share: the calls, the three kinds of an answer, and a book in one SQLite file.

The message types are made from the published schema: see the README beside.
"""

import fcntl
import pathlib
import sqlite3
import time

import grpc
from google.rpc import error_details_pb2, status_pb2
from tokenledger.ledger.v1 import event_pb2, query_service_pb2, transaction_service_pb2

# A connection that died without a word is noticed by its pings.
CHANNEL = (("grpc.keepalive_time_ms", 10_000), ("grpc.keepalive_timeout_ms", 5_000))

LOCKS = []

MODULES = {
    "TransactionService": transaction_service_pb2,
    "QueryService": query_service_pb2,
    "EventService": event_pb2,
}


class Node:
    """One node's methods by their names, e.g. node.query("GetBalance", account=..., asset=...)."""

    def __init__(self, address, authorities=None, key=None):
        """In cleartext without authorities; as nobody without a key."""
        self.address = address
        self.metadata = (("authorization", f"Bearer {key}"),) if key else ()
        if authorities:
            trust = grpc.ssl_channel_credentials(root_certificates=authorities)
            self.channel = grpc.secure_channel(address, trust, options=CHANNEL)
        else:
            self.channel = grpc.insecure_channel(address, options=CHANNEL)

    def query(self, method, timeout=5, **fields):
        return self._call(self.channel.unary_unary, "QueryService", method, fields, timeout=timeout)

    def transaction(self, method, timeout=5, metadata=(), **fields):
        return self._call(
            self.channel.unary_unary, "TransactionService", method, fields, timeout=timeout, metadata=metadata
        )

    def subscribe(self, metadata=(), **fields):
        return self._call(self.channel.unary_stream, "EventService", "Subscribe", fields, metadata=metadata)

    def _call(self, shape, service, method, fields, metadata=(), **options):
        request = getattr(MODULES[service], method + "Request")
        response = getattr(MODULES[service], method + "Response")
        path = f"/tokenledger.ledger.v1.{service}/{method}"
        return shape(path, request.SerializeToString, response.FromString)(
            request(**fields), metadata=(*self.metadata, *metadata), **options
        )


def refusal_of(error):
    """What a node says about a failed call; None when it failed on its way. Only with metadata["retriable"]
    is it the ledger's own verdict on a transaction: "false" for one that it will never take."""
    info = _detail(error, error_details_pb2.ErrorInfo())
    return info if info and info.domain == "tokenledger" else None


def _detail(error, found):
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Unpack(found):
                    return found
    return None


def fault(name):
    """What --fault asks of a sandbox, for one call."""
    return (("tl-sandbox-fault", name),) if name else ()


def pause(attempt, after=None):
    """200 ms, and twice as long each time, up to ten seconds; and never before the time that a node named."""
    own = min(10.0, 0.2 * 2 ** min(attempt, 10))
    asked = _detail(after, error_details_pb2.RetryInfo()) if after else None
    delay = asked.retry_delay if asked else None
    time.sleep(max(own, delay.seconds + delay.nanos / 1e9) if delay else own)


def open_book(path, schema):
    """What a transaction has committed is on the disk, and a kill leaves no half of one. One process at a
    time: a second one is refused."""
    # It is held until the process ends. Not the book itself, whose own locks SQLite would lose.
    lock = open(f"{path}.lock", "ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RuntimeError(f"another process has {path}") from error
    LOCKS.append(lock)
    book = sqlite3.connect(path, timeout=60, isolation_level=None)
    book.execute("PRAGMA synchronous = FULL")
    for table in schema:
        book.execute(table)
    return book


def read_book(path):
    """Opens a book that is there, also while another process writes it, and changes nothing."""
    return sqlite3.connect(f"{pathlib.Path(path).absolute().as_uri()}?mode=ro", timeout=60, uri=True)
