import { bodyOf, itemsIn, type Item, type Unwrap } from '../sources/unwrap.ts';
import { valueAt } from '../sources/place.ts';
import { findSource } from '../sources/registry.ts';
import type { Fixture } from '../sources/fixtures.ts';

const stepsOf = ({ source, expected }: Fixture): readonly Unwrap[] => (expected.via === undefined ? findSource(source)?.unwrap ?? [] : []);

/** JSON in a text of other JSON: the outer, and at which path of it the text is. */
interface Shell {
  readonly outer: unknown;
  readonly path: string;
}

/** The JSON of a fixture that holds what it says, and what it is wrapped in, from the outside. */
function opened(fixture: Fixture): Item & { readonly shells: readonly Shell[] } {
  const steps = stepsOf(fixture);
  let item = bodyOf(steps, fixture.payload);
  const shells: Shell[] = [];
  for (const step of steps) {
    if (!('text' in step) || step.as !== 'json' || typeof valueAt(item.payload, step.text) !== 'string') continue;
    shells.push({ outer: item.payload, path: step.text });
    item = itemsIn([step], item)[0] as Item;
  }
  return { ...item, shells };
}

/** A fixture's JSON: of a form that of its field, of JSON in a text the innermost. */
export const payloadOf = (fixture: Fixture): unknown => opened(fixture).payload;

/** The JSON path at which it stands in the body: `$`, of a form that of its field. */
export const rootOf = (fixture: Fixture): string => opened(fixture).path;

const wrapped = ({ outer, path }: Shell, text: string): string => {
  const copy = structuredClone(outer) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const holder = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
  holder[last] = text;
  return JSON.stringify(copy);
};

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What xml.ts reads as this value: lists say what they are, and so does nothing at all. Anything but an object is no document. */
function xmlText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return escaped(String(value));
  return Object.entries(value).map(([name, child]: [string, unknown]) =>
    child === null ? `<${name} nil="true"/>`
      : Array.isArray(child) ? `<${name} type="array">${child.map((one: unknown) => `<item>${xmlText(one)}</item>`).join('')}</${name}>`
        : `<${name}>${xmlText(child)}</${name}>`).join('');
}

/** A body as the fixture's source writes it, with other JSON in it. */
export function bodyWith(fixture: Fixture, value: unknown): Uint8Array {
  const [start] = stepsOf(fixture);
  const text = opened(fixture).shells.reduceRight((inner, shell) => wrapped(shell, inner), JSON.stringify(value));
  if (!start || !('form' in start || 'xml' in start)) return Buffer.from(text);
  const form = new URLSearchParams(fixture.payload.toString('utf8'));
  if ('form' in start) form.set(start.form, text);
  else form.set(start.xml, Buffer.from(xmlText(value)).toString('base64'));
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
