import { csvReading } from './csv-reading.ts';
import { jsonlReading } from './jsonl-reading.ts';
import type { FileHead } from './object.ts';
import { objectOffset, openText, resumeText } from './open-body.ts';
import { accountOf, readSidecar, sidecarKey } from './plan.ts';
import { noCounts, type FileCounts, type FileRef } from './progress.ts';
import { leaseMs, type Outcome, type TakeFileDeps } from './reading.ts';
import { window } from './window.ts';

/** Deliveries, and their bytes, under way at once: memory stays bounded however fast the file is read. */
const mostUnderWay = 400;
const mostBytesUnderWay = 32_000_000;
const saveEveryMs = 5_000;
/** Saving takes at most a twentieth of the time, however much a checkpoint has to hold. */
const saveShare = 20;
const mostPauseMs = 120_000;
/** Time to save and hand over before Lambda ends the invocation. */
const handOverMs = 45_000;

/** Reads a file that `owner` holds, to its end or until the time is nearly over. @throws FileRefused, FileChanged, LeaseLost */
export async function readFile(
  file: FileRef, { size, modifiedAt }: FileHead, owner: string, deps: TakeFileDeps, remainingMs: () => number,
): Promise<Outcome> {
  const { cursors, files, clock, log, meter } = deps;
  const account = accountOf(file.key, deps.accounts);
  const before = await cursors.checkpoint(file);
  const sidecar = before?.sidecar ?? readSidecar(await files.read(file.bucket, sidecarKey(file.key)));
  const under = window(mostUnderWay, mostBytesUnderWay);
  const body = await files.open(file, before ? objectOffset(before.form, before.offset) : 0);
  try {
    const opened = before ? resumeText(body, before.form, before.offset, size) : await openText(body, size, sidecar.mapping !== undefined);
    const parts = {
      file, opened, account, sidecar, historical: sidecar.live !== true, droppedAt: modifiedAt, deps,
      start: (work: () => Promise<void>, bytes: number) => under.add(work, bytes),
    };
    const reading = opened.form.format === 'csv' ? csvReading(parts, before) : jsonlReading(parts, before);

    let told: FileCounts = before?.counts ?? noCounts;
    const tell = (): void => {
      const counts = reading.counts();
      meter.count('fileRows', counts.rows - told.rows);
      meter.count('fileRejected', counts.rejected - told.rejected);
      log.info('FILE_PROGRESS', { rows: counts.rows, documents: counts.documents, rejected: counts.rejected, read: opened.read(), size });
      told = counts;
    };

    let savedAt = clock();
    let pause = saveEveryMs;
    for await (const _ of reading.steps) {
      // handed over only when something has been read: else invocations would start each other for ever
      const late = remainingMs() < handOverMs && reading.at() > (before?.offset ?? 0);
      if (!late && clock() - savedAt < pause) continue;
      const begunAt = clock();
      await under.empty();
      await cursors.save(file, owner, reading.checkpoint(), { read: opened.read(), size }, leaseMs + pause);
      tell();
      savedAt = clock();
      pause = Math.min(mostPauseMs, Math.max(saveEveryMs, (savedAt - begunAt) * saveShare));
      if (late) {
        await cursors.release(file, owner);
        await deps.again(file);
        return 'continued';
      }
    }
    await under.empty();
    tell();
    const counts = reading.counts();
    await cursors.finish(file, owner, { status: 'DONE', counts });
    const unknownCodes = Object.keys(counts.unknownCodes).length;
    log[unknownCodes + counts.rejected > 0 ? 'warn' : 'info']('FILE_DONE', {
      rows: counts.rows, documents: counts.documents, events: counts.events, rejected: counts.rejected, unknownCodes,
    });
    return 'done';
  } finally {
    body.destroy();
    await under.empty().catch(() => undefined); // nothing may go on behind the back of the next reader
  }
}
