import type { Invocation, Log } from '@orderflow/shared/lambda';
import type { Refresh } from '../results/deps.ts';
import { isDue, refreshingOf } from '../results/due.ts';
import { replaceRows, type ResultRow } from '../results/replace.ts';
import { addDays } from '../sums/periods.ts';
import { forecast } from './forecast.ts';
import { cashSeriesSql, lastMadeSql, productSeriesSql } from './queries.ts';
import { cashSeries, dailyOf, type CashRow, type NamedSeries } from './cash-series.ts';

export interface Forecasts extends Refresh {
  readonly log: Log;
}

/** Days of history that a forecast learns from, and days that it looks ahead. */
const [historyDays, horizonDays] = [730, 90] as const;

async function seriesOf({ reader }: Forecasts, today: string): Promise<NamedSeries[]> {
  const span = { from_day: addDays(today, -historyDays), today };
  const [cash, products] = await Promise.all([reader.rows(cashSeriesSql, span), reader.rows(productSeriesSql, span)]);
  const rows = cash.map((row): CashRow => ({
    day: String(row['day']), source: String(row['source']), currency: String(row['currency']), flow: String(row['flow']) as CashRow['flow'], amount: Number(row['amount']), rate: row['rate'] === null ? null : Number(row['rate']),
  }));
  const named = Map.groupBy(products, (row) => JSON.stringify([row['product_key'], row['currency']]));
  const ofProducts = [...named.entries()].map(([name, of]): NamedSeries => {
    const [product, currency] = JSON.parse(name) as [string, string];
    return { series: `product:${product}`, currency, flow: 'sales', name: of[0]?.['name'] === null ? null : String(of[0]?.['name']), daily: dailyOf(new Map(of.map((row) => [String(row['day']), Number(row['amount'])])), today) };
  });
  return [...cashSeries(rows, String(cash[0]?.['reporting_currency'] ?? 'EUR'), today), ...ofProducts];
}

const money = (value: number): string => value.toFixed(4);
const forecastColumns = ['series', 'currency', 'flow', 'day', 'made_on', 'value', 'low80', 'high80', 'low95', 'high95'];
const seriesColumns = ['series', 'currency', 'flow', 'name', 'made_on', 'state', 'detail'];

/** Forecasts of every series for 90 days from today on, in place of those of before; once a day, or when the past has changed. */
export async function handle(event: unknown, deps: Forecasts, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ made: boolean }> {
  const refreshing = refreshingOf(event);
  const { today } = refreshing;
  if (!isDue(refreshing, await deps.reader.rows(lastMadeSql))) return { made: false };
  const all = await seriesOf(deps, today);
  const [days, records]: [ResultRow[], ResultRow[]] = [[], []];
  for (const one of all) {
    const canBeNegative = one.flow === 'net';
    const made = forecast(one.daily, { horizonDays, canBeNegative });
    const name = { series: one.series, currency: one.currency, flow: one.flow, made_on: today };
    if (made.state === 'insufficient') {
      records.push({ ...name, name: one.name, state: made.state, detail: JSON.stringify({ reason: made.reason }) });
      continue;
    }
    const month = forecast(one.daily, { horizonDays: 30, canBeNegative });
    const { method, madeFrom, backtest, expectedTotal } = made;
    records.push({ ...name, name: one.name, state: made.state, detail: JSON.stringify({ method, madeFrom, backtest, expectedTotal: { 30: month.state === 'forecast' ? month.expectedTotal : null, 90: expectedTotal } }) });
    days.push(...made.days.map(({ day, value, low80, high80, low95, high95 }) => ({ ...name, day, value: money(value), low80: money(low80), high80: money(high80), low95: money(low95), high95: money(high95) })));
  }
  await replaceRows({ table: 'forecast', columns: forecastColumns, rows: days }, requestId, deps);
  await replaceRows({ table: 'forecast_series', columns: seriesColumns, rows: records }, requestId, deps);
  deps.log.info('INSIGHTS_MADE', { insight: 'forecast', series: all.length, forecast: records.filter((one) => one['state'] === 'forecast').length });
  return { made: true };
}
