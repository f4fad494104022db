# SPDX-License-Identifier: Apache-2.0
"""A withdrawal that is paid once, whatever is lost on the way, and however often this is run.

    python3 withdraw.py --node HOST:PORT[,HOST:PORT] --genesis HASH --keystore FILE --password-file FILE
        --journal FILE --request-id UUID --asset SYMBOL --to 0x... --amount ATOMIC [--tag N]
        [--patience SECONDS] [--valid-for SECONDS] [--tls-ca FILE] [--api-key-file FILE]

It ends with 0 when the payment is final, with 6 when it was refused and never will be, and with 7 while
nobody can say: then it is run again, with the same words. Any other end says nothing of the payment. It
never signs a second time for one request id. --fault NAME asks a sandbox to go wrong at the first attempt.
"""

import hashlib
import json
import sys
import time

import grpc
from keys import address_of, digest, open_keystore, sign
from ledger import fault, open_book, pause, refusal_of
from tokenledger.ledger.v1 import transaction_pb2, transaction_service_pb2
from words import ACCESS, Words, require_network, run

# What is signed, before it is sent; and what became of it. `request` is the 16 bytes of the request id: a
# UUID has more than one spelling. `height` is the newest final block at the signing: a node that knows the
# blocks since knows whether the transaction was included.
JOURNAL = (
    "CREATE TABLE IF NOT EXISTS payment (request BLOB PRIMARY KEY, payment TEXT, body BLOB, signature BLOB,"
    " id BLOB, height INTEGER, outcome TEXT)",
)

DAY = 24 * 3_600


class Conflict(Exception):
    pass


class Withdrawal:
    def __init__(self, words):
        self.words = words
        self.nodes = words.nodes()
        self.genesis = words.hash("genesis")
        self.request_id = words.request_id("request-id")
        self.asset, self.to = words.asset("asset"), words.address("to")
        self.amount, self.tag = words.amount("amount"), words.number("tag", 0)
        self.patience = words.number("patience", 30, DAY)
        # Ten minutes: an outcome stays unknown no longer.
        self.valid_for = words.number("valid-for", 600, 7 * DAY)
        self.journal = open_book(words["journal"], JOURNAL)

    def run(self):
        payment = json.dumps([self.asset, self.to.hex(), self.amount, self.tag])
        known = self.find()
        if known and known[0] != payment:
            raise Conflict(f"{self.request_id.hex()} stands for another payment")
        if known and self.id_of(known[1]) != known[3]:
            raise Conflict(f"{self.request_id.hex()} was signed for another network than --genesis")
        if known and known[5]:
            return json.loads(known[5])
        if not known:
            self.sign(payment)
        outcome = self.settle(*self.find()[1:5], sent_before=bool(known))
        if outcome["outcome"] != "unknown":
            self.journal.execute(
                "UPDATE payment SET outcome = ? WHERE request = ?", (json.dumps(outcome), self.request_id)
            )
        return outcome

    def id_of(self, body):
        return hashlib.sha256(b"\x11" + self.genesis + body).digest()

    def find(self):
        return self.journal.execute(
            "SELECT payment, body, signature, id, height, outcome FROM payment WHERE request = ?",
            (self.request_id,),
        ).fetchone()

    def sign(self, payment):
        """Signs once, and has the bytes on the disk before anybody sees them."""
        network = require_network(self.nodes[0], self.genesis)
        with open(self.words["password-file"], "rb") as file:
            key = open_keystore(self.words["keystore"], file.read().strip())
        sender = address_of(key.verifying_key)
        self.require_ours(self.by_request(self.nodes[0], sender).transaction_id, b"")
        transfer = transaction_pb2.Transfer(
            asset=self.asset, to=self.to, amount=self.amount, tag=self.tag
        )
        body = transaction_pb2.Transaction(
            sender=sender,
            nonce=self.nodes[0].query("GetNonce", sender=sender).next,
            valid_until_ms=time.time_ns() // 1_000_000 + 1_000 * self.valid_for,
            request_id=self.request_id,
            operations=[transaction_pb2.Operation(transfer=transfer)],
        ).SerializeToString(deterministic=True)
        signature = sign(key, digest(network.chain_id, self.genesis, body))
        self.journal.execute(
            "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, NULL)",
            (self.request_id, payment, body, signature, self.id_of(body), network.as_of_height),
        )

    def settle(self, body, signature, transaction_id, height, sent_before):
        """Sends the same bytes until somebody says what became of them, or the patience ends."""
        end = time.monotonic() + self.patience
        doubt = sent_before
        attempt = 0
        while True:
            node = self.nodes[attempt % len(self.nodes)]
            why = None
            try:
                node.transaction(
                    "SubmitTransaction",
                    metadata=fault(self.words.get("fault") if attempt == 0 else ""),
                    transaction=transaction_pb2.SignedTransaction(body=body, signature=signature),
                )
                doubt = True
                final = node.transaction("WaitFinal", timeout=10, transaction_id=transaction_id)
                if outcome := outcome_of(final.status):
                    return outcome
            except grpc.RpcError as error:
                why = error
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
            pause(attempt, why)
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
        require_network(node, self.genesis)
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
            raise Conflict(f"{self.request_id.hex()} is in use, and not in this journal")


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
    words = Words(
        (
            "node", "genesis", "keystore", "password-file", "journal", "request-id", "asset", "to", "amount"
        ),
        ("tag", "patience", "valid-for", "fault", *ACCESS),
    )
    outcome = Withdrawal(words).run()
    print(json.dumps({"requestId": words["request-id"], **outcome}))
    return {"final": 0, "refused": 6, "unknown": 7}[outcome["outcome"]]


if __name__ == "__main__":
    run(main)
