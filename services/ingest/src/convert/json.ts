import { isSafeNumber, parse as parseLossless } from 'lossless-json';
import { Unreadable } from './unreadable.ts';

/** Deeper than any vendor nests, far below what could exhaust a stack. */
const mostDepth = 128;

/** Digits in a row that a double may not hold exactly. */
const longNumber = /\d[\d.]{15}/;

const open = 0x5b;
const openBrace = 0x7b;
const close = 0x5d;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets nest deeper than `most`, text in quotes left out of account. */
export function nestsDeeperThan(bytes: Uint8Array, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
    } else if (byte === open || byte === openBrace) {
      if (++depth > most) return true;
    } else if (byte === close || byte === closeBrace) {
      depth--;
    }
  }
  return false;
}

/**
 * JSON in which numbers that a double cannot hold (64-bit ids, long decimals) arrive as their own digits, as text; every
 * other number is a number. @throws Unreadable
 */
export function readJson(bytes: Uint8Array): unknown {
  if (nestsDeeperThan(bytes, mostDepth)) throw new Unreadable('depth', '$', `nests deeper than ${mostDepth} levels`);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  try {
    const json = text.decode(bytes);
    if (!longNumber.test(json)) return JSON.parse(json) as unknown;
    return parseLossless(json, undefined, (digits) => (isSafeNumber(digits) ? Number(digits) : digits));
  } catch {
    throw new Unreadable('json', '$', 'is no JSON text in UTF-8');
  }
}
