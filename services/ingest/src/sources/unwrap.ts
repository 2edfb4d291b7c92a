import { readJson, Unreadable } from '../convert/index.ts';
import { valueAt, type Path } from './place.ts';
import { xmlObject } from './xml.ts';

/** One step from what a sender writes to what it says. */
export type Unwrap =
  /** The body is form-encoded; this field of it holds JSON. */
  | { readonly form: string }
  /** The body is form-encoded, unless it begins with a brace; its fields become an object of texts. */
  | { readonly fields: true }
  /** The body is form-encoded; this field of it holds XML in base64, which becomes an object (xml.ts). */
  | { readonly xml: string }
  /** The body is a compact JWS, verified by then: its payload takes its place. What is opened already stays. */
  | { readonly jws: true }
  /** Text under a path holds JSON, as it stands or in base64; it takes the place of everything. `optional`: where it stands at all. */
  | { readonly text: Path; readonly as: 'json' | 'base64'; readonly optional?: true }
  /** What stands under a path takes the place of everything. `optional`: where it stands at all. */
  | { readonly inside: Path; readonly optional?: true }
  /** Each object of a list is an item of its own, routed and identified by itself; an empty path: the body is the list. */
  | { readonly each: Path; readonly optional?: true };

/** One item of a delivery, and where it stands in it. */
export interface Item {
  readonly payload: unknown;
  /** JSON path of the item in the body. */
  readonly path: string;
}

const below = (path: string, name: string): string => (name === '' ? path : `${path}.${name}`);

function textOf({ payload, path }: Item, name: Path): string {
  const found = valueAt(payload, name);
  if (typeof found !== 'string') throw new Unreadable(found === undefined ? 'missing' : 'type', below(path, name), found === undefined ? 'is missing' : 'must be text');
  return found;
}

/** JSON that stands in a text of the payload. */
function jsonIn(bytes: Uint8Array, path: string): unknown {
  try {
    return readJson(bytes);
  } catch (error) {
    throw error instanceof Unreadable ? new Unreadable(error.code, path, error.message) : error;
  }
}

function step(rule: Unwrap, item: Item): readonly Item[] {
  if ('form' in rule || 'jws' in rule || 'fields' in rule || 'xml' in rule) return [item]; // undone before
  if ('text' in rule) {
    if (rule.optional && valueAt(item.payload, rule.text) === undefined) return [item];
    const path = below(item.path, rule.text);
    return [{ payload: jsonIn(Buffer.from(textOf(item, rule.text), rule.as === 'json' ? 'utf8' : 'base64'), path), path }];
  }
  const name = 'inside' in rule ? rule.inside : rule.each;
  const path = below(item.path, name);
  const found = name === '' ? item.payload : valueAt(item.payload, name);
  if ('inside' in rule) {
    if (found === undefined && rule.optional) return [item];
    if (found === undefined) throw new Unreadable('missing', path, 'is missing');
    return [{ payload: found, path }];
  }
  if (Array.isArray(found)) return found.map((payload: unknown, at) => ({ payload, path: `${path}[${at}]` }));
  if (rule.optional) return [item];
  throw new Unreadable(found === undefined ? 'missing' : 'type', path, found === undefined ? 'is missing' : 'must be a list');
}

/** https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
const formOf = (body: Uint8Array): URLSearchParams => new URLSearchParams(Buffer.from(body).toString('utf8'));

/** The text of one field of a form. */
function formText(body: Uint8Array, name: string): string {
  const text = formOf(body).get(name);
  if (text === null) throw new Unreadable('missing', `$.${name}`, 'is missing');
  return text;
}

const openBrace = 0x7b;

/** The whole body as JSON, of a form that of its field or fields. @throws Unreadable */
export function bodyOf(rules: readonly Unwrap[], body: Uint8Array): Item {
  const [start] = rules;
  const [, payload] = start && 'jws' in start && body[0] !== openBrace ? Buffer.from(body).toString('latin1').split('.') : [];
  if (payload !== undefined) return { payload: readJson(Buffer.from(payload, 'base64url')), path: '$' };
  if (start && 'form' in start) return { payload: jsonIn(Buffer.from(formText(body, start.form), 'utf8'), `$.${start.form}`), path: `$.${start.form}` };
  if (start && 'xml' in start ) return { payload: xmlObject(Buffer.from(formText(body, start.xml), 'base64').toString('utf8'), `$.${start.xml}`), path: `$.${start.xml}` };
  // a vendor's newer format may be JSON
  if (start && 'fields' in start && body[0] !== openBrace) return { payload: Object.fromEntries(formOf(body)), path: '$' };
  return { payload: readJson(body), path: '$' };
}

/** The items of a delivery's body, in their order. @throws Unreadable */
export const itemsIn = (rules: readonly Unwrap[], whole: Item): readonly Item[] =>
  rules.reduce<readonly Item[]>((items, rule) => items.flatMap((item) => step(rule, item)), [whole]);
