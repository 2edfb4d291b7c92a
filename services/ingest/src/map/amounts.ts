import { exactText, exponentOf, moneyOfDecimal, moneyOfUnits, Unreadable, type Fields, type Money } from '../convert/index.ts';
import { placeOf, reader, text, then, whole, type Path, type Place, type Read, type Scope } from './read.ts';

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
    const exponent = digitsOf(fields, scope) ?? exponentOf(scope.currency, where);
    if (exponent < 0 || exponent > 20) throw new Unreadable('amount', fields.path(digits), 'must be from 0 to 20');
    return exactly(moneyOfUnits(found, exponent, scope.currency, where), place);
  };
  return Object.assign(amount, { at: path });
};

/**
 * A whole number of which `digits` stand after the point, whatever the currency; half-up where that is finer than it.
 * `fixedPrice`: the same as decimal text.
 */
export const fixed = (digits: number, ...paths: readonly Path[]): Read<number> =>
  reader(paths, ({ holder, key }, { currency }) => {
    const found = holder.text(key);
    return found === undefined ? undefined : moneyOfUnits(found, digits, currency, holder.path(key)).minor;
  });
export const fixedPrice = (digits: number, path: Path): Read<string> =>
  reader([path], ({ holder, key }) => {
    const found = holder.text(key);
    if (found === undefined) return undefined;
    if (!/^-?\d{1,18}$/.test(found)) throw new Unreadable('amount', holder.path(key), 'is no whole number of minor units');
    return exactText({ units: BigInt(found), scale: digits });
  });

/** How much more the first is than the second; none of either counts as nothing. */
export const difference = (more: Read<number>, less: Read<number>): Read<number> => (fields, scope) => {
  const found = more(fields, scope);
  return found === undefined ? undefined : found - (less(fields, scope) ?? 0);
};

/** Minor units → decimal text of major units: unit prices of sources that write minor units. */
export const price = (read: Read<number>): Read<string> =>
  then(read, (units, { currency }) => {
    const digits = exponentOf(currency);
    const size = String(Math.abs(units)).padStart(digits + 1, '0');
    return `${units < 0 ? '-' : ''}${size.slice(0, size.length - digits)}${digits === 0 ? '' : `.${size.slice(-digits)}`}`;
  });

/** ISO 4217 code, in either case. */
export const currency = (...paths: readonly Path[]): Read<string> => then(text(...paths), (code) => code.toUpperCase());

/** The currency that the owner configured for the account: payloads of tills name none. @throws Unreadable without one */
export const accountCurrency: Read<string> = (_, { account }) => {
  if (account.currency === undefined) throw new Unreadable('currency', '$', 'is not in the payload: give the account a currency');
  return account.currency;
};
