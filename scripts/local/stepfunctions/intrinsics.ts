import { createHash, randomUUID } from 'node:crypto';
import { StateFailure } from './failure.ts';
import type { Json } from './paths.ts';
import { plainText } from '../plain-text.ts';

type Call = { readonly name: string; readonly args: readonly Argument[] };
type Argument = { readonly literal: Json } | { readonly path: string } | Call;

const cache = new Map<string, Call>();
const bad = (text: string): StateFailure => new StateFailure('States.IntrinsicFailure', `the local cloud cannot read the intrinsic function ${text}`);

/** `States.Format('{}', $.a)` as a tree. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export function readIntrinsic(text: string): Call {
  const known = cache.get(text);
  if (known) return known;
  let at = 0;
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== "'"; at += 1) {
      if (at >= text.length) throw bad(text);
      if (text[at] === '\\') at += 1;
      // `\{` stays escaped: Format alone knows what it means.
      const character = text.charAt(at);
      value += text[at - 1] === '\\' && '{}'.includes(character) ? `\\${character}` : character;
    }
    at += 1;
    return value;
  };
  const argument = (): Argument => {
    skip();
    if (text[at] === "'") return { literal: quoted() };
    if (text.startsWith('States.', at)) return call();
    const start = at;
    let depth = 0;
    for (; at < text.length && (depth > 0 || !',)'.includes(text.charAt(at))); at += 1) depth += text[at] === '[' ? 1 : text[at] === ']' ? -1 : 0;
    const word = text.slice(start, at).trim();
    return word.startsWith('$') ? { path: word } : { literal: JSON.parse(word) as Json };
  };
  const call = (): Call => {
    const name = /^States\.\w+/.exec(text.slice(at))?.[0];
    if (!name) throw bad(text);
    at += name.length;
    skip();
    if (text[at] !== '(') throw bad(text);
    at += 1;
    const args: Argument[] = [];
    skip();
    while (text[at] !== ')') {
      args.push(argument());
      skip();
      if (text[at] === ',') at += 1;
      else if (text[at] !== ')') throw bad(text);
      skip();
    }
    at += 1;
    return { name, args };
  };
  const parsed = call();
  cache.set(text, parsed);
  return parsed;
}

const merge = (left: Json, right: Json): Json => ({ ...(left as object), ...(right as object) });
const asText = (value: Json | undefined): string => plainText(value);

const FUNCTIONS: Readonly<Record<string, (...args: Json[]) => Json>> = {
  'States.Format'(template, ...values) {
    let next = 0;
    return asText(template).replace(/\\([{}])|\{\}/g, (_whole, escaped: string | undefined) => escaped ?? asText(values[next++] ?? ''));
  },
  'States.StringToJson': (text) => JSON.parse(asText(text)) as Json,
  'States.JsonToString': (value) => JSON.stringify(value),
  'States.Array': (...values) => values,
  'States.ArrayPartition': (list, size) => Array.from({ length: Math.ceil((list as Json[]).length / Number(size)) }, (_each, at) => (list as Json[]).slice(at * Number(size), (at + 1) * Number(size))),
  'States.ArrayContains': (list, value) => (list as Json[]).some((item) => JSON.stringify(item) === JSON.stringify(value)),
  'States.ArrayRange': (from, to, step) => Array.from({ length: Math.floor((Number(to) - Number(from)) / Number(step)) + 1 }, (_each, at) => Number(from) + at * Number(step)),
  'States.ArrayGetItem': (list, index) => (list as Json[])[Number(index)] ?? null,
  'States.ArrayLength': (list) => (list as Json[]).length,
  'States.ArrayUnique': (list) => [...new Map((list as Json[]).map((item) => [JSON.stringify(item), item])).values()],
  'States.Base64Encode': (text) => Buffer.from(asText(text)).toString('base64'),
  'States.Base64Decode': (text) => Buffer.from(asText(text), 'base64').toString('utf8'),
  'States.Hash': (value, algorithm) => createHash(asText(algorithm).toLowerCase().replace('-', '')).update(asText(value)).digest('hex'),
  'States.JsonMerge': (left, right) => merge(left, right),
  'States.MathRandom': (from, to) => Math.floor(Number(from) + Math.random() * (Number(to) - Number(from))),
  'States.MathAdd': (left, right) => Number(left) + Number(right),
  'States.StringSplit': (text, by) => asText(text).split(new RegExp(`[${asText(by).replace(/[\]\\^-]/g, '\\$&')}]`)).filter((part) => part !== ''),
  'States.UUID': () => randomUUID(),
};

/** Evaluates an intrinsic function; `resolve` reads a `$` or `$$` path. */
export function evaluate(text: string, resolve: (path: string) => Json): Json {
  const run = (node: Argument): Json => {
    if ('literal' in node) return node.literal;
    if ('path' in node) return resolve(node.path);
    const found = FUNCTIONS[node.name];
    if (!found) throw bad(text);
    return found(...node.args.map(run));
  };
  try {
    return run(readIntrinsic(text));
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    throw new StateFailure('States.IntrinsicFailure', `${text}: ${(error as Error).message}`);
  }
}
