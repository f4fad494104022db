# SPDX-License-Identifier: Apache-2.0
"""Checks a balance without trusting whoever sent it: certificate, header, Merkle path, balance. Nothing is
taken on trust but the genesis hash, which the caller has from elsewhere.

    python3 proof.py --genesis HASH --account 0x... --asset SYMBOL --node HOST:PORT [--height N]
    python3 proof.py --genesis HASH --account 0x... --asset SYMBOL --file PROOF.json

The file is as `tl proof get` writes it. It ends with 9 when a step does not hold.
"""

import argparse
import collections
import hashlib
import json
import sys

from keys import signers_of
from ledger import nodes

FINALIZE = 3

Proof = collections.namedtuple("Proof", "genesis header certificate account asset amount state_proof")


class NotProved(Exception):
    pass


def require(holds, otherwise):
    if not holds:
        raise NotProved(otherwise)


def tagged(tag, *parts):
    """SHA-256 over a tag byte and the parts: no bytes have two meanings."""
    return hashlib.sha256(bytes([tag]) + b"".join(parts)).digest()


class Reader:
    """Reads the canonical form: big-endian numbers, lengths of four bytes. See
    src/TokenLedger.Core/FORMAT.md."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, length):
        require(self.at + length <= len(self.data), "a part is cut off")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, length):
        return int.from_bytes(self.take(length), "big")

    def end(self):
        require(self.at == len(self.data), "a part has left-over bytes")


def validators_of(genesis):
    """The vote addresses, in their order, and the set's hash: a genesis document begins with name, chain id
    and times, then has them."""
    reader = Reader(genesis)
    reader.take(2)
    reader.take(reader.number(4))
    reader.take(8 + 8 + 4 + 4)
    begin = reader.at
    addresses = []
    for _ in range(reader.number(4)):
        reader.take(reader.number(4))
        addresses.append(reader.take(20))
        reader.take(32)
    return addresses, tagged(0x13, genesis[begin : reader.at])


def require_final(proof, genesis_hash):
    """At least n - f of the validators, each once, and no wrong signature, finalized this very header."""
    addresses, set_hash = validators_of(proof.genesis)
    header = proof.header
    require(len(header) == 342, "the header has another length")
    require(header[2:34] == genesis_hash, "the header is of another network")
    require(header[34:42] == bytes(8), "the header is of another epoch")
    require(header[246:278] == set_hash, "the header names other validators")
    reader = Reader(proof.certificate)
    kind, epoch, view, block = reader.number(1), reader.take(8), reader.take(8), reader.take(32)
    require(
        (kind, epoch, view, block) == (FINALIZE, header[34:42], header[50:58], tagged(0x10, header)),
        "the certificate does not finalize this header",
    )
    signers = reader.number(4)
    require(signers >> len(addresses) == 0, "somebody who is no validator signed")
    vote = tagged(0x22, genesis_hash, epoch, view, block)
    for i, address in enumerate(addresses):
        if signers >> i & 1:
            require(address in signers_of(reader.take(65), vote), f"validator {i + 1} did not sign")
    reader.end()
    count = bin(signers).count("1")
    most = (len(addresses) - 1) // 3
    require(count >= len(addresses) - most, f"{count} of {len(addresses)} validators signed, too few")
    return count, len(addresses)


def holds(root, key, value, proof):
    """True when the state under a root has this value at the key; None stands for no value."""

    def bit(of, i):
        return of[i // 8] >> (7 - i % 8) & 1

    reader = Reader(proof)
    siblings = [reader.take(32) for _ in range(reader.number(4))]
    other = (reader.take(32), reader.take(32)) if reader.number(1) else None
    reader.end()
    require(len(siblings) <= 256, "the path is too long")
    way = tagged(0x03, key)
    node = bytes(32)
    if value is not None:
        require(other is None, "a proof of presence has no other leaf")
        node = tagged(0x01, way, tagged(0x04, value))
    elif other:
        shared = all(bit(other[0], i) == bit(way, i) for i in range(len(siblings)))
        require(shared and other[0] != way, "the other leaf does not stand in this one's place")
        node = tagged(0x01, *other)
    for i in reversed(range(len(siblings))):
        pair = (siblings[i], node) if bit(way, i) else (node, siblings[i])
        node = tagged(0x02, *pair)
    return node == root


def verify(proof, genesis_hash, account, asset):
    require((proof.account, proof.asset) == (account, asset), "it is another account's, or another asset's")
    require(tagged(0x12, proof.genesis) == genesis_hash, "it is of another network")
    signers, validators = require_final(proof, genesis_hash)
    amount = int(proof.amount)
    require(0 <= amount < 1 << 128, "the amount is none")
    key = b"\x11" + account + asset.encode("ascii").ljust(16, b"\0")
    value = amount.to_bytes(16, "big") if amount else None
    require(
        holds(proof.header[214:246], key, value, proof.state_proof),
        "the path does not lead from this balance to the state root",
    )
    height = int.from_bytes(proof.header[42:50], "big")
    return {"height": height, "amount": proof.amount, "signers": signers, "validators": validators}


def from_file(path):
    with open(path, encoding="utf-8") as file:
        read = json.load(file)
    kind = (read["format"], read["kind"])
    require(kind == ("tokenledger-proof/3", "balance"), "it is no proof of a balance")
    names = ("genesis", "header", "certificate", "account", "stateProof")
    genesis, header, certificate, account, state_proof = (bytes.fromhex(read[name]) for name in names)
    return Proof(genesis, header, certificate, account, read["asset"], read["amount"], state_proof)


def main():
    words = argparse.ArgumentParser()
    for name in ("genesis", "account", "asset"):
        words.add_argument("--" + name, required=True)
    source = words.add_mutually_exclusive_group(required=True)
    source.add_argument("--node")
    source.add_argument("--file")
    words.add_argument("--height", type=int)
    given = words.parse_args()
    account = bytes.fromhex(given.account[2:])
    try:
        proof = (
            from_file(given.file)
            if given.file
            else nodes(given.node)[0]
            .query("GetBalanceProof", account=account, asset=given.asset, at_height=given.height)
            .proof
        )
        shown = verify(proof, bytes.fromhex(given.genesis), account, given.asset)
        require(given.height in (None, shown["height"]), "it is of another height")
        print(json.dumps(shown))
        return 0
    except (NotProved, ValueError, KeyError) as error:
        print(f"not proved: {error}", file=sys.stderr)
        return 9


if __name__ == "__main__":
    sys.exit(main())
