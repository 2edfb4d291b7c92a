import { redact } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { any, filters, spanOf, told } from '../api/filters.ts';
import { offsetOf, pageFrom } from '../api/page.ts';
import { route } from '../api/route.ts';
import { differencesOf } from './differences.ts';
import { commentCountsSql, emergingSql, featuresSql, reasonsSql, samplesSql } from './queries.ts';

const buckets = ['day', 'week', 'month'] as const;

export const reasonsRoute = route({
  path: '/returns/reasons',
  summary: 'Why goods come back, over time',
  description: 'Returns asked for, also those that were refused, by day, ISO week or month of the return and reason by class; the share is of all returns of that span and currency.',
  query: z.strictObject({ from: filters.from, to: filters.to, each: z._default(z.enum(buckets), 'week'), source: filters.source, currency: filters.currency, product: filters.product, category: filters.category, format: filters.format }),
  answer: z.strictObject({ from: z.string(), to: z.string(), rows: z.array(z.strictObject({ begins: z.string(), currency: z.string(), reason: z.string(), returns: z.number(), share: z.number(), units: z.number(), value: z.string() })) }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today);
    const { source = any, currency = any, product = any, category = any } = query;
    const rows = await warehouse.rows(reasonsSql(query.each), { from_day: span.from, to_day: span.to, source, currency, product, category });
    const key = (row: (typeof rows)[number]): string => `${String(row['begins'])} ${String(row['currency'])}`;
    const totals = new Map([...Map.groupBy(rows, key).entries()].map(([of, some]) => [of, some.reduce((sum, row) => sum + Number(row['returns']), 0)]));
    return {
      ...told(span),
      rows: rows.map((row) => ({
        begins: String(row['begins']), currency: String(row['currency']), reason: String(row['reason']), returns: Number(row['returns']), share: Number(row['returns']) / (totals.get(key(row)) ?? 1), units: Number(row['units']), value: String(row['value']),
      })),
    };
  },
});

export const emergingRoute = route({
  path: '/returns/emerging',
  summary: 'Reasons that rise faster than chance',
  description: 'The last 14 days against the 84 before, for every product and for all together: exact comparison of two Poisson rates with what was sold as exposure (Przyborowski and Wilenski), held back over all that were tested (Benjamini and Hochberg): at most one in twenty of those told is chance. Product empty: all together.',
  query: z.strictObject({ format: filters.format }),
  answer: z.strictObject({ rows: z.array(z.strictObject({ asOf: z.string(), product: z.string(), name: z.nullable(z.string()), reason: z.string(), recent: z.number(), expected: z.number(), p: z.number(), q: z.number() })) }),
  async read(_, { warehouse }) {
    const rows = await warehouse.rows(emergingSql);
    return {
      rows: rows.map((row) => ({ asOf: String(row['as_of']), product: String(row['product_key']), name: (row['name'] ?? null) as string | null, reason: String(row['reason']), recent: Number(row['recent']), expected: Number(row['expected']), p: Number(row['p']), q: Number(row['q']) })),
    };
  },
});

export const differencesRoute = route({
  path: '/returns/differences',
  summary: 'What distinguishes the orders that come back',
  description: 'Of each property of the orders: how many came back since, with the 95 % Wilson interval; lift against all others; the chance of such a difference if there were none (pooled z-test), held back over all that were tested (Benjamini and Hochberg). Categories count units. A difference is no cause.',
  query: z.strictObject({ from: filters.from, to: filters.to, source: filters.source, currency: filters.currency, format: filters.format }),
  answer: z.strictObject({
    from: z.string(), to: z.string(),
    rows: z.array(z.strictObject({ feature: z.string(), value: z.string(), orders: z.number(), returned: z.number(), rate: z.number(), low: z.number(), high: z.number(), lift: z.nullable(z.number()), q: z.number() })),
  }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today, 365);
    const { source = any, currency = any } = query;
    const rows = await warehouse.rows(featuresSql, { from_day: span.from, to_day: span.to, source, currency });
    return { ...told(span), rows: differencesOf(rows.map((row) => ({ feature: String(row['feature']), value: String(row['value']), orders: Number(row['orders']), returned: Number(row['returned']) }))) };
  },
});

export const commentsRoute = route({
  path: '/comments',
  summary: 'What customers say: Good and Bad by day, with the newest of each',
  description: 'Order notes, comments of returns, reviews and answers to surveys, as the language model reads them. Samples without addresses, numbers, links and the customer’s own name.',
  query: z.strictObject({ from: filters.from, to: filters.to, source: filters.source, sentiment: z.optional(z.enum(['GOOD', 'BAD'])), limit: filters.limit, after: filters.after, format: filters.format }),
  live: true,
  answer: z.strictObject({
    from: z.string(), to: z.string(), days: z.array(z.strictObject({ day: z.string(), good: z.number(), bad: z.number() })),
    rows: z.array(z.strictObject({ day: z.string(), kind: z.string(), source: z.string(), product: z.nullable(z.string()), sentiment: z.string(), score: z.nullable(z.number()), comment: z.string() })),
    next: z.optional(z.string()),
  }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today, 30);
    const first = offsetOf(query.after);
    const asked = { from_day: span.from, to_day: span.to, source: query.source ?? any };
    const [days, samples] = await Promise.all([warehouse.rows(commentCountsSql, asked), warehouse.rows(samplesSql, { ...asked, sentiment: query.sentiment ?? any, first, last: first + query.limit + 1 })]);
    const { rows, next } = pageFrom(samples, query);
    return {
      ...told(span), ...(next === undefined ? {} : { next }), days: days.map((row) => ({ day: String(row['day']), good: Number(row['good']), bad: Number(row['bad']) })),
      rows: rows.map((row) => ({
        day: String(row['day']), kind: String(row['kind']), source: String(row['source']), product: (row['product_key'] ?? null) as string | null, sentiment: String(row['sentiment']), score: row['sentiment_score'] === null ? null : Number(row['sentiment_score']),
        comment: redact(String(row['comment']), [String(row['known'] ?? '')]),
      })),
    };
  },
});
