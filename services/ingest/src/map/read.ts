import type { Account } from '@orderflow/shared/accounts';
import { Unreadable, type Fields } from '../convert/index.ts';

/** What a reader knows besides the payload. `currency` is set for everything below the thing whose currency it is. */
export interface Scope {
  readonly account: Account;
  /** Milliseconds since 1970: when the delivery was received. */
  readonly now: number;
  /** ISO 4217. */
  readonly currency: string;
  /** The object in whose list the one that is read stands: the order of a refund. */
  readonly outer?: Fields | undefined;
}

/**
 * Reads one canonical value out of a payload's object; undefined when the source does not say it. A map of a source is a
 * table of these. `at` is the first place that is looked at: what is needed and missing is reported there.
 */
export interface Read<T> {
  (fields: Fields, scope: Scope): T | undefined;
  readonly at?: string;
  /** It looks at the object around, not at this one. */
  readonly outside?: true;
}

/** Names below each other: `billing.address.city`; a whole number is a place in a list: `refunds.0.reason`. */
export type Path = string;

export interface Place {
  readonly holder: Fields;
  readonly key: string;
}

/** The object that holds the last name of a path; undefined where one before it is missing. @throws Unreadable */
export function placeOf(fields: Fields, path: readonly string[]): Place | undefined {
  let holder = fields;
  for (let at = 0; at < path.length - 1; at++) {
    const name = path[at] as string;
    const next = path[at + 1] as string;
    if (/^\d+$/.test(next)) {
      const item = holder.list(name)[Number(next)];
      if (item === undefined) return undefined;
      holder = item;
      at++;
    } else {
      const child = holder.child(name);
      if (child === undefined) return undefined;
      holder = child;
    }
  }
  return { holder, key: path[path.length - 1] as string };
}

/** A reader of the first of `paths` that is filled. */
export function reader<T>(paths: readonly Path[], read: (place: Place, scope: Scope) => T | undefined): Read<T> {
  const split = paths.map((path) => path.split('.'));
  const first = (fields: Fields, scope: Scope): T | undefined => {
    for (const path of split) {
      const place = placeOf(fields, path);
      const found = place && read(place, scope);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return Object.assign(first, { at: paths[0] as string });
}

/** What `read` finds. @throws Unreadable `missing` when it finds nothing */
export function needed<T>(read: Read<T>, fields: Fields, scope: Scope): T {
  const found = read(fields, scope);
  const where = read.outside && scope.outer ? scope.outer : fields;
  if (found === undefined) throw new Unreadable('missing', where.path(read.at?.replace(/\.(\d+)(?=\.|$)/g, '[$1]')), 'is missing');
  return found;
}

/** Text; a number arrives as its digits, so ids of any length do. Empty → not there. */
export const text = (...paths: readonly Path[]): Read<string> => reader(paths, ({ holder, key }) => holder.text(key));

/** Texts that are filled, joined by a space: a name, the lines of an address. */
export function joined(...paths: readonly Path[]): Read<string> {
  const reads = paths.map((path) => text(path));
  return (fields, scope) => {
    const words = reads.map((read) => read(fields, scope)).filter((word) => word !== undefined);
    return words.length === 0 ? undefined : words.join(' ');
  };
}

export const whole = (...paths: readonly Path[]): Read<number> => reader(paths, ({ holder, key }) => holder.integer(key));

/** True, or nothing: what canonical marks have no false. */
export const marked = (...paths: readonly Path[]): Read<true> => reader(paths, ({ holder, key }) => (holder.flag(key) === true ? true : undefined));

/** A decimal number as text, digit for digit. */
export const decimal = (...paths: readonly Path[]): Read<string> => reader(paths, ({ holder, key }) => holder.decimal(key));

/** A value that the source never says but always means. */
export const always = <T>(value: T): Read<T> => () => value;

/** The first reader that finds something. */
export function first<T>(...reads: readonly Read<T>[]): Read<T> {
  const found = (fields: Fields, scope: Scope): T | undefined => {
    for (const read of reads) {
      const value = read(fields, scope);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return Object.assign(found, reads[0]?.at === undefined ? {} : { at: reads[0].at });
}

/** A reader of what another one found. */
export const then = <T, U>(read: Read<T>, make: (value: T, scope: Scope) => U | undefined): Read<U> =>
  Object.assign(
    (fields: Fields, scope: Scope): U | undefined => {
      const value = read(fields, scope);
      return value === undefined ? undefined : make(value, scope);
    },
    read.at === undefined ? {} : { at: read.at },
  );

/**
 * A vendor's word for a state → ours; a word that the table lacks → `otherwise`, and so is no word at all unless `absent`
 * says what that means.
 */
export function word<T extends string>(path: Path | readonly Path[], table: Readonly<Record<string, T>>, otherwise: T, absent: T = otherwise): Read<T> {
  const read = text(...(typeof path === 'string' ? [path] : path));
  return (fields, scope) => {
    const found = read(fields, scope);
    if (found === undefined) return absent;
    return (Object.hasOwn(table, found) ? table[found] : undefined) ?? otherwise;
  };
}

/** Like `word`, but only for the words of the table; any other is left to the next reader. */
export const known = <T extends string>(path: Path, table: Readonly<Record<string, T>>): Read<T> =>
  then(text(path), (found) => (Object.hasOwn(table, found) ? table[found] : undefined));

/** What `read` finds in the object in whose list this one stands. */
export const ofOuter = <T>(read: Read<T>): Read<T> =>
  Object.assign((_: Fields, { outer, ...scope }: Scope): T | undefined => outer && read(outer, scope), { outside: true as const, ...(read.at === undefined ? {} : { at: read.at }) });

/** The objects of a list. */
export const each = (path: Path): ((fields: Fields) => readonly Fields[]) => {
  const names = path.split('.');
  return (fields) => {
    const place = placeOf(fields, names);
    return place === undefined ? [] : place.holder.list(place.key);
  };
};

/** What `read` finds in the object under `path`. */
export const inside = <T>(path: Path, read: Read<T>): Read<T> => {
  const names = path.split('.');
  const found = (fields: Fields, scope: Scope): T | undefined => {
    const place = placeOf(fields, names);
    const child = place?.holder.child(place.key);
    return child && read(child, scope);
  };
  return Object.assign(found, { at: read.at === undefined ? path : `${path}.${read.at}` });
};

/** What `read` finds in the object that `pick` chooses: the payment of several that counts, the address that an id names. */
export const picked = <T>(pick: (fields: Fields) => Fields | undefined, read: Read<T>): Read<T> => (fields, scope) => {
  const one = pick(fields);
  return one && read(one, scope);
};

/** The sum of what `read` finds in each object of a list; undefined when the list is empty. */
export const sumOf = (path: Path, read: Read<number>): Read<number> => {
  const items = each(path);
  return (fields, scope) => {
    const found = items(fields);
    return found.length === 0 ? undefined : found.reduce((total, item) => total + (read(item, scope) ?? 0), 0);
  };
};
