import { invalidPattern, likeText } from './pattern-text.ts';

/**
 * Patterns for events that are JSON: `{ $.level = "ERROR" && ($.n > 5 || $.list[0] IS NULL) }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html#metric-filters-extract-json
 */
type Test = (event: unknown) => boolean;

const TOKEN = /\s*(?:(&&|\|\||[()]|!=|>=|<=|[=<>])|(\$(?:\.[\w:-]+|\[\d+\]|\.\["[^"]*"\]|\['[^']*'\])*)|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s()&|=<>!]+))/y;

interface Token { readonly kind: 'sign' | 'path' | 'quoted' | 'regex' | 'word'; readonly text: string }

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = pattern.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw invalidPattern(pattern);
    const [, sign, path, quoted, regex, word] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll(/\\(.)/g, '$1') });
    else if (regex !== undefined) tokens.push({ kind: 'regex', text: regex });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

/** Values at a path; none when it leads nowhere. */
function valueAt(event: unknown, path: string): { readonly there: boolean; readonly value?: unknown } {
  let value = event;
  for (const [, name, index, quoted] of path.matchAll(/(?:\.([\w:-]+)|\[(\d+)\]|\.?\[["']([^"']*)["']\])/g)) {
    const key = name ?? quoted ?? index ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { there: false };
    value = (value as Record<string, unknown>)[key];
  }
  return { there: true, value };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function comparison(path: string, sign: string, right: Token, pattern: string): Test {
  if (right.kind === 'word' && NUMBER.test(right.text)) {
    const wanted = Number(right.text);
    const compare = ({ '=': (a) => a === wanted, '!=': (a) => a !== wanted, '>': (a) => a > wanted, '<': (a) => a < wanted, '>=': (a) => a >= wanted, '<=': (a) => a <= wanted } as Record<string, (a: number) => boolean>)[sign];
    return (event) => {
      const { value } = valueAt(event, path);
      const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
      return typeof number === 'number' ? (compare?.(number) ?? false) : sign === '!=' && value !== undefined;
    };
  }
  if (sign !== '=' && sign !== '!=') throw invalidPattern(pattern);
  if (right.kind === 'sign' || right.kind === 'path') throw invalidPattern(pattern);
  const like = right.kind === 'regex' ? new RegExp(right.text) : likeText(right.text);
  return (event) => {
    const { there, value } = valueAt(event, path);
    const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    const equal = text !== undefined && like.test(text);
    return sign === '=' ? equal : there && !equal;
  };
}

export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const tokens = tokensOf(pattern.trim().slice(1, -1));
  let at = 0;
  const next = (): Token => {
    const token = tokens[at];
    if (!token) throw invalidPattern(pattern);
    at += 1;
    return token;
  };
  const isSign = (text: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]?.text === text;
  const word = (wanted: string): void => {
    if (next().text.toUpperCase() !== wanted) throw invalidPattern(pattern);
  };
  const term = (): Test => {
    const first = next();
    if (first.kind === 'sign' && first.text === '(') {
      const inner = either();
      if (next().text !== ')') throw invalidPattern(pattern);
      return inner;
    }
    if (first.kind !== 'path') throw invalidPattern(pattern);
    const path = first.text;
    const operator = next();
    if (operator.kind === 'sign') return comparison(path, operator.text, next(), pattern);
    if (operator.text.toUpperCase() === 'NOT') {
      word('EXISTS');
      return (event) => !valueAt(event, path).there;
    }
    if (operator.text.toUpperCase() !== 'IS') throw invalidPattern(pattern);
    const what = next().text.toUpperCase();
    if (!['TRUE', 'FALSE', 'NULL'].includes(what)) throw invalidPattern(pattern);
    const wanted = what === 'NULL' ? null : what === 'TRUE';
    return (event) => valueAt(event, path).value === wanted;
  };
  const both = (): Test => {
    const tests = [term()];
    while (isSign('&&')) {
      at += 1;
      tests.push(term());
    }
    return (event) => tests.every((test) => test(event));
  };
  const either = (): Test => {
    const tests = [both()];
    while (isSign('||')) {
      at += 1;
      tests.push(both());
    }
    return (event) => tests.some((test) => test(event));
  };
  const test = either();
  if (at !== tokens.length) throw invalidPattern(pattern);
  return (message) => {
    if (!/^\s*[[{]/.test(message)) return false;
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}
