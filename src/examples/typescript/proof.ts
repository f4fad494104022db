// SPDX-License-Identifier: Apache-2.0
// Checks a balance without trusting whoever sent it: certificate → header → Merkle path → balance. Nothing
// is taken on trust but the genesis hash, which the caller has from elsewhere.
//
//   node proof.ts --genesis HASH --account 0x… --asset SYMBOL --node HOST:PORT [--height N]
//   node proof.ts --genesis HASH --account 0x… --asset SYMBOL --file PROOF.json
//
// The file is as `tl proof get` writes it. It ends with 9 when a step does not hold.

import * as fs from "node:fs";
import { recoverAddress } from "ethers";
import { bytes, hash, hex, Node, options } from "./ledger.ts";

const FINALIZE = 3;

interface BalanceProof {
  genesis: Buffer;
  header: Buffer;
  certificate: Buffer;
  account: Buffer;
  asset: string;
  amount: string;
  stateProof: Buffer;
}

/**
 * Reads the canonical form: big-endian numbers, lengths of four bytes. See src/TokenLedger.Core/FORMAT.md.
 */
class Reader {
  #at = 0;
  readonly #from: Buffer;

  constructor(from: Buffer) {
    this.#from = from;
  }

  take(length: number): Buffer {
    require(this.#at + length <= this.#from.length, "a part is cut off");
    return this.#from.subarray(this.#at, (this.#at += length));
  }

  number(length: number): bigint {
    return BigInt("0x" + hex(this.take(length)));
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: Number(this.number(4)) }, read);
  }

  end(): void {
    require(this.#at === this.#from.length, "a part has left-over bytes");
  }
}

function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) {
    throw new Error(otherwise);
  }
}

/**
 * The vote addresses, in their order: a genesis document begins with name, chain id and times, then has
 * them.
 */
function validatorsOf(genesis: Buffer): { addresses: Buffer[]; setHash: Buffer } {
  const reader = new Reader(genesis);
  reader.take(2);
  reader.take(Number(reader.number(4)));
  reader.take(8 + 8 + 4 + 4);
  const parts: Buffer[] = [];
  const addresses = reader.list(() => {
    const length = reader.take(4);
    const name = reader.take(length.readUInt32BE());
    const [address, tls] = [reader.take(20), reader.take(32)];
    parts.push(length, name, address, tls);
    return address;
  });
  const count = Buffer.alloc(4);
  count.writeUInt32BE(addresses.length);
  return { addresses, setHash: hash(0x13, count, ...parts) };
}

/** At least n − f of the validators, each once, and no wrong signature, finalized this very header. */
function requireFinal(proof: BalanceProof, genesisHash: Buffer): { signers: number; validators: number } {
  const { addresses, setHash } = validatorsOf(proof.genesis);
  const { header } = proof;
  require(header.length === 342, "the header has another length");
  require(header.subarray(2, 34).equals(genesisHash), "the header is of another network");
  require(header.readBigUInt64BE(34) === 0n, "the header is of another epoch");
  require(header.subarray(246, 278).equals(setHash), "the header names other validators");
  const certificate = new Reader(proof.certificate);
  const kind = certificate.number(1);
  const [epoch, view, block] = [certificate.take(8), certificate.take(8), certificate.take(32)];
  require(
    kind === BigInt(FINALIZE) &&
      epoch.equals(header.subarray(34, 42)) &&
      view.equals(header.subarray(50, 58)) &&
      block.equals(hash(0x10, header)),
    "the certificate does not finalize this header",
  );
  const signers = certificate.number(4);
  require(signers >> BigInt(addresses.length) === 0n, "somebody who is no validator signed");
  const vote = hash(0x22, genesisHash, epoch, view, block);
  let count = 0;
  addresses.forEach((address, i) => {
    if ((signers >> BigInt(i)) & 1n) {
      const signature = "0x" + hex(certificate.take(65));
      require(bytes(recoverAddress(vote, signature)).equals(address), `validator ${i + 1} did not sign`);
      count++;
    }
  });
  certificate.end();
  const most = Math.floor((addresses.length - 1) / 3);
  require(count >= addresses.length - most, `${count} of ${addresses.length} validators signed, too few`);
  return { signers: count, validators: addresses.length };
}

/** True when the state under a root has this value at the key; null stands for no value. */
function holds(root: Buffer, key: Buffer, value: Buffer | null, proof: Buffer): boolean {
  const reader = new Reader(proof);
  const siblings = reader.list(() => reader.take(32));
  const other = reader.number(1) === 1n ? { key: reader.take(32), value: reader.take(32) } : undefined;
  reader.end();
  require(siblings.length <= 256, "the path is too long");
  const way = hash(0x03, key);
  const bit = (of: Buffer, i: number) => (of[i >> 3] >> (7 - (i & 7))) & 1;
  let node: Buffer = Buffer.alloc(32);
  if (value) {
    require(!other, "a proof of presence has no other leaf");
    node = hash(0x01, way, hash(0x04, value));
  } else if (other) {
    const shared = siblings.every((_, i) => bit(other.key, i) === bit(way, i));
    require(shared && !other.key.equals(way), "the other leaf does not stand in this one's place");
    node = hash(0x01, other.key, other.value);
  }

  for (let i = siblings.length - 1; i >= 0; i--) {
    node = bit(way, i) ? hash(0x02, siblings[i], node) : hash(0x02, node, siblings[i]);
  }

  return node.equals(root);
}

function verify(proof: BalanceProof, genesisHash: Buffer, account: Buffer, asset: string) {
  const asked = proof.account.equals(account) && proof.asset === asset;
  require(asked, "it is another account's, or another asset's");
  require(hash(0x12, proof.genesis).equals(genesisHash), "it is of another network");
  const final = requireFinal(proof, genesisHash);
  const key = Buffer.concat([Uint8Array.of(0x11), account, Buffer.from(asset.padEnd(16, "\0"), "latin1")]);
  const amount = BigInt(proof.amount);
  require(amount >= 0n && amount < 1n << 128n, "the amount is none");
  const value = amount === 0n ? null : bytes(amount.toString(16).padStart(32, "0"));
  const root = proof.header.subarray(214, 246);
  const leads = holds(root, key, value, proof.stateProof);
  require(leads, "the path does not lead from this balance to the state root");
  return { height: String(proof.header.readBigUInt64BE(42)), amount: proof.amount, ...final };
}

function fromFile(path: string): BalanceProof {
  const { kind, format, asset, amount, ...parts } = JSON.parse(fs.readFileSync(path, "utf8"));
  require(format === "tokenledger-proof/3" && kind === "balance", "it is no proof of a balance");
  const read = Object.entries(parts).map(([name, value]) => [name, bytes(value as string)]);
  return { asset, amount, ...Object.fromEntries(read) };
}

async function fromNode(address: string, account: Buffer, asset: string, height: string) {
  const request = { account, asset, ...(height ? { atHeight: height } : {}) };
  const { proof } = await new Node(address).queries<{ proof: BalanceProof }>("getBalanceProof", request);
  return proof;
}

const defaults = { node: "", file: "", height: "" };
const given = options(["genesis", "account", "asset", "node", "file", "height"], defaults);
const account = bytes(given.account);
try {
  const proof = given.file
    ? fromFile(given.file)
    : await fromNode(given.node.split(",")[0], account, given.asset, given.height);
  const shown = verify(proof, bytes(given.genesis), account, given.asset);
  require(!given.height || shown.height === given.height, "it is of another height");
  console.log(JSON.stringify(shown));
  process.exit(0);
} catch (error) {
  console.error(`not proved: ${(error as Error).message}`);
  process.exit(9);
}
