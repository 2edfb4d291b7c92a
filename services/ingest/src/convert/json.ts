import { isSafeNumber } from 'lossless-json';
import { Unreadable } from './unreadable.ts';

/** Deeper than any vendor nests, far below what could exhaust a stack. */
const mostDepth = 128;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Fewer characters than these a double holds exactly. */
const longAt = 16;

const open = 0x5b;
const openBrace = 0x7b;
const close = 0x5d;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const colon = 0x3a;

const digit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
/** `.`, `+`, `-`, `e` and `E`: what stands in a number besides digits. */
const inNumber = (byte: number): boolean => digit(byte) || byte === 0x2e || byte === 0x2b || byte === minus || byte === 0x65 || byte === 0x45;
const space = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** A number as JSON writes it (https://www.rfc-editor.org/rfc/rfc8259#section-6). */
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** What one look at the bytes of a JSON text tells. */
interface Shape {
  readonly tooDeep: boolean;
  /** First and last byte (that one not) of every number that a double would change. */
  readonly inexact: readonly (readonly [number, number])[];
}

function shapeOf(bytes: Uint8Array, most: number): Shape {
  const inexact: [number, number][] = [];
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
    } else if (byte === open || byte === openBrace) {
      if (++depth > most) return { tooDeep: true, inexact };
    } else if (byte === close || byte === closeBrace) {
      depth--;
    } else if (byte === minus || digit(byte)) {
      const start = at;
      while (at + 1 < bytes.length && inNumber(bytes[at + 1] as number)) at++;
      if (at + 1 - start >= longAt && changes(bytes, start, at + 1)) inexact.push([start, at + 1]);
    }
  }
  return { tooDeep: false, inexact };
}

/** Whether a double would change the number; what is no number, or stands where a name must, is left for the parser to refuse. */
function changes(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  let after = end;
  while (after < bytes.length && space(bytes[after] as number)) after++;
  return bytes[after] !== colon && number.test(digits) && !isSafeNumber(digits);
}

/** The same JSON with these numbers as text: `1` → `"1"`. */
function quoted(bytes: Uint8Array, numbers: Shape['inexact']): Uint8Array {
  const mark = Uint8Array.of(quote);
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const [start, end] of numbers) {
    parts.push(bytes.subarray(done, start), mark, bytes.subarray(start, end), mark);
    done = end;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}

/**
 * JSON in which numbers that a double cannot hold (64-bit ids, long decimals) arrive as their own digits, as text; every
 * other number is a number. @throws Unreadable
 */
export function readJson(bytes: Uint8Array): unknown {
  const { tooDeep, inexact } = shapeOf(bytes, mostDepth);
  if (tooDeep) throw new Unreadable('depth', '$', `nests deeper than ${mostDepth} levels`);
  try {
    return JSON.parse(utf8.decode(inexact.length === 0 ? bytes : quoted(bytes, inexact))) as unknown;
  } catch {
    throw new Unreadable('json', '$', 'is no JSON text in UTF-8');
  }
}
