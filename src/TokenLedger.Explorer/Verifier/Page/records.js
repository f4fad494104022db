// SPDX-License-Identifier: Apache-2.0
// The ledger's records, as far as proofs hold them. Limits are those of TokenLedger.Core's Limits.
import { Malformed } from './bytes.js';

const NAME = 128;
const REFERENCE = 256;
export const VALIDATORS = 31;
export const DESCENDANTS = 1024;
export const EVENTS = 122272;

export function readHeader(r) {
  const version = r.u16();
  if (version !== 1) throw new Malformed('version', { version });
  return {
    genesisHash: r.hash(),
    epoch: r.u64(),
    height: r.u64(),
    view: r.u64(),
    parent: r.hash(),
    time: r.u64(),
    proposer: r.address(),
    transactionsRoot: r.hash(),
    receiptsRoot: r.hash(),
    eventsRoot: r.hash(),
    stateRoot: r.hash(),
    validators: r.hash(),
    nextValidators: r.hash(),
    history: r.hash(),
  };
}

/** The subject's bytes are what is signed, behind the genesis hash and without the kind. */
export function readCertificate(r) {
  const kind = r.enumeration(1, 3);
  const epoch = r.u64();
  const view = r.u64();
  const block = r.hash();
  const signers = r.u32();
  if (signers === 0 || signers > 0x7fffffff) throw new Malformed('signers');
  const indices = [];
  for (let i = 0; i < VALIDATORS; i++) {
    if ((signers >>> i) & 1) indices.push(i);
  }
  return { kind, epoch, view, block, signatures: indices.map((index) => ({ index, bytes: r.take(65) })) };
}

/**
 * The beginning of a genesis document, up to its validators. What follows (institutions, accounts, assets,
 * policies) is covered by the document's hash and not needed here.
 */
export function readGenesis(r) {
  const version = r.u16();
  if (version !== 1) throw new Malformed('version', { version });
  const network = r.text(NAME);
  const chainId = r.u64();
  const time = r.u64();
  r.u32();
  r.u32();
  const start = r.at;
  const validators = r.list(VALIDATORS, () => ({ name: r.text(NAME), address: r.address(), tls: r.hash() }));
  if (validators.length === 0) throw new Malformed('noValidator');
  return { network, chainId, time, validators, validatorBytes: r.bytes.subarray(start, r.at) };
}

export function readStateProof(r) {
  const siblings = r.list(256, () => r.hash());
  return { siblings, other: r.bool() ? { keyHash: r.hash(), valueHash: r.hash() } : null };
}

export function readAsset(r) {
  const asset = {
    symbol: r.symbol(),
    class: r.enumeration(1, 11),
    name: r.text(NAME),
    nameUrdu: r.text(NAME),
    decimals: r.u8(),
  };
  r.amount();
  r.amount();
  r.address();
  r.text(12);
  r.u64();
  r.u64();
  r.u32();
  r.u8();
  r.enumeration(0, 6);
  r.list(32, () => [r.text(32), r.text(256)]);
  asset.cap = r.amount();
  asset.paused = r.bool();
  r.u16();
  return asset;
}

const READ = {
  address: (r) => r.address(),
  amount: (r) => r.amount(),
  hash: (r) => r.hash(),
  u64: (r) => r.u64(),
  yesNo: (r) => Number(r.bool()),
  time: (r) => r.u64(),
  count: (r) => BigInt(r.u8()),
  code: (r) => BigInt(r.u16()),
  text: (r) => r.text(REFERENCE),
  symbol: (r) => r.symbol(),
  duties: (r) => r.enumeration(0, 7),
  stops: (r) => r.enumeration(0, 7),
  accountKind: (r) => r.enumeration(1, 5),
  freeze: (r) => r.enumeration(0, 2),
  class: (r) => r.enumeration(1, 11),
  message: (r) => r.enumeration(1, 3),
  lock: (r) => r.enumeration(1, 5),
  place: (r) => ({ block: r.u64(), hash: r.hash(), transaction: r.hash() }),
};

const CHAIN = ['chain', 'u64'];
const ASSET = ['asset', 'symbol'];
const AMOUNT = ['amount', 'amount'];
const TRANSFERRED = ['transferred', ASSET, ['from', 'address'], ['to', 'address'], AMOUNT,
  ['fromAfter', 'amount'], ['toAfter', 'amount']];
const TAGGED = 7;
// Behind the transaction's number.
const KIND_AT = 4;

// Kind: name, then its fields in order, each a name and how it is read.
const KINDS = {
  1: ['unitsIssued', ASSET, ['to', 'address'], AMOUNT, ['balanceAfter', 'amount'], ['supplyAfter', 'amount']],
  2: ['unitsBurned', ASSET, ['from', 'address'], AMOUNT, ['balanceAfter', 'amount'], ['supplyAfter', 'amount']],
  3: TRANSFERRED,
  4: ['accountRegistered', ['account', 'address'], ['kind', 'accountKind'], ['institution', 'address'],
    ['registrar', 'address']],
  5: ['accountFrozen', ['account', 'address'], ['mode', 'freeze'], ['legalReference', 'text'],
    ['document', 'hash']],
  6: ['accountUnfrozen', ['account', 'address'], ['legalReference', 'text']],
  [TAGGED]: [...TRANSFERRED, ['tag', 'u64'], ['sourceTag', 'u64']],
  8: ['tagRequirementSet', ['account', 'address'], ['required', 'yesNo'], ['by', 'address']],
  20: ['assetCreated', ASSET, ['class', 'class'], ['cap', 'amount'], ['issuer', 'address']],
  21: ['documentAttached', ASSET, ['document', 'hash']],
  22: ['assetCapSet', ASSET, ['cap', 'amount']],
  23: ['assetPaused', ASSET, ['reason', 'text']],
  24: ['assetResumed', ASSET, ['reason', 'text']],
  40: ['officerGranted', ['institution', 'address'], ['officer', 'address'], ['duties', 'duties']],
  41: ['officerRevoked', ['institution', 'address'], ['officer', 'address']],
  42: ['proposalOpened', ['proposal', 'u64'], ['officer', 'address'], ['payload', 'hash']],
  43: ['proposalApproved', ['proposal', 'u64'], ['officer', 'address']],
  44: ['proposalScheduled', ['proposal', 'u64'], ['executesAt', 'time']],
  45: ['proposalExecuted', ['proposal', 'u64']],
  46: ['proposalCancelled', ['proposal', 'u64'], ['officer', 'address'], ['reason', 'text']],
  47: ['proposalFailed', ['proposal', 'u64'], ['code', 'code']],
  60: ['bridgeSignersSet', CHAIN, ['epoch', 'u64'], ['signers', 'count']],
  61: ['bridgeTokenMapped', CHAIN, ASSET, ['token', 'address']],
  62: ['bridgeLocked', CHAIN, ['number', 'u64'], ASSET, ['from', 'address'], AMOUNT, ['recipient', 'address']],
  63: ['bridgeMessageOpened', CHAIN, ['number', 'u64'], ['kind', 'message']],
  64: ['bridgeLockClosed', CHAIN, ['number', 'u64'], ['status', 'lock'], ['place', 'place']],
  65: ['bridgeReleased', CHAIN, ['number', 'u64'], ASSET, ['to', 'address'], ['tag', 'u64'], AMOUNT],
  66: ['bridgeSuspended', CHAIN, ['number', 'u64'], ['code', 'code']],
  67: ['bridgeStopsSet', CHAIN, ['stops', 'stops'], ['reason', 'text']],
  68: ['bridgeSupplyAgreed', CHAIN, ASSET, ['supply', 'amount'], ['burns', 'u64'], ['place', 'place']],
};

/** An event's kind when this page does not know it; null for a known one, and for no event. */
export function unknownKind(bytes) {
  const kind = bytes.length > KIND_AT ? bytes[KIND_AT] : null;
  return kind === null || Object.hasOwn(KINDS, kind) ? null : kind;
}

/** An event: its name, the transaction of its block that caused it (null: none), and its fields. */
export function readEvent(r) {
  const transaction = r.u32();
  const kind = r.u8();
  const [name, ...fields] = KINDS[kind];
  const event = {
    name,
    transaction: transaction === 0xffffffff ? null : transaction,
    fields: fields.map(([label, type]) => ({ label, type, value: READ[type](r) })),
  };
  // A transfer without tags is of the other kind: there is one form for each event.
  if (kind === TAGGED && event.fields.slice(-2).every((one) => one.value === 0n)) throw new Malformed('noTag');
  return event;
}
