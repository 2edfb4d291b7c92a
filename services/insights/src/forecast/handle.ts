import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import type { Refresh } from '../results/deps.ts';
import { isDue } from '../results/due.ts';
import { replaceRows, type ResultRow } from '../results/replace.ts';
import { addDays } from '../sums/periods.ts';
import { calendarOf, type Calendar } from './calendar.ts';
import { forecast } from './forecast.ts';
import { cashSeriesSql, lastMadeSql, productSeriesSql } from './queries.ts';
import { cashSeries, dailyOf, type CashRow, type NamedSeries } from './series.ts';

export interface Forecasts extends Refresh {
  readonly clock: Clock;
  readonly log: Log;
}

/** Days of history that a forecast learns from, and days that it looks ahead. */
const [historyDays, horizonDays] = [730, 90];

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

/** When the business is closed: of a flow and currency as its total says; of products as money comes in. */
function calendars(series: readonly NamedSeries[]): (of: NamedSeries) => Calendar {
  const totals = new Map(series.filter((one) => one.series === 'total' || one.series === 'all').map((one) => [JSON.stringify([one.series, one.currency, one.flow]), calendarOf(one.daily)]));
  const none: Calendar = { closedWeekdays: new Set(), closedDays: new Set() };
  return ({ series: name, currency, flow }) => totals.get(JSON.stringify([name === 'all' ? 'all' : 'total', currency, flow === 'sales' ? 'inflow' : flow])) ?? none;
}

const money = (value: number): string => value.toFixed(4);
const forecastColumns = ['series', 'currency', 'flow', 'day', 'made_on', 'value', 'low80', 'high80', 'low95', 'high95'];
const seriesColumns = ['series', 'currency', 'flow', 'name', 'made_on', 'state', 'detail'];

/** Forecasts of every series for 90 days from today on, in place of those of before; once a day, or when the past has changed. */
export async function handle(event: unknown, deps: Forecasts, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ made: boolean }> {
  const today = new Date(deps.clock()).toISOString().slice(0, 10);
  if (!isDue(event, await deps.reader.rows(lastMadeSql), today)) return { made: false };
  const all = await seriesOf(deps, today);
  const calendarFor = calendars(all);
  const [days, records]: [ResultRow[], ResultRow[]] = [[], []];
  for (const one of all) {
    const made = forecast(one.daily, calendarFor(one), { days: horizonDays, canBeNegative: one.flow === 'net' });
    const name = { series: one.series, currency: one.currency, flow: one.flow, made_on: today };
    const { state, ...more } = made;
    records.push({ ...name, name: one.name, state, detail: JSON.stringify(made.state === 'forecast' ? { method: made.method, learnedFrom: made.learnedFrom, backtest: made.backtest } : more) });
    if (made.state === 'forecast') {
      days.push(...made.days.map(({ day, value, low80, high80, low95, high95 }) => ({ ...name, day, value: money(value), low80: money(low80), high80: money(high80), low95: money(low95), high95: money(high95) })));
    }
  }
  await replaceRows({ table: 'forecast', columns: forecastColumns, rows: days }, requestId, deps);
  await replaceRows({ table: 'forecast_series', columns: seriesColumns, rows: records }, requestId, deps);
  deps.log.info('INSIGHTS_MADE', { insight: 'forecast', series: all.length, forecast: records.filter((one) => one['state'] === 'forecast').length });
  return { made: true };
}
