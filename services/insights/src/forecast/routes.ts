import * as z from 'zod/mini';
import { any, BadFilter, filters, spanOf, told } from '../api/filters.ts';
import { route } from '../api/route.ts';
import { addDays } from '../sums/periods.ts';
import { dueSql, forecastSql, historySql, seriesSql } from './queries.ts';
import { flows } from './cash-series.ts';
import { whatIf, type CashDay } from './what-if.ts';

const each = z._default(z.enum(['day', 'week', 'month']), 'day');

export const cashFlowRoute = route({
  path: '/cash-flow',
  summary: 'Money in and out, by the day that it moves',
  description:
    'Inflow: paid orders with tax, postage and gift cards, on the day that the provider settles them, else as late as others of the same source and method were. Outflow: refunds, cost of goods as far as it is known (`unitsWithoutCost`), fees. Net: the difference. An order that was cancelled and paid back moves nothing. `due`: what is on its way already.',
  query: z.strictObject({ from: filters.from, to: filters.to, each, source: filters.source, currency: filters.currency, format: filters.format }),
  answer: z.strictObject({
    from: z.string(), to: z.string(),
    rows: z.array(z.strictObject({
      begins: z.string(), currency: z.string(), inflow: z.string(), refunds: z.string(), cost: z.string(), fees: z.string(), net: z.string(), unitsWithoutCost: z.number(), inflowByMethod: z.record(z.string(), z.string()),
    })),
    due: z.array(z.strictObject({ day: z.string(), currency: z.string(), amount: z.string() })),
  }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today);
    const { source = any, currency = any } = query;
    const [rows, due] = await Promise.all([warehouse.rows(historySql(query.each), { from_day: span.from, to_day: span.to, today, source, currency }), warehouse.rows(dueSql, { today, source, currency })]);
    const spans = [...Map.groupBy(rows, (row) => JSON.stringify([row['begins'], row['currency']])).entries()];
    return {
      ...told(span),
      rows: spans.map(([name, of]) => {
        const [begins, money] = JSON.parse(name) as [string, string];
        const sum = (flow: string): number => of.filter((row) => row['flow'] === flow).reduce((all, row) => all + Number(row['amount']), 0);
        const [inflow, refunds, cost, fees] = [sum('payment'), sum('refund'), sum('cost'), sum('fee')];
        return {
          begins, currency: money, inflow: inflow.toFixed(2), refunds: refunds.toFixed(2), cost: cost.toFixed(2), fees: fees.toFixed(2), net: (inflow - refunds - cost - fees).toFixed(2),
          unitsWithoutCost: of.reduce((all, row) => all + Number(row['units_without_cost']), 0),
          inflowByMethod: Object.fromEntries(of.filter((row) => row['flow'] === 'payment').map((row) => [String(row['method']), Number(row['amount']).toFixed(2)])),
        };
      }),
      due: due.map((row) => ({ day: String(row['day']), currency: String(row['currency']), amount: String(row['amount']) })),
    };
  },
});

const horizon = z._default(z.pipe(z.enum(['30', '90']), z.transform(Number)), 30);
const total = z.strictObject({ 30: z.nullable(z.number()), 90: z.nullable(z.number()) });
const backtest = z.strictObject({ origins: z.number(), meanAbsoluteError: z.number(), relMae: z.optional(z.number()), bias: z.number(), coverage80: z.optional(z.number()), coverage95: z.optional(z.number()) });
const detail = z.object({ method: z.optional(z.string()), madeFrom: z.optional(z.string()), reason: z.optional(z.string()), expectedTotal: z.optional(total), backtest: z.optional(backtest) });

export const forecastRoute = route({
  path: '/cash-flow/forecast',
  summary: 'The next 30 or 90 days, with intervals and the record of the method',
  description:
    'Series: total (a currency), all (in the reporting currency), source:NAME, product:KEY (net sales of the twenty that bring most); flows: inflow, refund, outflow, net, sales. Intervals of 80 and 95 % from the method’s own errors at past origins; `backtest.relMae`: its mean absolute error by that of the seasonal naive forecast, at those origins. Closed weekdays are found and forecast as nothing. A day’s value is near the median of what may come; all days together come to `expectedTotal`, which has the bias of the backtest taken out. insufficient: too short a history, with the reason.',
  query: z.strictObject({ horizon, series: z._default(z.string().check(z.maxLength(640)), 'total'), flow: z.optional(z.enum(flows)), currency: filters.currency, format: filters.format }),
  answer: z.strictObject({
    series: z.array(z.strictObject({
      series: z.string(), currency: z.string(), flow: z.string(), name: z.nullable(z.string()), madeOn: z.string(), state: z.enum(['forecast', 'insufficient']),
      method: z.optional(z.string()), madeFrom: z.optional(z.string()), reason: z.optional(z.string()), expectedTotal: z.optional(total), backtest: z.optional(backtest),
      days: z.array(z.strictObject({ day: z.string(), value: z.string(), low80: z.string(), high80: z.string(), low95: z.string(), high95: z.string() })),
    })),
  }),
  async read(query, { warehouse, today }) {
    const asked = { series: query.series, currency: query.currency ?? any, flow: query.flow ?? any };
    const [series, days] = await Promise.all([warehouse.rows(seriesSql, asked), warehouse.rows(forecastSql, { ...asked, to_day: addDays(today, query.horizon) })]);
    const key = (row: (typeof days)[number]): string => JSON.stringify([row['series'], row['currency'], row['flow']]);
    const bySeries = Map.groupBy(days, key);
    return {
      series: series.map((row) => {
        // only what is there
        const told = JSON.parse(JSON.stringify(z.parse(detail, JSON.parse(String(row['detail']))))) as z.output<typeof detail>;
        return {
          series: String(row['series']), currency: String(row['currency']), flow: String(row['flow']), name: (row['name'] ?? null) as string | null, madeOn: String(row['made_on']), state: String(row['state']) as 'forecast', ...told,
          days: (bySeries.get(key(row)) ?? []).map((one) => ({ day: String(one['day']), value: String(one['value']), low80: String(one['low80']), high80: String(one['high80']), low95: String(one['low95']), high95: String(one['high95']) })),
        };
      }),
    };
  },
  table: ({ series }) => series.flatMap(({ series: name, currency, flow, days }) => days.map((one) => ({ series: name, currency, flow, ...one }))),
});

const decimal = (least: number, most: number) => z.pipe(z.string().check(z.regex(/^-?\d{1,3}(\.\d{1,4})?$/, 'must be a number')), z.pipe(z.transform(Number), z.number().check(z.gte(least, `must be at least ${least}`), z.lte(most, `must be at most ${most}`))));
export const whatIfRoute = route({
  path: '/cash-flow/what-if',
  summary: 'The forecast if customers paid later, or more came back',
  description: 'What is on its way comes as promised; what is sold from now on is paid `delayDays` later (negative: sooner), and refunds grow by `refundFactor`. `difference`: in hand more or less than without, up to that day.',
  query: z.strictObject({ currency: filters.currency, horizon, delayDays: z._default(decimal(-90, 90), 0), refundFactor: z._default(decimal(0, 20), 1), format: filters.format }),
  answer: z.strictObject({ currency: z.string(), rows: z.array(z.strictObject({ day: z.string(), inflow: z.number(), outflow: z.number(), net: z.number(), difference: z.number() })) }),
  async read({ currency, horizon: ahead, delayDays, refundFactor }, { warehouse, today }) {
    const to_day = addDays(today, ahead);
    const [expected, due] = await Promise.all([warehouse.rows(forecastSql, { series: 'total', currency: currency ?? any, flow: any, to_day }), warehouse.rows(dueSql, { today, source: any, currency: currency ?? any })]);
    const currencies = [...new Set(expected.map((row) => String(row['currency'])))];
    if (currencies.length > 1) throw new BadFilter('currency', `must be one of ${currencies.join(', ')}: they are never added up`);
    const days = new Map<string, { -readonly [K in keyof CashDay]: CashDay[K] }>();
    for (const row of expected) {
      const day = String(row['day']);
      const one = days.get(day) ?? { day, inflow: 0, due: 0, refund: 0, outflow: 0 };
      const flow = String(row['flow']);
      if (flow === 'inflow' || flow === 'refund' || flow === 'outflow') one[flow] = Number(row['value']);
      days.set(day, one);
    }
    for (const row of due) {
      const one = days.get(String(row['day']));
      if (one !== undefined) one.due = Number(row['amount']);
    }
    return { currency: currencies[0] ?? currency ?? '', rows: whatIf([...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), { delayDays: Math.round(delayDays), refundFactor: refundFactor }) };
  },
});
