// SPDX-License-Identifier: Apache-2.0
// Bytes, and the reader of the ledger's canonical form: fixed-width big-endian numbers, bounded lists and
// texts, nothing left over. src/TokenLedger.Core/FORMAT.md describes the form.

/** Something that the canonical form does not allow: a code for the page's words, and what they need. */
export class Malformed extends Error {
  constructor(why, args = {}) {
    super(why);
    this.why = why;
    this.args = args;
  }
}

/** Lower-case hexadecimal digits to bytes; null for anything else. */
export function fromHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = digit(text.charCodeAt(2 * i)) * 16 + digit(text.charCodeAt(2 * i + 1));
  }
  return bytes;
}

function digit(code) {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** Bytes to lower-case hexadecimal digits. */
export function toHex(bytes) {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A number of 4 bytes, big-endian. */
export function u32(number) {
  return new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);
}

/** A number of up to 128 bits (a BigInt) in 16 bytes, big-endian. */
export function u128(number) {
  return fromHex(number.toString(16).padStart(32, '0'));
}

/** A symbol's 16 bytes: its letters, then zeros. */
export function symbolBytes(symbol) {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < symbol.length; i++) bytes[i] = symbol.charCodeAt(i);
  return bytes;
}

export const SYMBOL = /^[A-Z](?:[A-Z0-9-]{0,14}[A-Z0-9])$/;

/** Reads one value after another. */
export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(count) {
    if (count > this.bytes.length - this.at) throw new Malformed('short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  end() {
    const left = this.bytes.length - this.at;
    if (left !== 0) throw new Malformed('left', { left });
  }

  number(size) {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  big(size) {
    return BigInt('0x' + toHex(this.take(size)));
  }

  u8() {
    return this.number(1);
  }

  u16() {
    return this.number(2);
  }

  u32() {
    return this.number(4);
  }

  u64() {
    return this.big(8);
  }

  amount() {
    return this.big(16);
  }

  hash() {
    return this.take(32);
  }

  address() {
    return this.take(20);
  }

  bool() {
    const byte = this.u8();
    if (byte > 1) throw new Malformed('range', { found: byte, low: 0, high: 1 });
    return byte === 1;
  }

  /** One byte from the lowest to the highest of the values that are defined. */
  enumeration(low, high) {
    const byte = this.u8();
    if (byte < low || byte > high) throw new Malformed('range', { found: byte, low, high });
    return byte;
  }

  symbol() {
    const bytes = this.take(16);
    let length = bytes.indexOf(0);
    length = length < 0 ? 16 : length;
    const text = String.fromCharCode(...bytes.subarray(0, length));
    if (!SYMBOL.test(text) || bytes.subarray(length).some((byte) => byte !== 0)) {
      throw new Malformed('symbol');
    }
    return text;
  }

  text(most) {
    const length = this.u32();
    if (length > most) throw new Malformed('long', { found: length, most });
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(length));
    } catch (e) {
      if (e instanceof Malformed) throw e;
      throw new Malformed('utf8');
    }
  }

  list(most, item) {
    const count = this.u32();
    if (count > most) throw new Malformed('many', { found: count, most });
    return Array.from({ length: count }, () => item(this));
  }
}

/** Reads one value that fills the bytes. */
export function decode(bytes, read) {
  const reader = new Reader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}
