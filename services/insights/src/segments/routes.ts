import * as z from 'zod/mini';
import { any, filters, spanOf, told } from '../api/filters.ts';
import { route } from '../api/route.ts';
import { cohortsOf, newAndRepeat, type CohortMonth } from './cohorts.ts';
import { cohortMonthsSql, demographicsSql, dimensionNames, guestsSql, movesSql, segmentsSql } from './queries.ts';
import { leastShown, suppressSmall } from './suppress.ts';

const share = z.nullable(z.number());
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const money = (value: number): string => value.toFixed(2);

export const segmentsRoute = route({
  path: '/customers/segments',
  summary: 'Segments of customers by recency, frequency and value, with those who moved',
  description: 'log1p of days since the last order, of orders and of net value, less the mean by the deviation; k-means with four clusters, ten starts and a fixed seed, over two years, one currency at a time; named by their middle: champions, promising (seen lately), at risk (not seen lately), lost. insufficient: fewer than 20 customers. Guests have no key and are counted apart. `moves`: from segment to segment within the days asked for; null: no customer before, or no more.',
  query: z.strictObject({ from: filters.from, to: filters.to, currency: filters.currency, format: filters.format }),
  answer: z.strictObject({
    rows: z.array(z.strictObject({ currency: z.string(), segment: z.string(), asOf: z.string(), customers: z.number(), customersShare: share, value: z.string(), valueShare: share, orders: z.number(), meanRecencyDays: z.number() })),
    guests: z.array(z.strictObject({ currency: z.string(), guestOrders: z.number(), share })),
    moves: z.array(z.strictObject({ currency: z.string(), from: z.nullable(z.string()), to: z.nullable(z.string()), customers: z.number() })),
  }),
  async read({ from, to, currency = any }, { warehouse, today }) {
    const span = spanOf({ from, to }, today, 30);
    const days = { from_day: span.from, to_day: span.to, currency };
    const [segments, guests, moves] = await Promise.all([warehouse.rows(segmentsSql, { currency }), warehouse.rows(guestsSql, days), warehouse.rows(movesSql, days)]);
    const total = (of: unknown, column: 'customers' | 'value'): number => segments.filter((row) => row['currency'] === of).reduce((sum, row) => sum + Math.max(0, Number(row[column])), 0);
    return {
      rows: segments.map((row) => ({
        currency: String(row['currency']), segment: String(row['segment']), asOf: String(row['as_of']), customers: Number(row['customers']), customersShare: ratio(Number(row['customers']), total(row['currency'], 'customers')),
        value: String(row['value']), valueShare: ratio(Math.max(0, Number(row['value'])), total(row['currency'], 'value')), orders: Number(row['orders']), meanRecencyDays: Number(row['mean_recency']),
      })),
      guests: guests.map((row) => ({ currency: String(row['currency']), guestOrders: Number(row['guest_orders']), share: ratio(Number(row['guest_orders']), Number(row['orders'])) })),
      moves: moves.map((row) => ({ currency: String(row['currency']), from: (row['segment_from'] ?? null) as string | null, to: (row['segment_to'] ?? null) as string | null, customers: Number(row['customers']) })),
    };
  },
});

const step = z.strictObject({ after: z.number(), customers: z.number(), retention: z.number(), lifetimeValue: z.number(), unfinished: z.boolean() });
export const cohortsRoute = route({
  path: '/customers/cohorts',
  summary: 'Retention, repeat rate and lifetime value by month of the first order; new and repeat customers by month',
  description: 'Retention: share of the cohort that ordered in the month so many months after. Repeat rate: share that has ordered more than once by now. Lifetime value: net sales (less what came back) a customer of the cohort, up to and with that month. A customer is one of a source: the same person in two shops is two. Guests are in no cohort; the month that goes on is marked.',
  query: z.strictObject({ source: filters.source, currency: filters.currency, format: filters.format }),
  answer: z.strictObject({
    currencies: z.array(z.strictObject({
      currency: z.string(),
      cohorts: z.array(z.strictObject({ cohort: z.string(), customers: z.number(), repeatRate: z.number(), steps: z.array(step) })),
      months: z.array(z.strictObject({ month: z.string(), newCustomers: z.number(), repeatCustomers: z.number(), newValue: z.number(), repeatValue: z.number() })),
    })),
  }),
  async read({ source = any, currency = any }, { warehouse, today }) {
    const rows = await warehouse.rows(cohortMonthsSql, { source, currency });
    return {
      currencies: [...Map.groupBy(rows, (row) => String(row['currency'])).entries()].map(([of, told]) => {
        const months: CohortMonth[] = told.map((row) => ({ cohort: String(row['cohort']), month: String(row['month']), customers: Number(row['customers']), repeatCustomers: Number(row['repeat_customers']), orders: Number(row['orders']), value: Number(row['value']) }));
        return { currency: of, cohorts: cohortsOf(months, today.slice(0, 7)), months: newAndRepeat(months) };
      }),
    };
  },
  table: ({ currencies }) => currencies.flatMap(({ currency, cohorts }) => cohorts.flatMap(({ cohort, customers, repeatRate, steps }) => steps.map((one) => ({ currency, cohort, cohortCustomers: customers, repeatRate, ...one })))),
});

interface Demographic {
  readonly name: string | undefined;
  readonly customers: number;
  readonly orders: number;
  readonly value: number;
}
const together = (few: readonly Demographic[]): Demographic =>
  few.reduce((sum, one) => ({ name: undefined, customers: sum.customers + one.customers, orders: sum.orders + one.orders, value: sum.value + one.value }), { name: undefined, customers: 0, orders: 0, value: 0 });

export const demographicsRoute = route({
  path: '/customers/demographics',
  summary: 'Customers by age band, country, state or tenure',
  description: `Customers who ordered in the days asked for. Age from the date of birth on the last of them; tenure since they joined or, where that is not known, since their first order. Groups of fewer than ${leastShown} are put together, with the next smallest where those are still too few; nothing is shown of fewer than ${leastShown} in all.`,
  query: z.strictObject({ from: filters.from, to: filters.to, by: z._default(z.enum(dimensionNames), 'age'), source: filters.source, currency: filters.currency, country: filters.country, format: filters.format }),
  answer: z.strictObject({
    from: z.string(), to: z.string(), by: z.enum(dimensionNames),
    /** Name null: groups that are put together because they are few. */
    rows: z.array(z.strictObject({ currency: z.string(), name: z.nullable(z.string()), customers: z.number(), orders: z.number(), value: z.string() })),
  }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today, 365);
    const { by, source = any, currency = any, country = any } = query;
    const rows = await warehouse.rows(demographicsSql(by), { from_day: span.from, to_day: span.to, today: query.to ?? today, source, currency, country });
    return {
      ...told(span), by,
      rows: [...Map.groupBy(rows, (row) => String(row['currency'])).entries()].flatMap(([of, groups]) =>
        suppressSmall(groups.map((row): Demographic => ({ name: String(row['name']), customers: Number(row['customers']), orders: Number(row['orders']), value: Number(row['value']) })), together)
          .map(({ name, customers, orders, value }) => ({ currency: of, name: name ?? null, customers, orders, value: money(value) }))),
    };
  },
});
