import { enqueueWith } from './enqueue.ts';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '../demo/delivery.ts';
import { demoChannels, pushingChannels } from '../demo/channels.ts';
import { shopsLagMs, type World } from '../demo/sale.ts';
import { keyOf } from '../demo/says.ts';
import { demoStream } from '../demo/stream.ts';
import { fetchedEvents, fetchOf, type Fetch } from './fetchable.ts';
import { answersIn, beginRun, Ledger, saveRecord, type Answer, type RunRecord } from './ledger.ts';
import type { CallCount, LambdaUsage } from './local-cloud.ts';
import { loadedEvents, quarantineEntries, tableItems, type Found } from './scan/found.ts';
import { handedOut, noticeEnds } from './scan/notices.ts';
import { orderRows, reconcile, returnRows, type Sent } from './scan/money.ts';
import { settle, type Expected } from './scan/settle.ts';
import { send } from './sender.ts';
import { names, type Stage } from './stage.ts';
import { countsOf, type Counts } from './watch.ts';

/** What was there before the run began, so that only what came after it is judged. Kept on disk for a resumed run. */
export interface Baseline {
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  readonly calls: readonly CallCount[];
  readonly usage: LambdaUsage;
  readonly counts: Counts;
}

export const findAll = async ({ warehouse, s3, dynamodb, sqs }: Stage): Promise<Found> => {
  const [loaded, held, items, notices] = await Promise.all([
    loadedEvents(warehouse), quarantineEntries(s3, names.bucket('quarantine')), tableItems(dynamodb, names.inFlight),
    noticeEnds(dynamodb, names.cursors, sqs, names.noticesQueues),
  ]);
  return { warehouse: loaded, quarantine: held, table: items, notices };
};

export interface Begun {
  readonly record: RunRecord;
  readonly resumed: boolean;
  readonly baseline: Baseline;
  readonly folder: string;
}

/** Begins a finite run, or takes up the one that was killed. A new one first writes down what is there already. */
export async function begin(stage: Stage, folder: string, words: string, now: number): Promise<Begun> {
  mkdirSync(folder, { recursive: true });
  const { record, resumed } = beginRun(folder, words, now);
  const file = join(folder, `${record.id}.baseline.json`);
  if (existsSync(file)) return { record, resumed, baseline: JSON.parse(readFileSync(file, 'utf8')) as Baseline, folder };
  const found = await findAll(stage);
  const [orders, returns, calls] = [await orderRows(stage.warehouse), await returnRows(stage.warehouse), await stage.cloud.calls()];
  const baseline: Baseline = {
    ids: [...found.warehouse.keys(), ...found.table.keys(), ...found.notices.keys(), ...found.quarantine.map(({ id }) => id)],
    keys: [...orders.keys(), ...returns.keys()],
    calls,
    usage: await stage.cloud.usage(),
    counts: await countsOf(stage),
  };
  writeFileSync(`${file}.new`, JSON.stringify(baseline));
  renameSync(`${file}.new`, file);
  return { record, resumed, baseline, folder };
}

export const finish = ({ folder, record }: Begun): void => saveRecord(folder, { ...record, state: 'finished' });

const ledgerFile = ({ folder, record }: Begun): string => join(folder, `${record.id}.ndjson`);

const dayMs = 86_400_000;

/** Nothing in a vendor's store that only polling finds has changed before this, milliseconds since 1970. */
export const untoldSince = ({ epoch }: Pick<RunRecord, 'epoch'>): number => epoch - dayMs;

/** The demo world of a run: placed over the day that ended twelve hours before it. */
export const worldOf = (record: RunRecord, seed: number, orders: number, onlyOrders: boolean): World => ({
  seed,
  epoch: record.epoch,
  onlyOrders,
  placedAt: (n) => record.epoch - shopsLagMs - dayMs + Math.floor((n / orders) * dayMs),
  channels: onlyOrders ? pushingChannels() : demoChannels(),
});

export interface SendOptions {
  readonly world: World;
  readonly orders: number;
  readonly rate: number | undefined;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: Answer, delivery: Delivery) => void;
}

/** Sends what has no answer in the ledger yet. */
export async function sendAll(stage: Stage, begun: Begun, options: SendOptions): Promise<void> {
  const ledger = await Ledger.open(ledgerFile(begun));
  try {
    await send(demoStream(options.world, options.orders), {
      port: stage.webhookPort, vendors: stage.vendors, enqueue: enqueueWith(stage.sqs), rate: options.rate, now: options.now, signal: options.signal,
      answered: (n) => ledger.answered(n) !== undefined,
      onAnswer: (answer, delivery) => {
        ledger.add(answer);
        options.onAnswer(answer, delivery);
      },
    });
  } finally {
    ledger.close();
  }
}

export interface BySource {
  deliveries: number;
  orders: number;
}

/** What the sender's ledger says, delivery by delivery. */
export interface Account {
  readonly deliveries: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly ignored: number;
  readonly derived: number;
  /** Of those derived: no notice told of them, polling alone has found them. */
  readonly polled: number;
  readonly byType: Readonly<Record<string, number>>;
  /** By source: what was taken of it, and how many orders came of that. */
  readonly bySource: Readonly<Record<string, BySource>>;
  readonly expected: readonly Expected[];
  readonly sent: readonly (Omit<Sent, 'home'> & { readonly id: string })[];
  /** Of paid order.created, by event id: when its first byte was sent, milliseconds since 1970. */
  readonly sentAt: ReadonlyMap<string, number>;
  readonly firstAnswerAt: number | undefined;
}

/** Tells the stream once more and sets each delivery against its answer. */
export async function accountFor(stage: Stage, begun: Begun, world: World, orders: number): Promise<Account> {
  const vendorsGave = await handedOut(stage.vendors);
  const fetches: Fetch[] = [];
  const answered = new Map<string, number>();
  const answers = new Map<number, Answer>();
  for await (const answer of answersIn(ledgerFile(begun))) answers.set(answer.n, answer);
  const seen = new Set<string>();
  const orderKeys = new Set<string>();
  const byType: Record<string, number> = {};
  const bySource: Record<string, BySource> = {};
  const of = (source: string): BySource => (bySource[source] ??= { deliveries: 0, orders: 0 });
  const expected: Expected[] = [];
  const sent: (Omit<Sent, 'home'> & { id: string })[] = [];
  const sentAt = new Map<string, number>();
  const count = { deliveries: 0, accepted: 0, duplicates: 0, rejected: 0, ignored: 0, derived: 0, polled: 0 };
  let firstAnswerAt: number | undefined;

  for (const { deliveries, ending, sale } of demoStream(world, orders)) {
    for (const delivery of deliveries) {
      const { n, kind, source, account, id, says, ids } = delivery;
      const answer = answers.get(n);
      const acknowledged = answer !== undefined && answer.status < 300;
      if (answer && kind !== 'untold') {
        count.deliveries += 1;
        const name = `${source}\n${account}\n${id}`;
        if (!acknowledged) count.rejected += 1;
        else if (kind === 'ping') count.ignored += 1;
        else if (seen.has(name)) count.duplicates += 1;
        else {
          seen.add(name);
          count.accepted += 1;
          of(source).deliveries += 1;
          count.derived += Math.max(0, says.length - 1);
          for (const { type } of says) byType[type] = (byType[type] ?? 0) + 1;
          firstAnswerAt = Math.min(firstAnswerAt ?? Infinity, answer.answeredAt);
        }
      }
      if (kind === 'repeat' || kind === 'ping' || kind === 'bad-signature') continue;
      const fetch = fetchOf(delivery, acknowledged, ending);
      if (fetch) {
        fetches.push(fetch);
        // what is in a vendor's store has not come in yet
        if (answer && !fetch.untold && fetch.fetches.version === 1) answered.set(`${source}/${account}/${fetch.fetches.id}`, answer.sentAt);
      }
      says.forEach((said, position) => {
        const event = ids[position] ?? '';
        expected.push({ id: event, acknowledged, said });
        // the order of this step, and not another that its source tells whole once more
        const isNew = said.type === 'order.created' && sale !== undefined && said.key === keyOf(sale) && !orderKeys.has(said.key);
        if (isNew) orderKeys.add(said.key);
        // what waits for its payment is not late
        if (isNew && answer && sale.payment === 'PAID') sentAt.set(event, answer.sentAt);
        if (acknowledged && (isNew || said.type === 'return.requested')) {
          sent.push({ id: event, said, ending: isNew ? ending : undefined });
          if (isNew) of(source).orders += 1;
        }
      });
    }
  }
  for (const { id, said, acknowledged, untold, first, ending, thing } of fetchedEvents(fetches, vendorsGave)) {
    expected.push({ id, acknowledged, said });
    count.derived += 1;
    if (untold) count.polled += 1;
    byType[said.type] = (byType[said.type] ?? 0) + 1;
    if (said.type === 'return.requested') sent.push({ id, said });
    if (!first || said.type !== 'order.created') continue;
    sent.push({ id, said, ending });
    of(thing.slice(0, thing.indexOf('/'))).orders += 1;
    const sentFirst = answered.get(thing);
    if (sentFirst !== undefined) sentAt.set(id, sentFirst);
  }
  return { ...count, byType, bySource, expected, sent, sentAt, firstAnswerAt };
}

/** Matches the sender's account with what is there. */
export async function judge(stage: Stage, account: Account, baseline: Baseline) {
  const known = new Set(baseline.ids);
  const found = await findAll(stage);
  const settlement = settle(account.expected, found, known);
  const homes = settlement.homes;
  const money = reconcile(
    account.sent.map((one) => ({ ...one, home: homes.get(one.id) })),
    await orderRows(stage.warehouse), await returnRows(stage.warehouse), new Set(baseline.keys),
  );
  const latencies: number[] = [];
  let lastCommitAt = 0;
  let firstCommitAt = Infinity;
  for (const { id, said } of account.expected) {
    const row = found.warehouse.get(id);
    if (row?.committedAt === undefined) continue;
    lastCommitAt = Math.max(lastCommitAt, row.committedAt);
    if (said.type === 'order.created') firstCommitAt = Math.min(firstCommitAt, row.committedAt);
    const begunAt = account.sentAt.get(id);
    if (said.type === 'order.created' && begunAt !== undefined) latencies.push(row.committedAt - begunAt);
  }
  const orders = account.sent.filter(({ id, said }) => said.type === 'order.created' && homes.has(id)).length;
  return { settlement, money, latencies, orders, lastCommitAt, firstCommitAt: Number.isFinite(firstCommitAt) ? firstCommitAt : 0 };
}
