import type { WarehouseReader } from '@orderflow/shared/aws';
import { currency } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import { addDays, periodKinds, periodsOf } from './periods.ts';
import { readDays } from './read-days.ts';
import { kpiReport } from './report.ts';

export interface Deps {
  readonly warehouse: WarehouseReader;
  readonly clock: Clock;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Nine of ten returns have come by then (UCI Online Retail: 66 days). */
const matureAfterDays = 66;
/** What is in no currency: answers and comments that name no order. */
const none = 'XXX';

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
const filters = z.strictObject({
  period: z._default(z.enum(periodKinds), 'trailing30'),
  /** A day within the period; `trailing30` ends with it. */
  day: z.optional(z.string().check(z.refine(isDay, 'must be a day: 2026-01-31'))),
  currency: z.optional(currency),
  source: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
});
const request = z.object({ queryStringParameters: z.optional(z.nullable(z.record(z.string(), z.string()))) });

const answer = (statusCode: number, body: unknown): HttpAnswer => ({
  statusCode, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(body),
});

/**
 * GET /api/kpis?period=day|week|month|trailing30&day=2026-01-31&currency=EUR&source=shopify → every KPI, currency by
 * currency, beside the period before. 400 names the filter that is wrong.
 */
export async function handle(event: unknown, { warehouse, clock }: Deps): Promise<HttpAnswer> {
  const asked = z.safeParse(filters, z.parse(request, event ?? {}).queryStringParameters ?? {});
  if (!asked.success) {
    const [issue] = asked.error.issues;
    return answer(400, { error: 'bad-filter', field: issue?.path.map(String).join('.') || (issue && 'keys' in issue ? issue.keys.join(', ') : ''), message: issue?.message ?? 'malformed' });
  }
  const { period, source, currency: only } = asked.data;
  const today = new Date(clock()).toISOString().slice(0, 10);
  const periods = periodsOf(period, asked.data.day ?? today);
  const rows = (await readDays(warehouse, { from: periods.before.from, to: periods.current.to }, today)).filter((row) => source === undefined || row.source === source);
  const currencies = only === undefined ? [...new Set(rows.map((row) => row.currency))].filter((one) => one !== none).sort() : [only];
  return answer(200, {
    period: { kind: period, ...periods.current }, before: periods.before,
    currencies: currencies.map((one) => {
      const { currency: name, kpis } = kpiReport(rows.filter((row) => row.currency === one), periods, one, today, matureAfterDays);
      return { currency: name, kpis };
    }),
  });
}
