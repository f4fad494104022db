# SPDX-License-Identifier: Apache-2.0
"""A withdrawal that is paid once, whatever is lost on the way, and however often this is run.

    python3 withdraw.py --node HOST:PORT[,HOST:PORT] --genesis HASH --keystore FILE --password-file FILE
        --journal FILE --request-id UUID --asset SYMBOL --to 0x... --amount ATOMIC [--tag N]
        [--patience SECONDS] [--valid-for SECONDS]

It ends with 0 when the payment is final, with 6 when it was refused and never will be, and with 7 while
nobody can say: then it is run again, with the same words. Any other end says nothing of the payment. It
never signs a second time for one request id. --fault NAME asks a sandbox to go wrong at the first attempt.
"""

import argparse
import hashlib
import json
import sys
import time
import uuid

import grpc
from keys import address_of, digest, open_keystore, sign
from ledger import fault, nodes, open_book, pause_seconds, refusal_of
from tokenledger.ledger.v1 import transaction_pb2, transaction_service_pb2

# What is signed, before it is sent; and what became of it. `height` is the newest final block at the
# signing: a node that knows the blocks since knows whether the transaction was included.
JOURNAL = (
    "CREATE TABLE IF NOT EXISTS withdrawal (request TEXT PRIMARY KEY, payment TEXT, body BLOB,"
    " signature BLOB, height INTEGER, outcome TEXT)",
)


class Conflict(Exception):
    pass


class Withdrawal:
    def __init__(self, given):
        self.given = given
        self.nodes = nodes(given.node)
        self.genesis = bytes.fromhex(given.genesis)
        self.request_id = uuid.UUID(given.request_id).bytes
        self.journal = open_book(given.journal, JOURNAL)

    def run(self):
        given = self.given
        payment = json.dumps([given.asset, given.to.lower(), given.amount, given.tag])
        known = self.find()
        if known and known[0] != payment:
            raise Conflict(f"{given.request_id} stands for another payment")
        if known and known[4]:
            return json.loads(known[4])
        if not known:
            self.sign(payment)
        outcome = self.settle(*self.find()[1:4], sent_before=bool(known))
        if outcome["outcome"] != "unknown":
            self.journal.execute(
                "UPDATE withdrawal SET outcome = ? WHERE request = ?", (json.dumps(outcome), given.request_id)
            )
        return outcome

    def find(self):
        return self.journal.execute(
            "SELECT payment, body, signature, height, outcome FROM withdrawal WHERE request = ?",
            (self.given.request_id,),
        ).fetchone()

    def sign(self, payment):
        """Signs once, and has the bytes on the disk before anybody sees them."""
        given = self.given
        network = self.nodes[0].query("GetNetwork")
        if network.genesis_hash != self.genesis:
            raise Conflict(f"the node is of network {network.genesis_hash.hex()}, not of {given.genesis}")
        with open(given.password_file, "rb") as file:
            key = open_keystore(given.keystore, file.read().strip())
        sender = address_of(key.verifying_key)
        self.require_ours(self.by_request(self.nodes[0], sender).transaction_id, b"")
        transfer = transaction_pb2.Transfer(
            asset=given.asset, to=bytes.fromhex(given.to[2:]), amount=given.amount, tag=given.tag
        )
        body = transaction_pb2.Transaction(
            sender=sender,
            nonce=self.nodes[0].query("GetNonce", sender=sender).next,
            valid_until_ms=time.time_ns() // 1_000_000 + 1_000 * given.valid_for,
            request_id=self.request_id,
            operations=[transaction_pb2.Operation(transfer=transfer)],
        ).SerializeToString(deterministic=True)
        signature = sign(key, digest(network.chain_id, self.genesis, body))
        self.journal.execute(
            "INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?, NULL)",
            (given.request_id, payment, body, signature, network.as_of_height),
        )

    def settle(self, body, signature, height, sent_before):
        """Sends the same bytes until somebody says what became of them, or the patience ends."""
        transaction_id = hashlib.sha256(b"\x11" + self.genesis + body).digest()
        end = time.monotonic() + self.given.patience
        doubt = sent_before
        attempt = 0
        while True:
            node = self.nodes[attempt % len(self.nodes)]
            try:
                node.transaction(
                    "SubmitTransaction",
                    metadata=fault(self.given.fault if attempt == 0 else ""),
                    transaction=transaction_pb2.SignedTransaction(body=body, signature=signature),
                )
                doubt = True
                final = node.transaction("WaitFinal", timeout=10, transaction_id=transaction_id)
                if outcome := outcome_of(final.status):
                    return outcome
            except grpc.RpcError as error:
                refusal = refusal_of(error)
                print(f"{node.address}: {refusal.reason if refusal else error.code().name}", file=sys.stderr)
                if refusal and refusal.reason == "IDEMPOTENCY_CONFLICT":
                    self.require_ours(transaction_id, b"")
                verdict = refusal.metadata.get("retriable") if refusal else None
                if verdict == "false" and not doubt:
                    # Nobody took these bytes, and nobody will.
                    return {"outcome": "refused", "code": refusal.reason}
                # Whatever is no verdict says nothing: it may have been taken.
                doubt = doubt or verdict is None
            if time.monotonic() >= end:
                return {"outcome": "unknown"}
            time.sleep(pause_seconds(attempt))
            attempt += 1
            try:
                if outcome := self.ask(self.nodes[attempt % len(self.nodes)], body, transaction_id, height):
                    return outcome
            except grpc.RpcError:
                continue

    def ask(self, node, body, transaction_id, height):
        """Asks by request id; once a block is later than the validity, what is not in the ledger never will
        be."""
        signed = transaction_pb2.Transaction.FromString(body)
        before = node.query("GetNodeStatus")
        known = self.by_request(node, signed.sender)
        self.require_ours(known.transaction_id, transaction_id)
        outcome = outcome_of(known)
        if outcome or before.block_time_ms <= signed.valid_until_ms:
            return outcome
        # The ledger forgets a request id when its time has passed; the transaction itself it never forgets.
        # A node that began with a later state does not know it.
        last = node.transaction("GetTransaction", transaction_id=transaction_id)
        if before.oldest_block_height <= height + 1:
            return outcome_of(last.status) or {"outcome": "refused", "code": "EXPIRED"}
        return outcome_of(last.status)

    def by_request(self, node, sender):
        return node.transaction("GetTransactionByRequestId", sender=sender, request_id=self.request_id).status

    def require_ours(self, found, ours):
        """What another journal signed under this request id may be paid, and is nothing to answer for
        here."""
        if found and found != ours:
            raise Conflict(f"{self.given.request_id} is in use, and not in this journal")


def outcome_of(status):
    state = transaction_service_pb2.TransactionState.Name(status.state)
    if state == "TRANSACTION_STATE_SUCCEEDED":
        return {"outcome": "final", "height": status.height}
    if state == "TRANSACTION_STATE_FAILED":
        # Final as well: nothing moved, and nothing ever will.
        return {"outcome": "refused", "code": status.refusal.code, "height": status.height}
    if state in ("TRANSACTION_STATE_EXPIRED", "TRANSACTION_STATE_REPLACED"):
        return {"outcome": "refused", "code": "EXPIRED" if state.endswith("EXPIRED") else "NONCE_USED"}
    return None


def main():
    words = argparse.ArgumentParser()
    for name in (
        "node", "genesis", "keystore", "password-file", "journal", "request-id", "asset", "to", "amount"
    ):
        words.add_argument("--" + name, required=True)
    words.add_argument("--tag", type=int, default=0)
    words.add_argument("--patience", type=float, default=30)
    # Ten minutes: an outcome stays unknown no longer.
    words.add_argument("--valid-for", type=int, default=600)
    words.add_argument("--fault", default="")
    given = words.parse_args()
    try:
        outcome = Withdrawal(given).run()
    except (Conflict, ValueError, grpc.RpcError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"requestId": given.request_id, **outcome}))
    return {"final": 0, "refused": 6, "unknown": 7}[outcome["outcome"]]


if __name__ == "__main__":
    sys.exit(main())
