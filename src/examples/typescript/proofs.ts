// SPDX-License-Identifier: Apache-2.0
// Checks proofs without trusting whoever sent them: certificate → headers → Merkle path → what it leads to.
// Nothing is taken on trust but the genesis hash. No more than SHA-256 and secp256k1 is needed.

import { recoverAddress } from "ethers";
import { bytes, hash, hex } from "./ledger.ts";
import { NotProved } from "./words.ts";

const FINALIZE = 3;

export interface Finality {
  genesis: Buffer;
  header: Buffer;
  /** Headers after it, each the child of the one before, up to the one that the certificate finalizes. */
  descendants?: Buffer[];
  certificate: Buffer;
}

export interface BalanceProof extends Finality {
  account: Buffer;
  asset: string;
  amount: string;
  stateProof: Buffer;
}

export interface EventProof extends Finality {
  index: number;
  count: number;
  event: Buffer;
  path: Buffer[];
}

/**
 * Reads the canonical form: big-endian numbers, lengths of four bytes. See src/TokenLedger.Core/FORMAT.md.
 */
export class Reader {
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

export function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) {
    throw new NotProved(otherwise);
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

/**
 * At least n − f of the validators, each once, and no wrong signature, finalized the last of the headers, and
 * each is the parent of the next: so all are final.
 */
function requireFinal(proof: Finality, genesisHash: Buffer): { signers: number; validators: number } {
  require(hash(0x12, proof.genesis).equals(genesisHash), "it is of another network");
  const { addresses, setHash } = validatorsOf(proof.genesis);
  let last = proof.header;
  for (const header of [last, ...(proof.descendants ?? [])]) {
    require(header.length === 342, "the header has another length");
    require(header.subarray(2, 34).equals(genesisHash), "the header is of another network");
    require(header.readBigUInt64BE(34) === 0n, "the header is of another epoch");
    require(header.subarray(246, 278).equals(setHash), "the header names other validators");
    if (header !== last) {
      require(header.subarray(58, 90).equals(hash(0x10, last)), "the headers do not follow each other");
      require(heightOf(header) === heightOf(last) + 1n, "the headers do not follow each other");
    }

    last = header;
  }

  const certificate = new Reader(proof.certificate);
  const kind = certificate.number(1);
  const [epoch, view, block] = [certificate.take(8), certificate.take(8), certificate.take(32)];
  require(
    kind === BigInt(FINALIZE) &&
      epoch.equals(last.subarray(34, 42)) &&
      view.equals(last.subarray(50, 58)) &&
      block.equals(hash(0x10, last)),
    "the certificate does not finalize this header",
  );
  const signers = certificate.number(4);
  require(signers >> BigInt(addresses.length) === 0n, "somebody who is no validator signed");
  const vote = hash(0x22, genesisHash, epoch, view, block);
  let count = 0;
  addresses.forEach((address, i) => {
    if ((signers >> BigInt(i)) & 1n) {
      require(signed(vote, certificate.take(65), address), `validator ${i + 1} did not sign`);
      count++;
    }
  });
  certificate.end();
  const most = Math.floor((addresses.length - 1) / 3);
  require(count >= addresses.length - most, `${count} of ${addresses.length} validators signed, too few`);
  return { signers: count, validators: addresses.length };
}

function signed(vote: Buffer, signature: Buffer, address: Buffer): boolean {
  try {
    return bytes(recoverAddress(vote, "0x" + hex(signature))).equals(address);
  } catch {
    // Half of all numbers are no point of the curve.
    return false;
  }
}

const heightOf = (header: Buffer): bigint => header.readBigUInt64BE(42);

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

/** True when the list with this root and length has the item at that index. */
function stands(root: Buffer, count: number, index: number, item: Buffer, path: Buffer[]): boolean {
  const rest = [...path];
  const climb = (length: number, at: number): Buffer => {
    if (length === 1) {
      return hash(0x05, item);
    }

    const split = 2 ** (31 - Math.clz32(length - 1));
    const below = at < split ? climb(split, at) : climb(length - split, at - split);
    const beside = rest.shift();
    require(beside !== undefined, "the path is too short");
    return at < split ? hash(0x06, below, beside) : hash(0x06, beside, below);
  };
  require(index < count && count < 2 ** 31, "the index is out of range");
  const top = climb(count, index);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(count);
  return rest.length === 0 && hash(0x07, length, top).equals(root);
}

/** What a proof shows of a balance. */
export function balance(proof: BalanceProof, genesisHash: Buffer, account: Buffer, asset: string) {
  const asked = proof.account.equals(account) && proof.asset === asset;
  require(asked, "it is another account's, or another asset's");
  const final = requireFinal(proof, genesisHash);
  const key = Buffer.concat([Uint8Array.of(0x11), account, Buffer.from(asset.padEnd(16, "\0"), "latin1")]);
  require(/^(0|[1-9][0-9]{0,38})$/.test(proof.amount), "the amount is none");
  const amount = BigInt(proof.amount);
  require(amount < 1n << 128n, "the amount is none");
  const value = amount === 0n ? null : bytes(amount.toString(16).padStart(32, "0"));
  const root = proof.header.subarray(214, 246);
  const leads = holds(root, key, value, proof.stateProof);
  require(leads, "the path does not lead from this balance to the state root");
  return { height: String(heightOf(proof.header)), amount: proof.amount, ...final };
}

/** Height, index and canonical form of the event that a proof shows. */
export function event(proof: EventProof, genesisHash: Buffer) {
  requireFinal(proof, genesisHash);
  const leads = stands(proof.header.subarray(182, 214), proof.count, proof.index, proof.event, proof.path);
  require(leads, "the path does not lead from this event to the events root");
  return { height: String(heightOf(proof.header)), index: proof.index, event: proof.event };
}
