import { Unreadable } from './unreadable.ts';

type Key = string | number;

/** The fields of one JSON object of a payload, read with their paths, so that every complaint names its field. */
export interface Fields {
  /** JSON path of this object, or of one of its fields. */
  path(key?: Key): string;
  raw(key: string): unknown;
  /** Text; a number arrives as its digits. Null, absent and empty → undefined. */
  text(key: string): string | undefined;
  /** An id, as text. @throws Unreadable when it is missing */
  id(key: string): string;
  integer(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  /** Decimal number as text, from text or number. */
  decimal(key: string): string | undefined;
  child(key: string): Fields | undefined;
  list(key: string): readonly Fields[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Unreadable when `value` is no object */
export function fieldsOf(value: unknown, where: () => string = () => '$'): Fields {
  if (!isObject(value)) throw new Unreadable('type', where(), 'must be an object');
  const path = (key?: Key): string =>
    key === undefined ? where() : typeof key === 'number' ? `${where()}[${key}]` : `${where()}.${key}`;
  const wrong = (key: string, wanted: string): Unreadable => new Unreadable('type', path(key), `must be ${wanted}`);
  const raw = (key: string): unknown => (Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined);

  const text = (key: string): string | undefined => {
    const found = raw(key);
    if (found === undefined || found === '') return undefined;
    if (typeof found === 'string') return found;
    if (typeof found === 'number' && Number.isFinite(found)) return String(found);
    throw wrong(key, 'text');
  };

  return {
    path,
    raw,
    text,
    id(key) {
      const found = text(key);
      if (found === undefined) throw new Unreadable('missing', path(key), 'is missing');
      return found;
    },
    integer(key) {
      const found = raw(key);
      if (found === undefined) return undefined;
      const number = typeof found === 'string' && /^-?\d+$/.test(found) ? Number(found) : found;
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrong(key, 'a whole number');
      return number;
    },
    flag(key) {
      const found = raw(key);
      if (found === undefined || typeof found === 'boolean') return found;
      throw wrong(key, 'true or false');
    },
    decimal(key) {
      const found = text(key);
      if (found !== undefined && !/^-?\d+(\.\d+)?$/.test(found)) throw wrong(key, 'a decimal number');
      return found;
    },
    child(key) {
      const found = raw(key);
      // an empty list is what PHP makes of an object without members
      return found === undefined || (Array.isArray(found) && found.length === 0) ? undefined : fieldsOf(found, () => path(key));
    },
    list(key) {
      const found = raw(key);
      if (found === undefined) return [];
      if (!Array.isArray(found)) throw wrong(key, 'a list');
      return found.map((item, at) => fieldsOf(item, () => `${path(key)}[${at}]`));
    },
  };
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy of the object without its members that are undefined: what is unknown is absent, never null. */
export function present<T extends object>(value: T): Present<T> {
  const kept: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as Present<T>;
}
