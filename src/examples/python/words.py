# SPDX-License-Identifier: Apache-2.0
"""A program's --name VALUE pairs, and how it ends.

A name that it does not know, one that comes twice, one that is missing and a value that is not well formed
are refused before anything is done: a mistyped --tag is no payment without a tag.
"""

import re
import sys

import grpc
from keys import keccak256
from ledger import Node, refusal_of


class Usage(Exception):
    """The words are wrong: nothing was done."""


class NotProved(Exception):
    """What somebody showed does not hold."""


# What every program takes beside --node.
ACCESS = ("tls-ca", "api-key-file")


def run(main):
    """Ends with what main returns; with 2 for wrong words, 9 for what does not hold, 1 for all else."""
    try:
        sys.exit(main())
    except Usage as error:
        end, said = 2, str(error)
    except NotProved as error:
        end, said = 9, f"not proved: {error}"
    except grpc.RpcError as error:
        info = refusal_of(error)
        end, said = 1, f"{info.reason if info else error.code().name}: {error.details()}"
    except Exception as error:  # Whatever it was, it is told in a line and not as if all were well.
        end, said = 1, f"{type(error).__name__}: {error}"
    print(said, file=sys.stderr)
    sys.exit(end)


class Words:
    def __init__(self, required, optional=()):
        self.given = {}
        known = (*required, *optional)
        rest = sys.argv[1:]
        while rest:
            name = rest[0][2:] if rest[0].startswith("--") else ""
            if name not in known:
                raise Usage(f"'{rest[0]}' is none of: {' '.join('--' + each for each in known)}")
            if len(rest) == 1 or name in self.given:
                raise Usage(f"--{name} stands once, with one value.")
            self.given[name] = rest[1]
            rest = rest[2:]
        for name in required:
            if name not in self.given:
                raise Usage(f"--{name} is missing.")

    def __getitem__(self, name):
        return self.given[name]

    def __contains__(self, name):
        return name in self.given

    def get(self, name, otherwise=""):
        return self.given.get(name, otherwise)

    def number(self, name, otherwise, most=2**64 - 1):
        """Decimal digits, without a sign and without zeros before them."""
        if name not in self:
            return otherwise
        text = self._matching(name, r"0|[1-9][0-9]{0,38}", f"is no number from 0 to {most}")
        if int(text) > most:
            raise Usage(f"--{name} is no number from 0 to {most}.")
        return int(text)

    def amount(self, name):
        self.number(name, 0, 2**128 - 1)
        return self[name]

    def asset(self, name):
        return self._matching(name, r"[A-Z][A-Z0-9-]{0,14}[A-Z0-9]", "is no asset's symbol")

    def address(self, name):
        """0x and 40 digits, all in lower case or in the case that EIP-55 asks for."""
        digits = self._matching(name, r"0x[0-9a-fA-F]{40}", "is no address")[2:]
        small = digits.lower()
        marks = keccak256(small.encode()).hex()
        right = "".join(c.upper() if marks[i] > "7" else c for i, c in enumerate(small))
        if digits not in (small, right):
            raise Usage(f"--{name} is no address, or its checksum is wrong.")
        return bytes.fromhex(digits)

    def hash(self, name):
        return bytes.fromhex(self._matching(name, r"[0-9a-fA-F]{64}", "is no hash of 64 hexadecimal digits"))

    def request_id(self, name):
        """The 16 bytes of a UUID, however it is spelled: in either case, with its hyphens or without any."""
        hyphens = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
        return bytes.fromhex(
            self._matching(name, rf"[0-9a-fA-F]{{32}}|{hyphens}", "is no UUID").replace("-", "")
        )

    def nodes(self):
        """--node HOST:PORT[,HOST:PORT] [--tls-ca FILE] [--api-key-file FILE]. With a file of authorities in
        PEM the nodes speak TLS, and nobody else may vouch for them."""
        one = r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[1-9][0-9]{0,4}"
        here = r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\]):[0-9]+"
        addresses = self._matching("node", f"{one}(,{one})*", "is no HOST:PORT[,HOST:PORT]").split(",")
        authorities = key = None
        if "tls-ca" in self:
            with open(self["tls-ca"], "rb") as file:
                authorities = file.read()
            if b"-----BEGIN CERTIFICATE-----" not in authorities:
                raise Usage("--tls-ca is no file of certificates in PEM.")
        if "api-key-file" in self:
            if not authorities and not all(re.fullmatch(here, address) for address in addresses):
                raise Usage("--api-key-file goes over a network with --tls-ca only.")
            with open(self["api-key-file"], encoding="ascii", errors="replace") as file:
                key = file.readline().strip()
            if not re.fullmatch(r"tlk_[A-Za-z0-9_-]{43}", key):
                raise Usage("--api-key-file is no file with a key: tlk_ and 43 characters.")
        return [Node(address, authorities, key) for address in addresses]

    def _matching(self, name, form, otherwise):
        if not re.fullmatch(form, self[name], re.ASCII):
            raise Usage(f"--{name} {otherwise}.")
        return self[name]


def require_network(node, genesis):
    """Refuses a node of another network."""
    network = node.query("GetNetwork")
    if network.genesis_hash != genesis:
        raise NotProved(f"the node is of network {network.genesis_hash.hex()}, not of {genesis.hex()}")
    return network
