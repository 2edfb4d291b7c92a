import type { DayOfRates } from './central-bank.ts';

/** `01.10` and `1.1` are one rate. */
const plain = (rate: string): string => {
  const [whole = '', part = ''] = rate.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${part.replace(/0+$/, '')}`;
};

/** A rate that the warehouse has: day, currency and rate as text. */
export type KnownRate = readonly [day: string, currency: string, rate: string];

/**
 * Days on which something was published that the warehouse does not have, or has otherwise: those since the last fetch,
 * those that were lost on the way, those that the bank has corrected. Each comes whole.
 */
export function changedDays(published: readonly DayOfRates[], known: readonly KnownRate[]): { readonly days: DayOfRates[]; readonly corrected: number } {
  const rates = new Map(known.map(([day, currency, rate]) => [`${day} ${currency}`, plain(rate)]));
  const days = published.filter(({ day, rates: all }) => all.some(({ currency, rate }) => rates.get(`${day} ${currency}`) !== plain(rate)));
  const corrected = days.filter(({ day, rates: all }) => all.some(({ currency }) => rates.has(`${day} ${currency}`))).length;
  return { days, corrected };
}
