import type { Account } from '@orderflow/shared/accounts';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import type { IntakeDeps, QuarantinePort, SinkPort } from '../intake/ports.ts';
import { csvReading } from './csv-reading.ts';
import { jsonlReading } from './jsonl-reading.ts';
import type { Mapping } from './mapping.ts';
import { openBody, type FilePort } from './object.ts';
import { accountOf, FileRefused, readSidecar, sidecarKey } from './plan.ts';
import { LeaseLost, noCounts, type Checkpoint, type CursorPort, type FileRef } from './progress.ts';
import { window } from './window.ts';

export interface TakeFileDeps {
  readonly accounts: IntakeDeps['accounts'];
  readonly files: FilePort;
  readonly cursors: CursorPort;
  readonly sink: SinkPort;
  readonly quarantine: QuarantinePort;
  readonly mappings: readonly Mapping[];
  /** Invokes this function again for the rest of a file. */
  readonly again: (file: FileRef) => Promise<void>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** One way of reading a file: it takes its rows one after the other and can be set down between any two. */
export interface Reading {
  /** Reads on; each step ends between two rows. */
  readonly steps: AsyncGenerator<void>;
  /** Where it stands, for a restart. */
  checkpoint(): Checkpoint;
}

export interface ReadingParts {
  readonly file: FileRef;
  readonly account: Account;
  readonly historical: boolean;
  readonly deps: TakeFileDeps;
  /** Starts work that makes something durable; waits while enough is under way. */
  readonly start: (work: () => Promise<void>) => Promise<void>;
}

export type Outcome = 'done' | 'refused' | 'continued' | 'busy' | 'gone';

/** Deliveries under way at once: memory stays bounded however fast the file is read. */
const mostUnderWay = 400;
/** A reader that has not been heard of for this long is dead. */
const leaseMs = 30_000;
const saveEveryMs = 5_000;
/** Time to save and hand over before Lambda ends the invocation. */
const handOverMs = 45_000;

/** Faults of the file itself: our own refusals, and what zlib says of damaged content. */
const badFile = (error: unknown): error is { readonly message: string } =>
  error instanceof FileRefused ||
  (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_'));

async function read(file: FileRef, owner: string, deps: TakeFileDeps, remainingMs: () => number): Promise<Outcome> {
  const { cursors, clock, log } = deps;
  const under = window(mostUnderWay);
  const account = accountOf(file.key, deps.accounts);
  const own = readSidecar(await deps.files.read(file.bucket, sidecarKey(file.key)));
  const before = await cursors.checkpoint(file);
  const opened = await openBody((await deps.files.open(file.bucket, file.key)).body, before?.offset ?? 0);
  const parts: ReadingParts = { file, account, historical: own.live !== true, deps, start: (work) => under.add(work) };
  const reading = opened.format === 'csv'
    ? csvReading(opened.bytes, parts, own.mapping, before)
    : jsonlReading(opened.bytes, parts, before);

  let savedAt = clock();
  for await (const _ of reading.steps) {
    const late = remainingMs() < handOverMs;
    if (!late && clock() - savedAt < saveEveryMs) continue;
    await under.empty();
    const checkpoint = reading.checkpoint();
    await cursors.save(file, owner, checkpoint, leaseMs);
    log.info('FILE_PROGRESS', { rows: checkpoint.counts.rows, documents: checkpoint.counts.documents });
    savedAt = clock();
    if (late) {
      await cursors.release(file, owner);
      await deps.again(file);
      return 'continued';
    }
  }
  await under.empty();
  const { counts } = reading.checkpoint();
  for (const [code, lines] of Object.entries(counts.unknownCodes)) log.warn('FILE_PROGRESS', { unknownCode: code, lines });
  await cursors.finish(file, owner, { etag: file.etag, status: 'DONE', counts });
  log.info('FILE_DONE', { rows: counts.rows, documents: counts.documents, rejected: counts.rejected });
  return 'done';
}

/** A file that cannot be read at all, or not to its end: said in quarantine, in the cursor and in the log. */
async function refuse(file: FileRef, owner: string, deps: TakeFileDeps, error: { readonly message: string }): Promise<Outcome> {
  const counts = (await deps.cursors.checkpoint(file))?.counts ?? noCounts;
  deps.log.error('QUARANTINED', { reason: 'file', error: error.message.slice(0, 300) });
  const url = `s3://${file.bucket}/${file.key}`;
  const rejected = { id: owner, position: 0, code: 'file', path: '$', message: error.message };
  await deps.quarantine.put(
    { source: 'file-drop', account: file.key.split('/')[1] ?? '', method: 'FILE', url, headers: {}, body: Buffer.from(url), receivedAt: deps.clock() },
    file.etag, undefined, [rejected],
  );
  await deps.cursors.finish(file, owner, { etag: file.etag, status: 'FAILED', counts, message: error.message });
  return 'refused';
}

/**
 * Takes one file from the intake bucket: streamed, gzip recognised by content, resumed from its last checkpoint, handed
 * to a further invocation before Lambda's time is over. Reading the same content twice takes nothing twice.
 */
export async function takeFile(
  { bucket, key }: Pick<FileRef, 'bucket' | 'key'>, deps: TakeFileDeps, remainingMs: () => number,
): Promise<Outcome> {
  const etag = await deps.files.etag(bucket, key);
  if (etag === undefined) return 'gone';
  const file: FileRef = { bucket, key, etag };
  const owner = deps.newId();
  const claim = await deps.cursors.claim(file, owner, leaseMs);
  if (claim !== 'mine') return claim;
  try {
    return await read(file, owner, deps, remainingMs);
  } catch (error) {
    if (error instanceof LeaseLost) return 'busy';
    if (badFile(error)) return refuse(file, owner, deps, error);
    await deps.cursors.release(file, owner); // the retry need not wait for the lease to run out
    throw error;
  }
}
