// SPDX-License-Identifier: Apache-2.0
// Checks a proof, trusting nothing but the genesis hash: genesis -> validators -> finality certificate ->
// header -> Merkle path -> balance, supply or event. The same steps, in the same order, as TokenLedger.Protocol's.
import { BadBundle, readBundle } from './bundle.js';
import { decode, join, Malformed, Reader, same, symbolBytes, toHex, u128 } from './bytes.js';
import { hash, listHas, signerOf, stateHas, TAG } from './hashes.js';
import { EVENTS, readAsset, readCertificate, readEvent, readGenesis, readHeader, readStateProof, unknownKind }
  from './records.js';

const FINALIZE = 3;
const LIST_PATH = 31;
const TABLE = { balance: 0x11, asset: 0x20, supply: 0x21 };

/** The steps of each kind, in their order. */
export const STEPS = {
  balance: ['file', 'network', 'header', 'certificate', 'path', 'asset'],
  supply: ['file', 'network', 'header', 'certificate', 'path', 'asset'],
  event: ['file', 'network', 'header', 'certificate', 'event'],
};

/** The step that failed, a code for the page's words, and what they need. */
export class Failure extends Error {
  constructor(step, code, args = {}) {
    super(`${step}.${code}`);
    this.step = step;
    this.code = code;
    this.args = args;
  }
}

/**
 * Verifies every step.
 * @param {string} text the file
 * @param {string|null} trusted the genesis hash that the reader trusts, 64 lower-case digits; null when the
 *   reader has not said: then the answer is only as good as the reader's own comparison of it
 * @param {(step: string, args: object) => void} passed told of each step that holds
 * @returns what the proof shows
 * @throws {Failure} at the first step that does not hold
 */
export async function verify(text, trusted, passed = () => {}) {
  const bundle = await guard('file', () => readBundle(text));
  passed('file', { kind: bundle.kind });
  const genesis = await checkNetwork(bundle, trusted);
  passed('network', genesis);
  const { header, last } = await guard('header', () => checkHeader(bundle, genesis));
  passed('header', { height: header.height, time: header.time, later: last.height });
  const signers = await guard('certificate', () => checkCertificate(bundle, genesis, last));
  passed('certificate', { signers, of: genesis.validators.map((one) => one.name), quorum: genesis.quorum });
  const shown = {
    kind: bundle.kind,
    genesisHash: genesis.hash,
    pinned: trusted !== null,
    network: genesis.network,
    height: header.height,
    time: header.time,
    signers: signers.length,
    validators: genesis.validators.length,
  };
  if (bundle.kind === 'event') {
    const event = await guard('event', () => checkEvent(bundle, header));
    passed('event', { index: bundle.index, count: bundle.count });
    return { ...shown, index: bundle.index, count: bundle.count, event };
  }

  await guard('path', () => checkAmount(bundle, header));
  passed('path', { kind: bundle.kind });
  const asset = await guard('asset', () => checkAsset(bundle, header));
  passed('asset', { symbol: asset.symbol, decimals: asset.decimals });
  return { ...shown, account: bundle.account, asset, amount: bundle.amount };
}

async function guard(step, check) {
  try {
    return await check();
  } catch (e) {
    if (e instanceof BadBundle) throw new Failure(step, e.code, e.args);
    if (e instanceof Malformed) throw new Failure(step, 'malformed', { why: e.why, ...e.args });
    throw e;
  }
}

async function checkNetwork(bundle, trusted) {
  const hashBytes = await hash(TAG.genesis, bundle.genesis);
  const found = toHex(hashBytes);
  if (trusted !== null && found !== trusted) {
    throw new Failure('network', 'other', { found, expected: trusted });
  }
  const genesis = await guard('network', () => readGenesis(new Reader(bundle.genesis)));
  const count = genesis.validators.length;
  return {
    ...genesis,
    hash: found,
    pinned: trusted !== null,
    quorum: count - Math.floor((count - 1) / 3),
    setHash: await hash(TAG.validatorSet, genesis.validatorBytes),
    hashBytes,
  };
}

function isOf(header, genesis) {
  return same(header.genesisHash, genesis.hashBytes) && header.epoch === 0n
    && same(header.validators, genesis.setHash);
}

/** The header, and the last of those after it: the one that the certificate must be of. */
async function checkHeader(bundle, genesis) {
  const header = decode(bundle.header, readHeader);
  if (!isOf(header, genesis)) throw new Failure('header', 'foreign');
  let last = { ...header, hash: await hash(TAG.header, bundle.header) };
  for (const bytes of bundle.descendants ?? []) {
    const child = decode(bytes, readHeader);
    if (!same(child.parent, last.hash) || child.height !== last.height + 1n || !isOf(child, genesis)) {
      throw new Failure('header', 'chain');
    }
    last = { ...child, hash: await hash(TAG.header, bytes) };
  }
  return { header, last };
}

/** The indices of the validators that signed. */
async function checkCertificate(bundle, genesis, last) {
  const certificate = decode(bundle.certificate, readCertificate);
  if (certificate.kind !== FINALIZE || certificate.epoch !== last.epoch || certificate.view !== last.view
    || !same(certificate.block, last.hash)) {
    throw new Failure('certificate', 'otherBlock');
  }
  // What was signed is the subject behind the kind: epoch, view, block.
  const digest = await hash(TAG.finalize, genesis.hashBytes, bundle.certificate.subarray(1, 49));
  const signers = certificate.signatures.map((one) => one.index);
  const right = certificate.signatures.every(({ index, bytes }) => {
    const signer = index < genesis.validators.length ? signerOf(digest, bytes) : null;
    return signer !== null && same(signer, genesis.validators[index].address);
  });
  if (!right || signers.length < genesis.quorum) {
    throw new Failure(
      'certificate', 'signatures', { quorum: genesis.quorum, validators: genesis.validators.length });
  }
  return signers;
}

async function checkAmount(bundle, header) {
  const balance = bundle.kind === 'balance';
  if (balance && bundle.account.length !== 20) throw new Failure('path', 'account');
  const key = balance
    ? join(new Uint8Array([TABLE.balance]), bundle.account, symbolBytes(bundle.asset))
    : join(new Uint8Array([TABLE.supply]), symbolBytes(bundle.asset));
  // No row stands for zero.
  const value = bundle.amount === 0n ? null : u128(bundle.amount);
  const path = decode(bundle.stateProof, readStateProof);
  if (!await stateHas(header.stateRoot, key, value, path)) {
    throw new Failure('path', 'none', { kind: bundle.kind });
  }
}

async function checkAsset(bundle, header) {
  const asset = decode(bundle.assetState, readAsset);
  const key = join(new Uint8Array([TABLE.asset]), symbolBytes(bundle.asset));
  const path = decode(bundle.assetProof, readStateProof);
  if (!await stateHas(header.stateRoot, key, bundle.assetState, path)) throw new Failure('asset', 'none');
  return asset;
}

async function checkEvent(bundle, header) {
  const { index, count, path } = bundle;
  if (count > EVENTS || index >= count || path.length > LIST_PATH) throw new Failure('event', 'range');
  const unknown = unknownKind(bundle.event);
  const event = unknown === null ? decode(bundle.event, readEvent) : null;
  if (path.some((hashBytes) => hashBytes.length !== 32)
    || !await listHas(header.eventsRoot, count, index, bundle.event, path)) {
    throw new Failure('event', 'none');
  }
  // The block has it: that this page is too old to read it must not look like a forgery.
  if (unknown !== null) throw new Failure('event', 'newKind', { kind: unknown });
  return event;
}
