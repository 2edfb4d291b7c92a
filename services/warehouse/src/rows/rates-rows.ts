import type { FactOf, Rows } from './rows.ts';
import { group } from './version.ts';

/** One row a currency. Published again, differently: the later word stands. */
export const ratesRows = ({ sequence, payload: { day, base, by, rates } }: FactOf<'rates.published'>): Rows => ({
  fx_rate: rates.map(({ currency, rate }) => ({ rate_date: day, base, currency, ...group('rate', sequence, { rate, rate_source: by }) })),
});
