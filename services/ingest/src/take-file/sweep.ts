import { isNoFile } from './plan.ts';
import type { TakeFileDeps } from './reading.ts';

/** Every file that is not finished: how long it has not got on; and what a dead reader left is given to another. */
export async function sweep({ cursors, again, clock, meter }: Pick<TakeFileDeps, 'cursors' | 'again' | 'clock' | 'meter'>): Promise<'swept'> {
  for (const { file, abandoned, movedAt } of await cursors.unfinished()) {
    meter.count('fileAgeSeconds', Math.max(0, Math.round((clock() - movedAt) / 1_000)));
    if (abandoned) await again(file);
  }
  return 'swept';
}

const minute = 60_000;
/** An event is on its way, or tried again by Lambda, for this long; and after this long the file is known or was looked at. */
const youngest = 15 * minute;
const oldest = 2 * 24 * 60 * minute;

/**
 * Files that were dropped and never begun: the event about them was lost, or could not be worked on (Lambda drops it
 * after three attempts, https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 */
export async function findUnread(
  bucket: string, { files, cursors, again, clock, log }: Pick<TakeFileDeps, 'files' | 'cursors' | 'again' | 'clock' | 'log'>,
): Promise<'swept'> {
  for await (const { key, etag, modifiedAt } of files.list(bucket)) {
    const age = clock() - modifiedAt;
    if (isNoFile(key) || age < youngest || age > oldest || (await cursors.known(key)) === etag) continue;
    log.warn('FILE_FOUND', {});
    await again({ bucket, key, etag });
  }
  return 'swept';
}
