import type { Account } from '@orderflow/shared/accounts';
import {
  coordinates, countryCode, exponentOf, moneyOfDecimal, moneyOfUnits, timeOfMilliseconds, timeOfSeconds, timeOfText, Unreadable, type Fields, type Money,
} from '../convert/index.ts';

/** What a reader knows besides the payload. `currency` is set for everything below the thing whose currency it is. */
export interface Scope {
  readonly account: Account;
  /** Milliseconds since 1970: when the delivery was received. */
  readonly now: number;
  /** ISO 4217. */
  readonly currency: string;
}

/**
 * Reads one canonical value out of a payload's object; undefined when the source does not say it. A map of a source is a
 * table of these. `at` is the first place that is looked at: what is needed and missing is reported there.
 */
export interface Read<T> {
  (fields: Fields, scope: Scope): T | undefined;
  readonly at?: string;
}

/** Names below each other: `billing.address.city`; a whole number is a place in a list: `refunds.0.reason`. */
type Path = string;

interface Place {
  readonly holder: Fields;
  readonly key: string;
}

/** The object that holds the last name of a path; undefined where one before it is missing. @throws Unreadable */
function placeOf(fields: Fields, path: readonly string[]): Place | undefined {
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
function reader<T>(paths: readonly Path[], read: (place: Place, scope: Scope) => T | undefined): Read<T> {
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
  if (found === undefined) throw new Unreadable('missing', read.at === undefined ? fields.path() : fields.path(read.at), 'is missing');
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

/** Money is exact or said to be rounded: what rounding takes off an amount that stands for itself is refused. */
function exactly(money: Money, { holder, key }: Place): number {
  if (money.dropped !== undefined && money.dropped !== '0') throw new Unreadable('amount', holder.path(key), 'is finer than the minor unit of its currency');
  return money.minor;
}

/** Decimal text or number in major units, `12.50` → 1250; half-up where it is finer than its currency. */
export const major = (...paths: readonly Path[]): Read<number> =>
  reader(paths, ({ holder, key }, { currency }) => {
    const found = holder.decimal(key);
    return found === undefined ? undefined : moneyOfDecimal(found, currency, holder.path(key)).minor;
  });

/**
 * A whole number of the vendor's minor units, as number or text. `exponents`: digits of its minor unit where they are not
 * those of ISO 4217.
 */
export const minor = (path: Path | readonly Path[], exponents: Readonly<Record<string, number>> = {}): Read<number> =>
  reader(typeof path === 'string' ? [path] : path, (place, { currency }) => {
    const found = place.holder.text(place.key);
    if (found === undefined) return undefined;
    const where = place.holder.path(place.key);
    const exponent = (Object.hasOwn(exponents, currency) ? exponents[currency] : undefined) ?? exponentOf(currency, where);
    return exactly(moneyOfUnits(found, exponent, currency, where), place);
  });

/** A whole number and how many digits of it stand after the point: `{ centAmount: 1250, fractionDigits: 2 }`. */
export const scaled = (path: Path, digits: Path): Read<number> => {
  const digitsOf = whole(digits);
  const amount = (fields: Fields, scope: Scope): number | undefined => {
    const place = placeOf(fields, path.split('.'));
    const found = place?.holder.text(place.key);
    if (place === undefined || found === undefined) return undefined;
    const where = place.holder.path(place.key);
    return exactly(moneyOfUnits(found, digitsOf(fields, scope) ?? exponentOf(scope.currency, where), scope.currency, where), place);
  };
  return Object.assign(amount, { at: path });
};

/** Minor units → decimal text of major units: unit prices of sources that write minor units. */
export const price = (read: Read<number>): Read<string> =>
  then(read, (units, { currency }) => {
    const digits = exponentOf(currency);
    const size = String(Math.abs(units)).padStart(digits + 1, '0');
    return `${units < 0 ? '-' : ''}${size.slice(0, size.length - digits)}${digits === 0 ? '' : `.${size.slice(-digits)}`}`;
  });

/** ISO 8601 or RFC 2822; `zone` (IANA) for text that names none. */
export const time = (path: Path | readonly Path[], zone?: string): Read<string> =>
  reader(typeof path === 'string' ? [path] : path, ({ holder, key }, { now }) => {
    const found = holder.text(key);
    return found === undefined ? undefined : timeOfText(found, holder.path(key), { now, ...(zone === undefined ? {} : { zone }) });
  });

const counted = (paths: readonly Path[], make: typeof timeOfSeconds): Read<string> =>
  reader(paths, ({ holder, key }, { now }) => {
    const found = holder.integer(key);
    return found === undefined ? undefined : make(found, holder.path(key), now);
  });

/** Seconds since 1970. */
export const seconds = (...paths: readonly Path[]): Read<string> => counted(paths, timeOfSeconds);

/** Milliseconds since 1970. */
export const milliseconds = (...paths: readonly Path[]): Read<string> => counted(paths, timeOfMilliseconds);

/** ISO 4217 code, in either case. */
export const currency = (...paths: readonly Path[]): Read<string> => then(text(...paths), (code) => code.toUpperCase());

/** The currency that the owner configured for the account: payloads of tills name none. @throws Unreadable without one */
export const accountCurrency: Read<string> = (_, { account }) => {
  if (account.currency === undefined) throw new Unreadable('currency', '$', 'is not in the payload: give the account a currency');
  return account.currency;
};

export const country = (...paths: readonly Path[]): Read<string> => then(text(...paths), countryCode);

/** Degrees under two names. */
export const latitudeLongitude = (latitude: Path, longitude: Path): Read<{ readonly latitude: number; readonly longitude: number }> => {
  const [lat, lng] = [latitude.split('.'), longitude.split('.')];
  return (fields) => {
    const [one, other] = [placeOf(fields, lat), placeOf(fields, lng)];
    return one && other && coordinates(one.holder.raw(one.key), other.holder.raw(other.key), one.holder.path());
  };
};

/** Degrees in a list, longitude first, as GeoJSON has them. */
export const longitudeLatitude = (path: Path): Read<{ readonly latitude: number; readonly longitude: number }> =>
  reader([path], ({ holder, key }) => {
    const pair = holder.raw(key);
    if (pair === undefined) return undefined;
    if (!Array.isArray(pair) || (pair.length !== 2 && pair.length !== 0)) throw new Unreadable('position', holder.path(key), 'must be a list of longitude and latitude');
    return coordinates(pair[1], pair[0], holder.path(key));
  });

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

/** The sum of what `read` finds in each object of a list; undefined when the list is empty. */
export const sumOf = (path: Path, read: Read<number>): Read<number> => {
  const items = each(path);
  return (fields, scope) => {
    const found = items(fields);
    return found.length === 0 ? undefined : found.reduce((total, item) => total + (read(item, scope) ?? 0), 0);
  };
};
