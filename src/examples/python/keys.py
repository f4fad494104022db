# SPDX-License-Identifier: Apache-2.0
"""secp256k1, Keccak and keystores, from Debian's python3-ecdsa and python3-pycryptodome.

python3-ecdsa is plain Python, and its authors say that it gives secrets away to whoever can measure its
time: right for an example and for checking signatures. What signs for real money is an HSM or a custodian's
signer; it gets the 32 bytes of `digest`.
"""

import hashlib
import json

from Cryptodome.Cipher import AES
from Cryptodome.Hash import keccak
from ecdsa import MalformedPointError, SECP256k1, SigningKey, VerifyingKey, numbertheory
from ecdsa.util import sigdecode_string, sigencode_string_canonize


def keccak256(*parts):
    state = keccak.new(digest_bits=256)
    for part in parts:
        state.update(part)
    return state.digest()


def digest(chain_id, genesis, body):
    """The EIP-712 digest of a transaction's body on one network."""
    domain = keccak256(
        keccak256(b"EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)"),
        keccak256(b"TokenLedger"),
        keccak256(b"1"),
        chain_id.to_bytes(32, "big"),
        genesis,
    )
    message = keccak256(keccak256(b"LedgerTransaction(bytes body)"), keccak256(body))
    return keccak256(b"\x19\x01", domain, message)


def address_of(key):
    return keccak256(key.to_string())[12:]


def signers_of(signature, message):
    """The addresses whose keys could have made a signature: that of v = 27, and that of 28; or none."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    order = SECP256k1.order
    if not (0 < r < order and 0 < s <= order // 2 and signature[64:] in (b"\x1b", b"\x1c")):
        return []
    try:
        keys = VerifyingKey.from_public_key_recovery_with_digest(
            signature[:64], message, SECP256k1, hashfunc=hashlib.sha256, sigdecode=sigdecode_string
        )
    except (numbertheory.Error, MalformedPointError):
        # Half of all numbers are no point of the curve.
        return []
    return [address_of(key) for key in keys]


def sign(key, message):
    """r, s in the lower half, v; with the nonces of RFC 6979."""
    pair = key.sign_digest_deterministic(
        message, hashfunc=hashlib.sha256, sigencode=sigencode_string_canonize
    )
    mine = address_of(key.verifying_key)
    return pair + bytes([27 + signers_of(pair + b"\x1b", message).index(mine)])


def open_keystore(path, password):
    """A Web3 Secret Storage keystore, version 3, with scrypt and AES-128-CTR."""
    with open(path, encoding="utf-8") as file:
        crypto = json.load(file)["crypto"]
    cost = crypto["kdfparams"]
    derived = hashlib.scrypt(
        password,
        salt=bytes.fromhex(cost["salt"]),
        n=cost["n"],
        r=cost["r"],
        p=cost["p"],
        maxmem=256 * cost["n"] * cost["r"],
        dklen=cost["dklen"],
    )
    sealed = bytes.fromhex(crypto["ciphertext"])
    if keccak256(derived[16:32], sealed).hex() != crypto["mac"]:
        raise ValueError("the password is not this keystore's")
    counter = bytes.fromhex(crypto["cipherparams"]["iv"])
    cipher = AES.new(derived[:16], AES.MODE_CTR, initial_value=counter, nonce=b"")
    return SigningKey.from_string(cipher.decrypt(sealed), SECP256k1)
