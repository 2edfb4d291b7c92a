import { LeaseLost } from '../cursors/leases.ts';
import { FileChanged, type FileHead } from './object.ts';
import { FileRefused } from './plan.ts';
import type { FileRef } from './progress.ts';
import { readFile } from './read-file.ts';
import { leaseMs, type Outcome, type TakeFileDeps } from './reading.ts';
import { refuse } from './refuse.ts';

/** After so many readers that died without getting on, the file is what kills them. */
const mostDeaths = 5;

/** Faults of the file itself: our own refusals, and what zlib says of damaged content. */
const badFile = (error: unknown): error is { readonly message: string } =>
  error instanceof FileRefused ||
  (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_'));

/** One claim on one content, from there to its end, its hand-over or its failure. */
async function takeContent(file: FileRef, head: FileHead, deps: TakeFileDeps, remainingMs: () => number): Promise<Outcome> {
  const owner = deps.newId();
  const claim = await deps.cursors.claim(file, head.modifiedAt, owner, leaseMs);
  if (claim.outcome !== 'mine') return claim.outcome;
  if (claim.replaced) deps.log.warn('FILE_REPLACED', {});
  try {
    if (claim.deaths >= mostDeaths) throw new FileRefused(`${claim.deaths} readers in a row ended at the same place without a word; look at the logs, mend the file and drop it again`);
    return await readFile(file, head, owner, deps, remainingMs);
  } catch (error) {
    if (error instanceof LeaseLost) return 'busy';
    if (badFile(error)) return refuse(file, owner, error.message, deps);
    await deps.cursors.release(file, owner); // the retry need not wait for the lease to run out
    throw error;
  }
}

/** The content that was being read is gone: what was not read of it never will be. */
async function lost(file: FileRef, deps: TakeFileDeps): Promise<Outcome> {
  const owner = deps.newId();
  const claim = await deps.cursors.claim(file, 0, owner, leaseMs);
  return claim.outcome === 'mine' ? refuse(file, owner, 'the file was deleted before it was read to its end; drop it again', deps) : 'gone';
}

/**
 * Takes one file from the intake bucket: streamed, gzip recognised by content, resumed from its last checkpoint, handed
 * to a further invocation before Lambda's time is over. Reading the same content twice takes nothing twice. `etag`: what
 * the caller knows to have been begun under this key.
 */
export async function takeFile(
  { bucket, key, etag }: Pick<FileRef, 'bucket' | 'key'> & { readonly etag?: string | undefined }, deps: TakeFileDeps, remainingMs: () => number,
): Promise<Outcome> {
  let begun = etag;
  for (let turn = 0; turn < 3; turn++) {
    const head = await deps.files.head(bucket, key);
    if (!head) return begun === undefined ? 'gone' : lost({ bucket, key, etag: begun }, deps);
    try {
      return await takeContent({ bucket, key, etag: head.etag }, head, deps, remainingMs);
    } catch (error) {
      if (!(error instanceof FileChanged)) throw error;
      begun = head.etag; // another content by now: that one is read
    }
  }
  throw new FileChanged();
}
