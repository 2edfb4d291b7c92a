import { bodyOf, type Item } from '../sources/unwrap.ts';
import { findSource } from '../sources/registry.ts';
import type { Fixture } from '../sources/fixtures.ts';

const whole = ({ source, payload, expected }: Fixture): Item => bodyOf(expected.via === undefined ? findSource(source)?.unwrap ?? [] : [], payload);

/** A fixture's JSON, of a form that of its field. */
export const payloadOf = (fixture: Fixture): unknown => whole(fixture).payload;

/** The JSON path at which it stands in the body: `$`, of a form that of its field. */
export const rootOf = (fixture: Fixture): string => whole(fixture).path;

/** A body as the fixture's source writes it, with other JSON in it. */
export function bodyWith({ source, payload, expected }: Fixture, value: unknown): Uint8Array {
  const [start] = expected.via === undefined ? findSource(source)?.unwrap ?? [] : [];
  const text = JSON.stringify(value);
  if (!start || !('form' in start)) return Buffer.from(text);
  const form = new URLSearchParams(payload.toString('utf8'));
  form.set(start.form, text);
  return Buffer.from(form.toString());
}

/** One value of a JSON payload: where it stands, what it is, and the payload with something else in its place (undefined: without it). */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
  readonly replaced: (by: unknown) => unknown;
}

/** Every value of a payload, objects and lists too. */
export function leavesOf(payload: unknown, root = '$'): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (node: unknown, names: readonly (string | number)[]): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      const path = [...names, Array.isArray(node) ? Number(key) : key];
      leaves.push({
        path: path.reduce<string>((text, name) => (typeof name === 'number' ? `${text}[${name}]` : `${text}.${name}`), root),
        value,
        replaced(by) {
          const copy = structuredClone(payload);
          const holder = path.slice(0, -1).reduce<Record<string | number, unknown>>((at, name) => at[name] as Record<string | number, unknown>, copy as Record<string | number, unknown>);
          const last = path[path.length - 1] as string | number;
          if (by !== undefined) holder[last] = by;
          else if (Array.isArray(holder)) holder.splice(Number(last), 1);
          else Reflect.deleteProperty(holder, last);
          return copy;
        },
      });
      walk(value, path);
    }
  };
  walk(payload, []);
  return leaves;
}
