# SPDX-License-Identifier: Apache-2.0
"""Checks proofs without trusting whoever sent them: certificate, headers, Merkle path, and what it leads to.
Nothing is taken on trust but the genesis hash. No more than SHA-256 and secp256k1 is needed.
"""

import hashlib
import re

from keys import signers_of
from words import NotProved

FINALIZE = 3


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


def require_final(genesis, headers, certificate, genesis_hash):
    """At least n - f of the validators, each once, and no wrong signature, finalized the last of these
    headers, and each is the parent of the next: so all are final."""
    require(tagged(0x12, genesis) == genesis_hash, "it is of another network")
    addresses, set_hash = validators_of(genesis)
    for header in headers:
        require(len(header) == 342, "the header has another length")
        require(header[2:34] == genesis_hash, "the header is of another network")
        require(header[34:42] == bytes(8), "the header is of another epoch")
        require(header[246:278] == set_hash, "the header names other validators")
    for parent, child in zip(headers, headers[1:]):
        require(
            child[58:90] == tagged(0x10, parent) and height_of(child) == height_of(parent) + 1,
            "the headers do not follow each other",
        )
    last = headers[-1]
    reader = Reader(certificate)
    kind, epoch, view, block = reader.number(1), reader.take(8), reader.take(8), reader.take(32)
    require(
        (kind, epoch, view, block) == (FINALIZE, last[34:42], last[50:58], tagged(0x10, last)),
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


def height_of(header):
    return int.from_bytes(header[42:50], "big")


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


def stands(root, count, index, item, path):
    """True when the list with this root and length has the item at that index."""
    rest = list(path)

    def climb(length, at):
        if length == 1:
            return tagged(0x05, item)
        split = 1 << (length - 1).bit_length() - 1
        below = climb(split, at) if at < split else climb(length - split, at - split)
        require(rest, "the path is too short")
        beside = rest.pop(0)
        return tagged(0x06, below, beside) if at < split else tagged(0x06, beside, below)

    require(0 <= index < count < 1 << 31, "the index is out of range")
    top = climb(count, index)
    return not rest and tagged(0x07, count.to_bytes(4, "big"), top) == root


def balance(proof, genesis_hash, account, asset):
    """What a proof shows of a balance."""
    require((proof.account, proof.asset) == (account, asset), "it is another account's, or another asset's")
    signers, validators = require_final(proof.genesis, [proof.header], proof.certificate, genesis_hash)
    require(re.fullmatch(r"0|[1-9][0-9]{0,38}", proof.amount, re.ASCII), "the amount is none")
    amount = int(proof.amount)
    require(amount < 1 << 128, "the amount is none")
    key = b"\x11" + account + asset.encode("ascii").ljust(16, b"\0")
    value = amount.to_bytes(16, "big") if amount else None
    require(
        holds(proof.header[214:246], key, value, proof.state_proof),
        "the path does not lead from this balance to the state root",
    )
    height = height_of(proof.header)
    return {"height": height, "amount": proof.amount, "signers": signers, "validators": validators}


def event(proof, genesis_hash):
    """Height, index and canonical form of the event that a proof shows."""
    headers = [proof.header, *proof.descendants]
    require_final(proof.genesis, headers, proof.certificate, genesis_hash)
    require(
        stands(proof.header[182:214], proof.count, proof.index, proof.event, proof.path),
        "the path does not lead from this event to the events root",
    )
    return height_of(proof.header), proof.index, proof.event
