import * as z from 'zod/mini';
import { any, filters, spanOf, told } from '../api/filters.ts';
import { route } from '../api/route.ts';
import { wilson } from '../statistics/proportion.ts';
import { latencySql, quarantineSql, settledSql } from './queries.ts';

const share = z.strictObject({ value: z.nullable(z.number()), low: z.number(), high: z.number(), n: z.number(), formula: z.string(), caveats: z.array(z.string()) });
const shareOf = (part: unknown, whole: unknown, formula: string, caveats: readonly string[] = []) => {
  const [some, all] = [Number(part ?? 0), Number(whole ?? 0)];
  return { value: all === 0 ? null : some / all, ...wilson(some, all), n: all, formula, caveats };
};

export const pipelineRoute = route({
  path: '/kpis/pipeline',
  summary: 'How well the system itself works: latency, share settled without a person, quarantine, delivery of notices',
  description: 'Latency: seconds from intake to the commit of the load, of every event, by source. The shares have their 95 % Wilson intervals.',
  query: z.strictObject({ from: filters.from, to: filters.to, source: filters.source, format: filters.format }),
  live: true,
  answer: z.strictObject({
    from: z.string(), to: z.string(),
    rows: z.array(z.strictObject({ source: z.string(), events: z.number(), p50Seconds: z.number(), p99Seconds: z.number() })),
    settledWithoutPerson: share, quarantineRate: share, noticeDelivery: share,
  }),
  async read(query, { warehouse, messagesOf, today }) {
    const span = spanOf(query, today, 30);
    const asked = { from_day: span.from, to_day: span.to, source: query.source ?? any };
    const [latency, [settled], [held], { sent, skipped, unknown }] = await Promise.all([warehouse.rows(latencySql, asked), warehouse.rows(settledSql, asked), warehouse.rows(quarantineSql, asked), messagesOf(span)]);
    return {
      ...told(span), rows: latency.map((row) => ({ source: String(row['source']), events: Number(row['events']), p50Seconds: Number(row['p50']), p99Seconds: Number(row['p99']) })),
      settledWithoutPerson: shareOf(settled?.['without_person'], settled?.['decided'], 'returns decided by source, policy or model ÷ returns decided'),
      quarantineRate: shareOf(held?.['quarantined'], held?.['accepted'], 'events in quarantine ÷ events accepted, by the newest comparison of each day', held?.['accepted'] === null ? ['reconcile runs by night; nothing of these days has been compared yet'] : []),
      noticeDelivery: shareOf(sent, sent + skipped + unknown, 'mails and notices that SES or SNS took ÷ those that the workflows had to send', [...(unknown > 0 ? [`of ${unknown} the answer was lost; they are not sent again`] : []), ...(query.source === undefined ? [] : ['of all sources: messages are not measured by source'])]),
    };
  },
});
