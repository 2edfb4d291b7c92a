import { findAll, type Baseline, type Begun } from './finite.ts';
import type { Facts } from './report.ts';
import type { RunDeps } from './run-deps.ts';
import { decimalOf, type Columns } from './scan/csv.ts';
import { fileRows, matchFile } from './scan/file-sums.ts';
import { heldLines, type LoadedEvent } from './scan/found.ts';
import { sharesOf } from './scan/held.ts';
import type { JsonlExpected } from './scan/jsonl.ts';
import { orderRows, reconcile, returnRows } from './scan/money.ts';
import { settle } from './scan/settle.ts';
import { names, type Stage } from './stage.ts';

type Found = Pick<
  Facts,
  | 'deliveries' | 'accepted' | 'duplicates' | 'rejected' | 'ignored' | 'derived' | 'polled' | 'byType' | 'settled' | 'reasons' | 'lost' | 'duplicated' | 'unexpected'
  | 'recovered' | 'orders' | 'latencies' | 'firstCommitAt' | 'balances' | 'wrong'
> & { readonly lastCommitAt: number };

const countBy = <T>(items: Iterable<T>, name: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1;
  return counts;
};

const lateness = (rows: readonly LoadedEvent[]): number[] =>
  rows.flatMap(({ type, recordedAt, committedAt }) => (type === 'order.created' && recordedAt !== undefined && committedAt !== undefined ? [committedAt - recordedAt] : []));
const firstCommit = (rows: readonly LoadedEvent[]): number =>
  rows.reduce((first, { type, committedAt }) => (type === 'order.created' && committedAt !== undefined && (first === 0 || committedAt < first) ? committedAt : first), 0);
const lastCommit = (rows: readonly LoadedEvent[]): number => rows.reduce((last, { committedAt }) => Math.max(last, committedAt ?? 0), 0);

/** A CSV file: documents, lines and money of the file on one side, of the warehouse on the other. */
export async function csvFacts(stage: Stage, path: string, columns: Columns, account: string, currency: string, { baseline, record }: Begun, { display }: RunDeps): Promise<Found> {
  const before = new Set(baseline.ids);
  const prefix = `file-drop:${account}:`;
  const found = await findAll(stage);
  const { rest: file, held: out } = await sharesOf(path, columns, await heldLines(stage.s3, names.bucket('quarantine'), found.quarantine, { account, since: record.epoch }));
  const rows = await fileRows(stage.warehouse, account);
  const match = matchFile(file, rows);
  const mine = [...found.warehouse.values()].filter(({ key }) => key.startsWith(prefix));
  const fresh = mine.filter(({ id }) => !before.has(id));
  const items = [...found.table].filter(([id, { key }]) => key.startsWith(prefix) && !before.has(id) && !found.warehouse.has(id)).map(([, item]) => item);
  const held = found.quarantine.filter(({ id }) => !before.has(id));
  const strangers = held.filter(({ id, from }) => from !== undefined && !out.ids.has(id));
  const parked = items.filter(({ state }) => state === 'PARKED');
  // a document is new if anything of it is; what was there before the run is a repeat
  const documentOf = (key: string): string => {
    const id = key.slice(prefix.length).replace(/^(return|adjustment):/, '').replaceAll('%3A', ':').replaceAll('%25', '%');
    return file.documents.has(id) ? id : id.replace(/-\d+$/, '');
  };
  const taken = new Set([...fresh, ...items].map(({ key }) => documentOf(key)));
  const heldDocuments = held.length > strangers.length ? out.documents.size : 0;
  const accepted = [...taken].filter((id) => file.documents.has(id)).length + heldDocuments;
  const settledEvents = fresh.length + items.length + held.length;
  const balanced = match.money === file.money && match.lines === file.lines && match.documents === file.documents.size;

  display.say(`from the warehouse (${currency}):`);
  for (const part of rows.parts) display.say(`  ${`${part.what}, ${part.class}`.padEnd(30)} ${String(part.lines).padStart(8)} lines ${decimalOf(part.money).padStart(18)}`);
  display.say(`  ${'rounding remainder'.padEnd(30)} ${''.padStart(14)} ${decimalOf(rows.remainder).padStart(18)}`);
  display.say(`  ${'together'.padEnd(30)} ${String(match.lines).padStart(8)} lines ${decimalOf(match.money).padStart(18)}  in ${match.documents} documents`);
  if (out.lines > 0) {
    display.say(`  ${'in quarantine'.padEnd(30)} ${String(out.lines).padStart(8)} lines ${decimalOf(out.money).padStart(18)}  in ${out.documents.size} documents${out.unreadable > 0 ? `; ${out.unreadable} of the lines have no amount that can be read` : ''}`);
  }
  display.say(`  ${out.lines > 0 ? 'the rest of the file, read independently' : 'the file, read independently'.padEnd(30)} ${String(file.lines).padStart(8)} lines ${decimalOf(file.money).padStart(18)}  in ${file.documents.size} documents ${balanced ? '✓' : '✗'}`);

  const missing = match.missing.map((id) => `document ${id}`);
  const deliveries = file.documents.size + out.documents.size;
  const both = { count: deliveries, money: decimalOf(file.money + out.money) };
  return {
    deliveries,
    accepted,
    duplicates: deliveries - accepted - match.missing.length,
    // a document that came to nothing was not taken
    rejected: match.missing.length,
    ignored: 0,
    derived: settledEvents - accepted,
    polled: 0,
    byType: countBy([...fresh.map(({ type }) => type), ...items.map(({ type }) => type), ...held.map(() => 'intake.rejected')], (type) => type),
    settled: { warehouse: fresh.length, quarantine: held.length, parked: parked.length, inFlight: items.length - parked.length, fetched: 0 },
    reasons: { parked: countBy(parked, ({ reason }) => reason ?? ''), quarantine: countBy(held, ({ code }) => code) },
    lost: missing,
    duplicated: mine.filter((row) => row.rows > 1).map(({ id }) => id),
    unexpected: [...strangers.map(({ id, code }) => `quarantine ${id} (${code}), which is no line of the file`), ...match.strange.filter((id) => !baseline.keys.some((key) => key.endsWith(`:${id}`))).map((id) => `document ${id}`), ...fresh.filter(({ key }) => !file.documents.has(documentOf(key)) && !documentOf(key).startsWith('rounding')).map(({ id }) => id)],
    recovered: [],
    orders: mine.filter(({ type, id }) => type === 'order.created' && !before.has(id)).length,
    latencies: lateness(fresh),
    lastCommitAt: lastCommit(fresh),
    firstCommitAt: firstCommit(fresh),
    balances: [{ what: 'documents', currency, sent: both, warehouse: { count: match.documents, money: decimalOf(match.money) }, waiting: { count: 0, money: '0' }, quarantine: { count: out.documents.size, money: decimalOf(out.money) }, balanced }],
    wrong: match.wrong,
  };
}

/** Canonical JSON lines: every line's event, and the money of orders and returns. */
export async function jsonlFacts(stage: Stage, { lines, expected, sent }: JsonlExpected, baseline: Baseline): Promise<Found> {
  const before = new Set(baseline.ids);
  const found = await findAll(stage);
  const settlement = settle(expected, found, before);
  const known = new Set(baseline.keys.filter((key) => !sent.some(({ said }) => said.key === key)));
  const money = reconcile(sent.map((one) => ({ ...one, home: settlement.homes.get(one.id) })), await orderRows(stage.warehouse), await returnRows(stage.warehouse), known);
  const ids = new Set(expected.map(({ id }) => id));
  const fresh = [...ids].filter((id) => !before.has(id));
  const counted = settle(expected.filter(({ id }) => !before.has(id)), found, new Set([...before, ...ids]));
  const rows = fresh.flatMap((id) => found.warehouse.get(id) ?? []);
  return {
    ...settlement,
    settled: counted.settled,
    deliveries: lines, accepted: fresh.length, duplicates: lines - fresh.length, rejected: 0, ignored: 0, derived: 0, polled: 0,
    byType: countBy(new Map(expected.filter(({ id }) => !before.has(id)).map((one) => [one.id, one])).values(), ({ said }) => said.type),
    orders: rows.filter(({ type }) => type === 'order.created').length, latencies: lateness(rows), lastCommitAt: lastCommit(rows), firstCommitAt: firstCommit(rows), balances: money.balances, wrong: money.wrong,
  };
}
