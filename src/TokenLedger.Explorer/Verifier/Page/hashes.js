// SPDX-License-Identifier: Apache-2.0
// SHA-256 with the ledger's one-byte tags, by the browser itself; Merkle trees; and who signed a hash.
import { join, same, u32 } from './bytes.js';
import { keccak_256 } from './vendor/sha3.js';
import { recoverPublicKey } from './vendor/secp256k1.js';

export const TAG = {
  stateLeaf: 0x01,
  stateNode: 0x02,
  stateKey: 0x03,
  stateValue: 0x04,
  listLeaf: 0x05,
  listNode: 0x06,
  listRoot: 0x07,
  header: 0x10,
  genesis: 0x12,
  validatorSet: 0x13,
  finalize: 0x22,
};

const ZERO = new Uint8Array(32);
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Whether this browser offers SHA-256 to this page: it does over https and from a saved file. */
export function canHash() {
  return globalThis.crypto?.subtle !== undefined;
}

/** SHA-256 over a tag and the parts. */
export async function hash(tag, ...parts) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(new Uint8Array([tag]), ...parts)));
}

/** The address whose key made a recoverable signature over a digest; null when the signature is not right. */
export function signerOf(digest, signature) {
  const recovery = signature[64] - 27;
  const s = signature.subarray(32, 64).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if ((recovery !== 0 && recovery !== 1) || s === 0n || s > HALF_ORDER) return null;
  try {
    const recoverable = join(new Uint8Array([recovery]), signature.subarray(0, 64));
    const key = recoverPublicKey(recoverable, digest, { prehash: false, isCompressed: false });
    return keccak_256(key.subarray(1)).subarray(12);
  } catch {
    return null;
  }
}

/** Whether the state under a root has this value at the key; null asks whether it has none. */
export async function stateHas(root, key, value, path) {
  const keyHash = await hash(TAG.stateKey, key);
  if (value !== null) {
    if (path.other !== null) return false;
    const leaf = await hash(TAG.stateLeaf, keyHash, await hash(TAG.stateValue, value));
    return same(await climbState(keyHash, leaf, path.siblings), root);
  }
  if (path.other === null) return same(await climbState(keyHash, ZERO, path.siblings), root);
  // The other leaf must really stand on this key's path, and be another's.
  const { keyHash: other, valueHash } = path.other;
  if (same(other, keyHash) || commonBits(other, keyHash) < path.siblings.length) return false;
  const leaf = await hash(TAG.stateLeaf, other, valueHash);
  return same(await climbState(keyHash, leaf, path.siblings), root);
}

async function climbState(keyHash, leaf, siblings) {
  let top = leaf;
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    top = bit(keyHash, depth)
      ? await hash(TAG.stateNode, siblings[depth], top)
      : await hash(TAG.stateNode, top, siblings[depth]);
  }
  return top;
}

function bit(bytes, index) {
  return (bytes[index >> 3] >> (7 - (index & 7))) & 1;
}

function commonBits(a, b) {
  let count = 0;
  while (count < 256 && bit(a, count) === bit(b, count)) count++;
  return count;
}

/** Whether an item stands at an index of the list that has this root and length. */
export async function listHas(root, count, index, item, path) {
  const state = { used: 0 };
  const top = await climbList(count, index, await hash(TAG.listLeaf, item), path, state);
  return top !== null && state.used === path.length
    && same(await hash(TAG.listRoot, u32(count), top), root);
}

async function climbList(count, index, leaf, path, state) {
  if (count === 1) return leaf;
  // The largest power of two below the length.
  let split = 1;
  while (split * 2 < count) split *= 2;
  const left = index < split;
  const child = left
    ? await climbList(split, index, leaf, path, state)
    : await climbList(count - split, index - split, leaf, path, state);
  if (child === null || state.used >= path.length) return null;
  const sibling = path[state.used++];
  return left ? hash(TAG.listNode, child, sibling) : hash(TAG.listNode, sibling, child);
}
