import { FUNCTIONS } from './builtins.ts';
import { StateFailure } from './failure.ts';
import type { Json } from './paths.ts';

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
    if (word.startsWith('$')) return { path: word };
    try {
      return { literal: JSON.parse(word) as Json };
    } catch {
      throw bad(text);
    }
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
  skip();
  if (at < text.length) throw bad(text);
  const problem = problemOf(parsed);
  if (problem !== undefined) throw new StateFailure('States.IntrinsicFailure', `${text}: ${problem}`);
  cache.set(text, parsed);
  return parsed;
}

const DEEPEST = 10;

/** Why a call cannot run whatever its arguments are: an unknown function, their number, the depth. */
function problemOf(call: Call, depth = 1): string | undefined {
  const found = FUNCTIONS[call.name];
  if (!found) return `there is no intrinsic function ${call.name}`;
  if (call.args.length < found.least || call.args.length > found.most) return `${call.name} does not take ${call.args.length} arguments`;
  if (depth > DEEPEST) return `more than ${DEEPEST} nested functions`;
  return call.args.map((argument) => ('name' in argument ? problemOf(argument, depth + 1) : undefined)).find((problem) => problem !== undefined);
}

/** Evaluates an intrinsic function; `resolve` reads a `$` or `$$` path. */
export function evaluate(text: string, resolve: (path: string) => Json): Json {
  const run = (node: Argument): Json => {
    if ('literal' in node) return node.literal;
    if ('path' in node) return resolve(node.path);
    const found = FUNCTIONS[node.name];
    if (!found) throw bad(text);
    return found.run(...node.args.map(run));
  };
  try {
    return run(readIntrinsic(text));
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    throw new StateFailure('States.IntrinsicFailure', `${text}: ${(error as Error).message}`);
  }
}
