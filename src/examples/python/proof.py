# SPDX-License-Identifier: Apache-2.0
"""Checks a balance without trusting whoever sent it: certificate, header, Merkle path, balance. Nothing is
taken on trust but the genesis hash, which the caller has from elsewhere.

    python3 proof.py --genesis HASH --account 0x... --asset SYMBOL --node HOST:PORT [--height N]
        [--tls-ca FILE] [--api-key-file FILE]
    python3 proof.py --genesis HASH --account 0x... --asset SYMBOL --file PROOF.json [--height N]

The file is as `tl proof get` writes it. It ends with 9 when a step does not hold.
"""

import collections
import json

import proofs
from words import ACCESS, NotProved, Usage, Words, run

Proof = collections.namedtuple("Proof", "genesis header certificate account asset amount state_proof")


def from_file(path):
    with open(path, "rb") as file:
        content = file.read()
    names = ("genesis", "header", "certificate", "account", "stateProof")
    try:
        read = json.loads(content)
        kind = (read["format"], read["kind"])
        genesis, header, certificate, account, state_proof = (bytes.fromhex(read[name]) for name in names)
        asset, amount = str(read["asset"]), str(read["amount"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotProved("it is no proof of a balance") from error
    proofs.require(kind == ("tokenledger-proof/3", "balance"), "it is no proof of a balance")
    return Proof(genesis, header, certificate, account, asset, amount, state_proof)


def main():
    words = Words(("genesis", "account", "asset"), ("node", "file", "height", *ACCESS))
    if ("node" in words) == ("file" in words):
        raise Usage("One of --node and --file is needed.")
    genesis, account, asset = words.hash("genesis"), words.address("account"), words.asset("asset")
    height = words.number("height", 0)
    if "file" in words:
        proof = from_file(words["file"])
    else:
        node = words.nodes()[0]
        proof = node.query("GetBalanceProof", account=account, asset=asset, at_height=height or None).proof
    shown = proofs.balance(proof, genesis, account, asset)
    proofs.require(not height or shown["height"] == height, "it is of another height")
    print(json.dumps(shown))
    return 0


if __name__ == "__main__":
    run(main)
