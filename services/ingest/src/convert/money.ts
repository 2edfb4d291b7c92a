import { codes, code as currencyByCode } from 'currency-codes';
import { Unreadable } from './unreadable.ts';

/** An amount in minor units, and what rounding took off it (exact − rounded, as decimal text in major units), if anything. */
export interface Money {
  readonly minor: number;
  readonly dropped?: string;
}

let exponents: ReadonlyMap<string, number> | undefined;

/** Digits of the minor unit by ISO 4217: EUR 2, JPY 0, KWD 3. */
export function exponentOf(currency: string, path = '$'): number {
  exponents ??= new Map(codes().map((name) => [name, currencyByCode(name)?.digits ?? 2]));
  const exponent = exponents.get(currency);
  if (exponent === undefined) throw new Unreadable('currency', path, 'is no ISO 4217 currency');
  return exponent;
}

/** An exact decimal number: `units` × 10^−`scale`. */
export interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

const decimalText = /^([+-]?)(\d{1,20})(?:\.(\d{0,20}))?$/;

/** Reads decimal text digit for digit. No exponent form, no thousands separators: those are for the caller to undo. */
export function exact(text: string, path = '$'): Exact {
  const match = decimalText.exec(text);
  if (!match) throw new Unreadable('decimal', path, 'is no decimal number');
  const fraction = match[3] ?? '';
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] === '-' ? -units : units, scale: fraction.length };
}

/** Decimal text of an exact number without superfluous zeros: `-0.001`, `12`. */
export function exactText({ units, scale }: Exact): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return units < 0n && text !== '0' ? `-${text}` : text;
}

export function sum(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale), scale };
}

/** Half-up to `exponent` digits: half a unit goes away from zero, so that a refund mirrors its sale. */
export function round(amount: Exact, exponent: number, path = '$'): Money {
  const { units, scale } = amount;
  if (scale <= exponent) return { minor: safe(units * 10n ** BigInt(exponent - scale), path) };
  const divisor = 10n ** BigInt(scale - exponent);
  const size = units < 0n ? -units : units;
  const whole = (size + divisor / 2n) / divisor;
  const rounded = units < 0n ? -whole : whole;
  const rest = units - rounded * divisor;
  const minor = safe(rounded, path);
  return rest === 0n ? { minor } : { minor, dropped: exactText({ units: rest, scale }) };
}

function safe(minor: bigint, path: string): number {
  const amount = Number(minor);
  if (!Number.isSafeInteger(amount)) throw new Unreadable('amount', path, 'is larger than an amount can be');
  return amount;
}

/** `"12.345"` major units → minor units of `currency`. */
export const moneyOfDecimal = (text: string, currency: string, path = '$'): Money =>
  round(exact(text, path), exponentOf(currency, path), path);

/** A whole number of `1 / 10^exponent` units (a vendor's own idea of minor units) → minor units of `currency`. */
export const moneyOfUnits = (units: number | string, exponent: number, currency: string, path = '$'): Money => {
  if (!/^-?\d{1,20}$/.test(String(units))) throw new Unreadable('amount', path, 'is no whole number of minor units');
  return round({ units: BigInt(units), scale: exponent }, exponentOf(currency, path), path);
};

/** quantity × unit price, rounded half-up once, after the multiplication. */
export function lineMoney(quantity: number, unitPrice: string, currency: string, path = '$'): Money {
  const price = exact(unitPrice, path);
  return round({ units: price.units * BigInt(quantity), scale: price.scale }, exponentOf(currency, path), path);
}
