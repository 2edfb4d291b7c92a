import { StateFailure } from './failure.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

type Step = { readonly kind: 'name' | 'deep'; readonly name: string } | { readonly kind: 'index'; readonly index: number } | { readonly kind: 'all' } | { readonly kind: 'slice'; readonly from?: number; readonly to?: number };

const cache = new Map<string, readonly Step[]>();
const TOKEN = /\.\.([\p{L}_][\p{L}\p{N}_-]*)|\.([\p{L}_][\p{L}\p{N}_-]*)|\.\*|\[\*\]|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/uy;

/** Steps of a JSONPath that starts with `$`. Filters and scripts are refused: no definition of ours needs them. */
export function readPath(path: string): readonly Step[] {
  const known = cache.get(path);
  if (known) return known;
  if (path.startsWith('$$')) return readPath(path.slice(1));
  if (!path.startsWith('$')) throw new StateFailure('States.Runtime', `${path} is not a JSONPath: it must start with $`);
  const steps: Step[] = [];
  TOKEN.lastIndex = 1;
  for (let at = 1; at < path.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(path);
    if (!found) throw new StateFailure('States.Runtime', `the local cloud cannot read the JSONPath ${path}`);
    const [text, deep, name, index, from, to, single, double] = found;
    if (deep !== undefined) steps.push({ kind: 'deep', name: deep });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (from !== undefined) steps.push({ kind: 'slice', ...(from ? { from: Number(from) } : {}), ...(to ? { to: Number(to) } : {}) });
    else if (text === '.*' || text === '[*]') steps.push({ kind: 'all' });
    else steps.push({ kind: 'name', name: (name ?? single ?? double ?? '').replace(/\\(.)/g, '$1') });
  }
  cache.set(path, steps);
  return steps;
}

/** A path that names exactly one place. https://states-language.net/spec.html#ref-paths */
export const isReferencePath = (path: string): boolean => readPath(path).every((step) => step.kind === 'name' || (step.kind === 'index' && step.index >= 0));

function* deepValues(value: Json, name: string): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && Object.hasOwn(value, name)) yield value[name] ?? null;
  for (const child of Object.values(value)) yield* deepValues(child, name);
}

function select(values: Json[], step: Step): Json[] {
  return values.flatMap((value): Json[] => {
    if (step.kind === 'deep') return [...deepValues(value, step.name)];
    if (typeof value !== 'object' || value === null) return [];
    if (step.kind === 'all') return Object.values(value);
    if (Array.isArray(value)) {
      if (step.kind === 'slice') return value.slice(step.from, step.to);
      const found = step.kind === 'index' ? value.at(step.index) : undefined;
      return found === undefined ? [] : [found];
    }
    return step.kind === 'name' && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
  });
}

/** The value, or `undefined` if there is none. A path that can name several answers a list. */
export function find(root: Json, path: string): Json | undefined {
  const steps = readPath(path);
  let values: Json[] = [root];
  for (const step of steps) values = select(values, step);
  const several = steps.some((step) => step.kind === 'all' || step.kind === 'slice' || step.kind === 'deep');
  return several ? values : values[0];
}

/** The value; without one the state fails, as on AWS. */
export function read(root: Json, path: string, error = 'States.Runtime'): Json {
  const value = find(root, path);
  if (value === undefined) throw new StateFailure(error, `The JSONPath '${path}' could not be found in the input '${JSON.stringify(root).slice(0, 400)}'`);
  return value;
}

/** A copy of `root` with `value` at a reference path; missing objects on the way are made. */
export function place(root: Json, path: string, value: Json): Json {
  const steps = readPath(path);
  const put = (target: Json | undefined, at: number): Json => {
    const step = steps[at];
    if (!step) return value;
    if (step.kind === 'name') {
      const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
      return { ...base, [step.name]: put(base[step.name], at + 1) };
    }
    if (step.kind === 'index' && Array.isArray(target) && step.index < target.length) return target.map((item, index) => (index === step.index ? put(item, at + 1) : item));
    throw new StateFailure('States.ResultPathMatchFailure', `Unable to apply step "${path}" to the input`);
  };
  return put(root, 0);
}
