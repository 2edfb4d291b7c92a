import { code } from 'currency-codes';

/** Digits of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. Unknown ones have 2. */
export function digitsOf(currency: string | undefined): number {
  if (currency === undefined) return 2;
  let digits = known.get(currency);
  if (digits === undefined) known.set(currency, (digits = code(currency)?.digits ?? 2));
  return digits;
}

/** The library searches its list for every call. */
const known = new Map<string, number>();

/** Minor units → decimal text in the currency's own unit: 1234 EUR → `12.34`. Exact. */
export function toDecimal(minor: number, currency: string | undefined): string {
  const digits = digitsOf(currency);
  const sign = minor < 0 ? '-' : '';
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export const optionalDecimal = (minor: number | undefined, currency: string | undefined): string | null =>
  minor === undefined ? null : toDecimal(minor, currency);
