import { createHash, randomUUID } from 'node:crypto';
import { plainText } from '../plain-text.ts';
import type { Json } from './paths.ts';

const wrong = (text: string): Error => new Error(text);
const asText = (value: Json | undefined): string => {
  if (typeof value !== 'string') throw wrong('expected a text');
  return value;
};
const asList = (value: Json | undefined): Json[] => {
  if (!Array.isArray(value)) throw wrong('expected an array');
  return value;
};
const asWhole = (value: Json | undefined): number => {
  if (typeof value !== 'number') throw wrong('expected a number');
  return Math.round(value);
};
const asObject = (value: Json | undefined): { [key: string]: Json } => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('expected an object');
  return value;
};
/** Of texts that are encoded or hashed. */
const MOST_CHARACTERS = 10_000;
const limited = (text: string): string => {
  if (text.length > MOST_CHARACTERS) throw wrong(`more than ${MOST_CHARACTERS} characters`);
  return text;
};
/** The same whatever the order of keys. */
const canonical = (value: Json): string => JSON.stringify(value, (_key, each: Json) => (typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1))) : each));
const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
const MOST_ITEMS = 1000;

function format(template: Json, ...values: Json[]): Json {
  let used = 0;
  const text = asText(template).replace(/\\([{}])|\{\}/g, (_whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used += 1;
    return plainText(values[used - 1]);
  });
  if (used !== values.length) throw wrong(`${used} places for ${values.length} values`);
  return text;
}

function range(from: number, to: number, step: number): Json {
  if (step === 0) throw wrong('a step of 0');
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  if (count > MOST_ITEMS) throw wrong(`more than ${MOST_ITEMS} items`);
  return Array.from({ length: count }, (_each, at) => from + at * step);
}

function partition(list: Json[], size: number): Json {
  if (size < 1) throw wrong('chunks of less than one item');
  return Array.from({ length: Math.ceil(list.length / size) }, (_each, at) => list.slice(at * size, (at + 1) * size));
}

function itemAt(list: Json[], index: number): Json {
  if (index < 0 || index >= list.length) throw wrong(`no item ${index} in an array of ${list.length}`);
  return list[index] ?? null;
}

function hash(value: Json, algorithm: Json | undefined): Json {
  const name = HASHES[asText(algorithm)];
  if (name === undefined) throw wrong(`the algorithm must be one of ${Object.keys(HASHES).join(', ')}`);
  return createHash(name).update(limited(plainText(value))).digest('hex');
}

function merge(left: Json, right: Json | undefined, deep: Json | undefined): Json {
  if (deep !== false) throw wrong('only the shallow mode (false) is supported');
  return { ...asObject(left), ...asObject(right) };
}

interface Builtin { readonly least: number; readonly most: number; readonly run: (...args: Json[]) => Json }
const builtin = (least: number, most: number, run: (...args: Json[]) => Json): Builtin => ({ least, most, run });

/** The intrinsic functions, with the least and most number of arguments. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'States.Format': builtin(1, Infinity, (template = null, ...values) => format(template, ...values)),
  'States.StringToJson': builtin(1, 1, (text) => JSON.parse(asText(text)) as Json),
  'States.JsonToString': builtin(1, 1, (value = null) => JSON.stringify(value)),
  'States.Array': builtin(0, Infinity, (...values) => values),
  'States.ArrayPartition': builtin(2, 2, (list, size) => partition(asList(list), asWhole(size))),
  'States.ArrayContains': builtin(2, 2, (list, value = null) => asList(list).some((item) => canonical(item) === canonical(value))),
  'States.ArrayRange': builtin(3, 3, (from, to, step) => range(asWhole(from), asWhole(to), asWhole(step))),
  'States.ArrayGetItem': builtin(2, 2, (list, index) => itemAt(asList(list), asWhole(index))),
  'States.ArrayLength': builtin(1, 1, (list) => asList(list).length),
  'States.ArrayUnique': builtin(1, 1, (list) => [...new Map(asList(list).map((item) => [canonical(item), item])).values()]),
  'States.Base64Encode': builtin(1, 1, (text) => Buffer.from(limited(asText(text))).toString('base64')),
  'States.Base64Decode': builtin(1, 1, (text) => Buffer.from(limited(asText(text)), 'base64').toString('utf8')),
  'States.Hash': builtin(2, 2, (value = null, algorithm) => hash(value, algorithm)),
  'States.JsonMerge': builtin(3, 3, (left = null, right, deep) => merge(left, right, deep)),
  'States.MathRandom': builtin(2, 3, (from, to) => Math.floor(asWhole(from) + Math.random() * (asWhole(to) - asWhole(from)))),
  'States.MathAdd': builtin(2, 2, (left, right) => asWhole(left) + asWhole(right)),
  'States.StringSplit': builtin(2, 2, (text, by) => asText(text).split(new RegExp(`[${asText(by).replace(/[\]\\^-]/g, '\\$&')}]`)).filter((part) => part !== '')),
  'States.UUID': builtin(0, 0, () => randomUUID()),
};
