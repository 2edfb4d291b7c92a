import { exponentOf, moneyOfUnits, Unreadable, type Fields } from '../../convert/index.ts';

/** Digits of Stripe's own minor unit where it is not that of ISO 4217 (https://docs.stripe.com/currencies#special-cases). */
const special: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/** ISO 4217 code; Stripe writes it in lower case. */
export const currencyOf = (object: Fields): string => object.id('currency').toUpperCase();

/** An integer of Stripe's minor units → minor units by ISO 4217. Absent → undefined. */
export function amountOf(object: Fields, key: string, currency: string): number | undefined {
  const units = object.integer(key);
  if (units === undefined) return undefined;
  const money = moneyOfUnits(units, special[currency] ?? exponentOf(currency, object.path('currency')), currency, object.path(key));
  if (money.dropped !== undefined) throw new Unreadable('amount', object.path(key), 'is finer than the minor unit of its currency');
  return money.minor;
}
