// SPDX-License-Identifier: Apache-2.0
// A proof's file: JSON of strings and lists of strings, one spelling each. proto/README.md describes it.
import { fromHex, SYMBOL } from './bytes.js';
import { DESCENDANTS } from './records.js';

export const MAX_BYTES = 16 * 1024 * 1024;
const FORMAT = 'tokenledger-proof/3';
const PATH = 256;
const AMOUNT_MAX = 2n ** 128n - 1n;

const BASE = { format: 'text', kind: 'text', genesis: 'bytes', header: 'bytes', certificate: 'bytes' };
const STATE = {
  asset: 'symbol', amount: 'amount', stateProof: 'bytes', assetState: 'bytes', assetProof: 'bytes',
};
const KEYS = {
  balance: { ...BASE, account: 'bytes', ...STATE },
  supply: { ...BASE, ...STATE },
  event: { ...BASE, descendants: DESCENDANTS, index: 'u32', count: 'u32', event: 'bytes', path: PATH },
};

/** Why a text is no bundle: a code for the page's words, and what they need. */
export class BadBundle extends Error {
  constructor(code, args = {}) {
    super(code);
    this.code = code;
    this.args = args;
  }
}

/** Reads a file's text. */
export function readBundle(text) {
  if (text.length > MAX_BYTES) throw new BadBundle('tooLong');
  // No value of a bundle needs an escape; without any, keys can be counted, and none stands there twice.
  if (text.includes('\\')) throw new BadBundle('notJson');
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadBundle('notJson');
  }
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw new BadBundle('notJson');
  if (json.format !== FORMAT) throw new BadBundle('wrongFormat', { expected: FORMAT });
  if (typeof json.kind !== 'string' || !Object.hasOwn(KEYS, json.kind)) throw new BadBundle('wrongKind');
  const keys = KEYS[json.kind];
  const found = Object.keys(json);
  for (const key of Object.keys(keys)) {
    if (!Object.hasOwn(json, key)) throw new BadBundle('missingKey', { key });
  }
  for (const key of found) {
    if (!Object.hasOwn(keys, key)) throw new BadBundle('unknownKey', { key: key.slice(0, 40) });
  }
  if (text.match(/"\s*:/g).length !== found.length) throw new BadBundle('keyTwice');
  return Object.fromEntries(found.map((key) => [key, value(key, keys[key], json[key])]));
}

function value(key, type, given) {
  const read = typeof type === 'number' ? list(type, given) : one(type, given);
  if (read === null) throw new BadBundle('badValue', { key });
  return read;
}

function list(most, given) {
  if (!Array.isArray(given) || given.length > most) return null;
  const items = given.map((item) => one('bytes', item));
  return items.includes(null) ? null : items;
}

function one(type, given) {
  if (typeof given !== 'string') return null;
  switch (type) {
    case 'bytes': return fromHex(given);
    case 'symbol': return SYMBOL.test(given) ? given : null;
    case 'amount': return decimal(given, AMOUNT_MAX);
    case 'u32': {
      const number = decimal(given, 0xffffffffn);
      return number === null ? null : Number(number);
    }
    default: return given;
  }
}

function decimal(text, most) {
  if (!/^(?:0|[1-9][0-9]{0,38})$/.test(text)) return null;
  const number = BigInt(text);
  return number <= most ? number : null;
}
