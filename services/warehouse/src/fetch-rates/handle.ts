import * as z from 'zod/mini';
import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { Clock, Log } from '@orderflow/shared/lambda';
import type { Facts } from '@orderflow/shared/workflow';
import type { Warehouse } from '../load/data-api.ts';
import { readRates, type DayOfRates } from '../rates/central-bank.ts';

/** `from`: this day and all since, also those known already. The schedule sends nothing: what came since the last known day. */
export const ratesInput = z.object({ from: z.optional(z.iso.date()) });

/** Working days of the last 90 days, or all since 1999. */
export type RatesDocument = 'eurofxref-hist-90d.xml' | 'eurofxref-hist.xml';

export interface FetchRates {
  readonly warehouse: Pick<Warehouse, 'query'>;
  readonly facts: Facts;
  /** @throws when the bank does not answer with a document */
  document(name: RatesDocument): Promise<string>;
  readonly log: Log;
  readonly clock: Clock;
}

/** The shorter document reaches 90 days back; a few of them may still be missing in the morning. */
const shortReachMs = 85 * 86_400_000;
const newestDay = "SELECT TO_CHAR(MAX(rate_date), 'YYYY-MM-DD') FROM fx_rate";

function factOf({ day, rates }: DayOfRates, now: number): Fact<'rates.published'> {
  const key = `ecb:default:EUR:${day}`;
  return {
    fact: 'rates.published', source: 'ecb', account: 'default', key, sequence: sequenceOf(now), partitionkey: key, recordedAt: new Date(now).toISOString(), events: [],
    payload: { day, base: 'EUR', by: 'European Central Bank', rates: [...rates] },
  };
}

/**
 * The European Central Bank's reference rates, as facts for the loader. On weekends and holidays none are published; the
 * views carry the last ones on. One that fails is caught up by the next: it begins where the warehouse ends.
 */
export async function handle(input: unknown, deps: FetchRates): Promise<{ days: number; newest?: string }> {
  const { from } = ratesInput.parse(input ?? {});
  const { warehouse, facts, clock, log } = deps;
  const known = from === undefined ? ((await warehouse.query(newestDay))[0]?.[0] ?? undefined) : undefined;
  const since = from ?? (known === undefined ? undefined : String(known));
  const far = since !== undefined && Date.parse(since) < clock() - shortReachMs;
  const days = readRates(await deps.document(far ? 'eurofxref-hist.xml' : 'eurofxref-hist-90d.xml'));
  const wanted = days.filter(({ day }) => since === undefined || (from === undefined ? day > since : day >= since));
  await facts.write(wanted.map((day) => factOf(day, clock())));
  const newest = days.at(-1)?.day;
  log.info('RATES_FETCHED', { days: wanted.length, newest });
  return { days: wanted.length, ...(newest !== undefined && { newest }) };
}
