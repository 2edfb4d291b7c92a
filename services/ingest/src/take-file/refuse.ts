import { bytesHash, eventId } from '@orderflow/shared/events';
import { accountNameOf } from './plan.ts';
import type { FileRef } from './progress.ts';
import type { Outcome, TakeFileDeps } from './reading.ts';

/** A file that cannot be read at all, or not to its end: said in quarantine, in the cursor and in the log. */
export async function refuse(file: FileRef, owner: string, message: string, { cursors, quarantine, log, meter, clock }: TakeFileDeps): Promise<Outcome> {
  const account = accountNameOf(file.key);
  const url = `s3://${file.bucket}/${file.key}`;
  const id = eventId('file-drop', account, bytesHash(`${url}\n${file.etag}`), 0);
  await quarantine.put(
    { source: 'file-drop', account, method: 'FILE', url, headers: {}, body: Buffer.from(url), receivedAt: clock() },
    file.etag, undefined, [{ id, position: 0, code: 'file', path: '$', message }],
  );
  await cursors.finish(file, owner, { status: 'FAILED', message });
  meter.count('fileFailed');
  log.error('FILE_REFUSED', { id });
  return 'refused';
}
