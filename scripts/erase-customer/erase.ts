import { createHash } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { ask } from '../rebuild/ask.ts';
import type { EraseOptions } from './options.ts';

export interface EraseDeps {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly out: (line: string) => void;
  readonly show: (share: number, text: string) => void;
  readonly note: (line: string) => void;
}

const strings = z.array(z.string());
const found = z.object({ orders: strings, returns: strings, words: strings, since: z.optional(z.string()) });
const raw = z.object({ deliveries: z.int(), others: z.int(), orders: strings, payments: strings, after: z.optional(z.string()) });
const inFlight = z.object({ redacted: z.int(), busy: strings });
const landed = z.object({ files: z.int(), waiting: z.int(), after: z.optional(z.string()) });
const left = z.object({ tables: z.array(z.object({ table: z.string(), rows: z.int() })) });

interface Subject {
  readonly customer?: string;
  orders: readonly string[];
  payments: readonly string[];
  readonly words: readonly string[];
}

const dayMs = 86_400_000;
const daysOf = (since: number, now: number): string[] => {
  const days: string[] = [];
  for (let at = Math.floor(since / dayMs) * dayMs; at <= now; at += dayMs) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
};
const union = (one: readonly string[], two: readonly string[]): string[] => [...new Set([...one, ...two])].sort();

/** Attempts for what is at work or waits to be loaded, and the pause between two. */
const attempts = 30;
const pauseMs = 1_000;

/** Asks the stage's functions, a page after the other. */
function stageOf({ stage }: EraseOptions, { client }: EraseDeps) {
  const of = async <T extends z.core.$ZodType>(name: string, input: object, schema: T): Promise<z.output<T>> => z.parse(schema, await ask(client, stage, name, input));
  return {
    erase: <T extends z.core.$ZodType>(input: object, schema: T) => of('warehouse/erase', input, schema),
    raw: (input: object) => of('ingest/erase-raw', input, raw),
    async rawDay(step: 'find' | 'blank', day: string, subject: Subject): Promise<z.infer<typeof raw>> {
      const sum = { deliveries: 0, others: 0, orders: [] as string[], payments: [] as string[] };
      for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
        const part = await of('ingest/erase-raw', { step, day: day.replaceAll('-', '/'), ...(after !== undefined && { after }), ...subject }, raw);
        sum.deliveries += part.deliveries;
        sum.others += part.others;
        sum.orders = union(sum.orders, part.orders);
        sum.payments = union(sum.payments, part.payments);
        after = part.after;
      }
      return sum;
    },
    async landedDay(erasure: string, day: string): Promise<{ files: number; waiting: number }> {
      const sum = { files: 0, waiting: 0 };
      for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
        const part = await of('warehouse/erase', { step: 'landed', erasure, day, ...(after !== undefined && { after }) }, landed);
        sum.files += part.files;
        sum.waiting += part.waiting;
        after = part.after;
      }
      return sum;
    },
  };
}

/** Until nothing is left to wait for. @returns what the last attempt still waited for */
async function again(act: () => Promise<number>, { pause }: EraseDeps): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const waiting = await act();
    if (waiting === 0 || attempt >= attempts) return waiting;
    await pause(pauseMs);
  }
}

/**
 * Forgets somebody, everywhere, and looks whether it is so.
 * @returns the exit status: 0; 1 when something is left, or the stage cannot be reached: run it again
 */
export async function erase(options: EraseOptions, deps: EraseDeps): Promise<number> {
  const { customer, reason, by, from, dryRun } = options;
  const { now, show, note, out } = deps;
  const stage = stageOf(options, deps);
  try {
    const known = await stage.erase({ step: 'find', orders: options.orders, ...(customer !== undefined && { customer }) }, found);
    const subject: Subject = { ...(customer !== undefined && { customer }), orders: known.orders, payments: [], words: known.words };
    const since = from === undefined ? Date.parse(known.since ?? new Date(now()).toISOString()) - dayMs : Date.parse(from);
    const days = daysOf(since, now());
    const steps = days.length * (dryRun ? 1 : 3);
    let step = 0;
    const advance = (text: string): void => show(++step / steps, text);

    let deliveries = 0;
    for (const day of days) {
      const part = await stage.rawDay('find', day, subject);
      subject.orders = union(subject.orders, part.orders);
      subject.payments = union(subject.payments, part.payments);
      deliveries += part.deliveries;
      advance(`looked into ${day}: ${subject.orders.length} orders, ${deliveries} deliveries`);
    }
    const { returns } = await stage.erase({ step: 'find', orders: subject.orders, ...(customer !== undefined && { customer }) }, found);
    out(`${customer ?? 'a guest'}: ${subject.orders.length} orders, ${returns.length} returns, ${deliveries} deliveries from ${days[0] ?? ''} on`);
    if (dryRun) return 0;

    const erasure = createHash('sha256').update([customer ?? '', ...options.orders].join('\n')).digest('hex').slice(0, 24);
    await stage.erase({ step: 'begin', erasure, orders: subject.orders, returns, by, reason, ...(customer !== undefined && { customer }) }, z.object({}));
    const counts = { inFlight: 0, deliveries: 0, quarantined: 0, landedFiles: 0 };
    const busy = await again(async () => {
      const part = await stage.erase({ step: 'in-flight', orders: subject.orders }, inFlight);
      counts.inFlight += part.redacted;
      return part.busy.length;
    }, deps);
    let others = 0;
    for (const day of days) {
      const part = await stage.rawDay('blank', day, subject);
      counts.deliveries += part.deliveries;
      others += part.others;
      advance(`raw archive, ${day}: ${counts.deliveries} deliveries`);
    }
    counts.quarantined = (await stage.raw({ step: 'quarantine', ...subject })).deliveries;
    let waiting = 0;
    for (const day of days) {
      waiting += await again(async () => {
        const part = await stage.landedDay(erasure, day);
        counts.landedFiles += part.files;
        return part.waiting;
      }, deps);
      advance(`landed files, ${day}: ${counts.landedFiles} written anew`);
    }
    return await lookOver({ stage, subject, days, erasure, counts, others, busy, waiting }, deps);
  } catch (error) {
    note(`erase-customer: ${error instanceof Error ? error.message : 'unknown'}; run it again, it goes on`);
    return 1;
  }
}

interface Done {
  readonly stage: ReturnType<typeof stageOf>;
  readonly subject: Subject;
  readonly days: readonly string[];
  readonly erasure: string;
  readonly counts: { readonly inFlight: number; readonly deliveries: number; readonly quarantined: number; readonly landedFiles: number };
  readonly others: number;
  readonly busy: number;
  readonly waiting: number;
}

/** Looks everywhere once more; only what is clean is recorded as ended. */
async function lookOver({ stage, subject, days, erasure, counts, others, busy, waiting }: Done, { out, note }: EraseDeps): Promise<number> {
  const remains: string[] = [];
  for (const { table, rows } of (await stage.erase({ step: 'left' }, left)).tables) remains.push(`${rows} rows of ${table}`);
  let deliveries = 0;
  for (const day of days) deliveries += (await stage.rawDay('find', day, subject)).deliveries;
  if (deliveries > 0) remains.push(`${deliveries} deliveries that came meanwhile`);
  if (busy > 0) remains.push(`${busy} orders at which a workflow is at work`);
  if (waiting > 0) remains.push(`${waiting} landed batches that are not loaded yet`);
  const { inFlight: items, deliveries: blanked, quarantined, landedFiles } = counts;
  out(`blanked: ${blanked} deliveries, ${landedFiles} landed files, ${items} items in flight, ${quarantined} entries in quarantine`);
  if (others > 0) note(`${others} events of others came in the same deliveries: they are in the warehouse, and can no more be read again from the archive`);
  if (remains.length > 0) {
    note(`not all is done: ${remains.join(', ')}; run it again`);
    return 1;
  }
  await stage.erase({ step: 'end', erasure, ...counts }, z.object({}));
  out(`forgotten; audit: SELECT * FROM erasure WHERE erasure_id = '${erasure}'`);
  return 0;
}
