import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { findAccount } from '@orderflow/shared/accounts';
import type { Invocation } from '@orderflow/shared/lambda';
import { startOfHour } from '../archive/hours.ts';
import { readArchive, type Damaged } from '../archive/read-archive.ts';
import type { ArchiveStore } from '../archive/store.ts';
import type { Delivery } from '../intake/delivery.ts';
import { interpret } from '../intake/interpret.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import { findSource } from '../sources/registry.ts';
import { lineOf, rejectedLine, type TallyLine } from './line.ts';

export const tallyInput = z.strictObject({
  /** Names the comparison for which it is done. */
  run: z.string().check(z.regex(/^[0-9a-z]{1,32}$/)),
  /** An hour of the archive, UTC: `2026/11/22/12`. */
  hour: z.string().check(z.regex(/^\d{4}\/\d{2}\/\d{2}\/\d{2}$/)),
  /** The object after which to go on. */
  after: z.optional(z.string()),
  source: z.optional(z.string()),
});

export interface Tallied {
  readonly deliveries: number;
  readonly events: number;
  /** Deliveries whose body was blanked because somebody was forgotten. */
  readonly erased: number;
  /** Deliveries of sources or accounts that are configured no more. */
  readonly unknown: number;
  readonly damaged: readonly (Pick<Damaged, 'offset' | 'reason'> & { readonly key: string })[];
  /** Where the lines lie in the staging bucket; absent: there are none. */
  readonly file?: string;
  /** The hour is not read to its end: ask again after this object. */
  readonly after?: string;
}

export interface TallyDeps extends Pick<IntakeDeps, 'accounts' | 'log'> {
  readonly archive: Pick<ArchiveStore, 'keys' | 'get'>;
  /** Writes an object of the staging bucket. */
  put(key: string, body: Uint8Array): Promise<void>;
}

/** Of the invocation, below which no further object is begun; an object is 4 MB, or one large delivery. */
const reserveMs = 30_000;
/** Lines of one file: some 60 MB before they are packed. */
const mostLines = 150_000;

/** What one delivery said. The same reading as when it came; today's mapping. */
function linesOf(delivery: Delivery, { accounts }: Pick<TallyDeps, 'accounts'>): TallyLine[] | undefined {
  const source = findSource(delivery.source);
  const account = findAccount(accounts, delivery.source, delivery.account);
  if (!source || !account) return undefined;
  const { events, rejected } = interpret(delivery, { source, account, accounts });
  return [...events.flatMap((event) => lineOf(event, 'intake') ?? []), ...rejected.map(({ id }) => rejectedLine(id, delivery))];
}

/**
 * Reads one hour of the raw archive and writes what was accepted in it as lines for `reconcile`. Bounded: it says where
 * to go on. Nothing personal is in a line: keys, days and amounts.
 * @throws RangeError where the hour is none
 */
export async function handle(input: unknown, deps: TallyDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<Tallied> {
  const { run, hour, after: from, source } = tallyInput.parse(input);
  startOfHour(hour);
  const lines: TallyLine[] = [];
  const damaged: { key: string; offset: number; reason: Damaged['reason'] }[] = [];
  let [deliveries, erased, unknown] = [0, 0, 0];
  let last: string | undefined;
  let more = false;
  for await (const key of deps.archive.keys(hour, from)) {
    if (last !== undefined && (remainingMs() < reserveMs || lines.length >= mostLines)) {
      more = true;
      break;
    }
    for (const one of readArchive(await deps.archive.get(key))) {
      if (one.kind === 'damaged') {
        damaged.push({ key, offset: one.offset, reason: one.reason });
        continue;
      }
      if (source !== undefined && one.delivery.source !== source) continue;
      deliveries++;
      if (one.erased) erased++;
      else {
        const said = linesOf(one.delivery, deps);
        if (said) lines.push(...said);
        else unknown++;
      }
    }
    last = key;
  }
  const file = `tally/${run}/${hour.replaceAll('/', '-')}-${from === undefined ? 'first' : Buffer.from(from).toString('base64url').slice(-24)}.jsonl.gz`;
  if (lines.length > 0) await deps.put(file, gzipSync(lines.map((line) => JSON.stringify({ run_id: run, ...line })).join('\n') + '\n'));
  if (damaged.length > 0) deps.log.error('ARCHIVE_DAMAGED', { objects: damaged.length, first: damaged[0]?.key, offset: damaged[0]?.offset });
  deps.log.info('TALLIED', { hour, deliveries, events: lines.length, erased, unknown });
  return {
    deliveries, events: lines.length, erased, unknown, damaged, ...(lines.length > 0 && { file }), ...(more && last !== undefined && { after: last }),
  };
}
