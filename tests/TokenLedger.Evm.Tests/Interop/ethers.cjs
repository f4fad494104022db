// SPDX-License-Identifier: Apache-2.0
// Reads cases, one JSON object a line, from the file of the first argument, and writes what ethers makes of each, one
// JSON value a line, to that of the second. Run by EthersTests.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const {
  AbiCoder, Interface, SigningKey, Transaction, TypedDataEncoder, Wallet, decodeRlp, encodeRlp, encryptKeystoreJsonSync,
} = require('ethers');

const abi = AbiCoder.defaultAbiCoder();

// All of a result, numbers as decimal text. A part that does not decode throws when it is touched.
function plain(value) {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return Array.from(value, plain);
}

const kinds = {
  rlp: ({ value }) => encodeRlp(value),
  unrlp: ({ hex }) => plain(decodeRlp(hex)),
  abi: ({ types, values }) => abi.encode(types, values),
  unabi: ({ types, hex }) => plain(abi.decode(types, hex)),
  selector: ({ signature }) => new Interface([`function ${signature}`]).fragments[0].selector,
  topic: ({ signature }) => new Interface([`event ${signature}`]).fragments[0].topicHash,
  typed: ({ json }) => {
    const { types, domain, message, primaryType } = JSON.parse(json);
    delete types.EIP712Domain; // ethers derives it from the domain
    const encoder = TypedDataEncoder.from(types);
    if (encoder.primaryType !== primaryType) throw new Error(`primary type ${encoder.primaryType}`);
    return [TypedDataEncoder.hash(domain, types, message), TypedDataEncoder.hashDomain(domain),
      encoder.encodeType(primaryType)];
  },
  transaction: ({ key, fields }) => {
    const transaction = Transaction.from({ ...fields, type: 2 });
    transaction.signature = new SigningKey(key).sign(transaction.unsignedHash);
    return [transaction.serialized, transaction.hash, transaction.unsignedHash, transaction.from.toLowerCase()];
  },
  parse: ({ raw }) => {
    const transaction = Transaction.from(raw);
    return [transaction.hash, transaction.from.toLowerCase(), transaction.nonce, transaction.value.toString()];
  },
  keystore: ({ password, keystore }) => {
    const wallet = Wallet.fromEncryptedJsonSync(keystore, password);
    return [wallet.address.toLowerCase(), wallet.privateKey,
      encryptKeystoreJsonSync(wallet, password, { scrypt: { N: 1024 } })];
  },
};

const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line);
writeFileSync(process.argv[3], lines.map((line) => {
  const one = JSON.parse(line);
  try {
    return JSON.stringify({ ok: kinds[one.kind](one) });
  } catch (e) {
    return JSON.stringify({ error: String(e.message).slice(0, 200) });
  }
}).join('\n') + '\n');
