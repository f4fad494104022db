// SPDX-License-Identifier: Apache-2.0
// What a verified proof says, as labels and texts. Western digits in both languages, grouped as each does.
import { toHex } from './bytes.js';
import { keccak_256 } from './vendor/sha3.js';
import { text } from './texts.js';
import { valueKeys } from './words.js';

// The calendar of JavaScript ends there.
const LAST_MS = 8640000000000000n;

/** An address with its EIP-55 checksum. */
export function address(bytes) {
  const digits = toHex(bytes);
  const sum = toHex(keccak_256(new TextEncoder().encode(digits)));
  return '0x' + [...digits].map((c, i) => (sum[i] >= '8' ? c.toUpperCase() : c)).join('');
}

/** 1,234,567.80; in Urdu 12,34,567.80. */
export function amount(units, decimals, language) {
  const digits = units.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const step = language === 'ur' ? 2 : 3;
  let grouped = whole.slice(-3);
  for (let end = whole.length - 3; end > 0; end -= step) {
    grouped = whole.slice(Math.max(0, end - step), end) + ',' + grouped;
  }
  return decimals === 0 ? grouped : `${grouped}.${digits.slice(-decimals)}`;
}

export function time(ms, language) {
  if (ms > LAST_MS) return ms.toString();
  const iso = new Date(Number(ms)).toISOString();
  return text(language, 'utc', { time: iso.slice(0, 19).replace('T', ' ') });
}

/** Lines of label and text; code: to be shown as it is, from left to right. */
export function facts(shown, language) {
  const say = (key, args) => text(language, key, args);
  const lines = [
    { label: say('fact_network'), value: shown.network },
    { label: say('fact_genesis'), value: shown.genesisHash, code: true },
  ];
  if (shown.kind === 'event') {
    const { event } = shown;
    lines.push(
      { label: say('fact_event'), value: say(`event_${event.name}`) },
      { label: say('fact_place'), value: say('place', { index: shown.index, last: shown.count - 1 }) },
      ...event.fields.map((field) => fact(field, language)),
      {
        label: say('fact_cause'),
        value: event.transaction === null
          ? say('ownWork')
          : say('transaction', { number: event.transaction }),
      });
  } else {
    const { asset } = shown;
    const name = (language === 'ur' && asset.nameUrdu) || asset.name;
    if (shown.kind === 'balance') {
      lines.push({ label: say('fact_account'), value: address(shown.account), code: true });
    }
    lines.push(
      { label: say('fact_asset'), value: asset.symbol, code: true },
      ...(name === '' ? [] : [{ label: '', value: name }]),
      {
        label: say(`fact_${shown.kind}`),
        value: say('units', {
          amount: amount(shown.amount, asset.decimals, language), decimals: asset.decimals,
        }),
      });
  }
  lines.push(
    { label: say('fact_height'), value: amount(shown.height, 0, language) },
    { label: say('fact_time'), value: time(shown.time, language) },
    {
      label: say('fact_signers'),
      value: say('signersOf', { signers: shown.signers, validators: shown.validators }),
    });
  return lines;
}

function fact({ label, type, value }, language) {
  const line = { label: text(language, `field_${label}`) };
  const keys = valueKeys(type, value);
  if (keys !== null) {
    const separator = language === 'ur' ? '، ' : ', ';
    return { ...line, value: keys.map((key) => text(language, key)).join(separator) };
  }
  switch (type) {
    case 'address': return { ...line, value: address(value), code: true };
    case 'hash': return { ...line, value: toHex(value), code: true };
    case 'symbol': return { ...line, value, code: true };
    case 'amount': return { ...line, value: text(language, 'atomic', { amount: amount(value, 0, language) }) };
    case 'time': return { ...line, value: time(value, language) };
    case 'place': return { ...line, value: `${value.block}: ${toHex(value.hash)}`, code: true };
    default: return { ...line, value: value.toString() };
  }
}
