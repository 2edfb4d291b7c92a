import * as z from 'zod/mini';
import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { Clock, Log } from '@orderflow/shared/lambda';
import type { Facts } from '@orderflow/shared/workflow';
import type { Warehouse } from '@orderflow/shared/aws';
import { readRates, type DayOfRates } from '../rates/central-bank.ts';
import { changedDays, type KnownRate } from '../rates/changed-days.ts';

/** `from`: this day and all since. The schedule sends nothing: the last 90 days, further back where the warehouse ends before. */
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
const knownSince = `SELECT TO_CHAR(rate_date, 'YYYY-MM-DD'), currency, CAST(rate AS VARCHAR) FROM fx_rate
  WHERE base = 'EUR' AND rate IS NOT NULL AND rate_date >= CAST(:since AS DATE)`;

function factOf({ day, rates }: DayOfRates, now: number): Fact<'rates.published'> {
  const key = `ecb:default:EUR:${day}`;
  return {
    fact: 'rates.published', source: 'ecb', account: 'default', key, sequence: sequenceOf(now), partitionkey: key, recordedAt: new Date(now).toISOString(), events: [],
    payload: { day, base: 'EUR', by: 'European Central Bank', rates: [...rates] },
  };
}

async function lastKnown(warehouse: FetchRates['warehouse']): Promise<string | undefined> {
  const [[day] = []] = await warehouse.query(newestDay);
  return day === undefined || day === null ? undefined : String(day);
}

async function known(since: string, warehouse: FetchRates['warehouse']): Promise<KnownRate[]> {
  const rows = await warehouse.query(knownSince, { since });
  return rows.map(([day, currency, rate]): KnownRate => [String(day), String(currency), String(rate)]);
}

/**
 * The European Central Bank's reference rates, as facts for the loader: what it publishes is laid beside what the warehouse
 * has, so that a day that was missed, lost or corrected comes with the next fetch. On weekends and holidays none are
 * published; the views carry the last ones on.
 */
export async function handle(input: unknown, deps: FetchRates): Promise<{ days: number; corrected: number; newest?: string }> {
  const { from } = ratesInput.parse(input ?? {});
  const { warehouse, facts, clock, log } = deps;
  const since = from ?? (await lastKnown(warehouse));
  const far = since !== undefined && Date.parse(since) < clock() - shortReachMs;
  const all = readRates(await deps.document(far ? 'eurofxref-hist.xml' : 'eurofxref-hist-90d.xml'), clock());
  const begin = far ? since : from;
  const published = begin === undefined ? all : all.filter(({ day }) => day >= begin);
  const oldest = published[0]?.day;
  const { days, corrected } = changedDays(published, oldest === undefined ? [] : await known(oldest, warehouse));
  await facts.write(days.map((day) => factOf(day, clock())));
  const newest = all.at(-1)?.day;
  log.info('RATES_FETCHED', { days: days.length, corrected, newest });
  return { days: days.length, corrected, ...(newest !== undefined && { newest }) };
}
