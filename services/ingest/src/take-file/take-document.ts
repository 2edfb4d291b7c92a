import { eventId } from '@orderflow/shared/events';
import { complete, rejectionOf } from '../intake/complete.ts';
import { source } from '../sources/file-drop/index.ts';
import type { DocumentReading } from './document-line.ts';
import { documentHash, type Document } from './documents.ts';
import { FileRefused } from './plan.ts';
import type { FileCounts } from './progress.ts';
import { readDocument, type RejectedRow } from './read-document.ts';
import { rejectRow } from './reject-row.ts';
import type { ReadingParts } from './reading.ts';

/** Makes documents durable, and what cannot be read; counts both. */
export interface Taker {
  take(document: Document, how: DocumentReading): Promise<void>;
  reject(rows: readonly RejectedRow[]): Promise<void>;
  /** Without the rows. */
  counts(): FileCounts;
}

const mostUnknownCodes = 100;
/** When this many lines are in quarantine and not one document was taken, the mapping is not the file's. */
const mostRejectedOfNothing = 1_000;

export function documentTaker({ file, account, droppedAt, deps, start }: ReadingParts, before: FileCounts): Taker {
  const counts = { ...before };
  const unknownCodes: Record<string, number> = { ...before.unknownCodes };

  const noteUnknown = (code: string): void => {
    if (Object.hasOwn(unknownCodes, code) || Object.keys(unknownCodes).length < mostUnknownCodes) {
      unknownCodes[code] = (unknownCodes[code] ?? 0) + 1;
    }
  };

  const reject = async (rows: readonly RejectedRow[]): Promise<void> => {
    const [first] = rows;
    counts.rejected += rows.length;
    for (const row of rows) await start(() => rejectRow(row, { file, account, droppedAt, quarantine: deps.quarantine }), row.row.raw.length);
    if (first && counts.documents === 0 && counts.rejected >= mostRejectedOfNothing) {
      throw new FileRefused(`none of the first ${counts.rejected} lines could be taken; line ${first.row.number}: ${first.path} ${first.message}. Is this the file’s mapping?`);
    }
  };

  return {
    reject,
    counts: () => ({ ...counts, unknownCodes: { ...unknownCodes } }),
    async take(document, how) {
      const { drafts, rejected, unknownCodes: unknown } = readDocument(document, how);
      if (rejected.length > 0) return reject(rejected);
      const [first] = document.rows;
      const last = document.rows.at(-1);
      const rawref = `s3://${file.bucket}/${file.key}#${first?.offset ?? 0},${(last?.end ?? 0) - (first?.offset ?? 0)}`;
      const hash = documentHash(document);
      const ids = drafts.map((_, position) => eventId(account.source, account.account, hash, position));
      const recordedtime = new Date(deps.clock()).toISOString();
      let events;
      try {
        events = drafts.map((draft, position) => ({
          // judged by the time of the drop, so that the file says the same whenever it is read
          ...complete(draft, ids[position] ?? '', droppedAt, { source, account, accounts: deps.accounts }),
          recordedtime,
          rawref,
          // further events of one document are derived from its first
          ...(position === 0 ? {} : { causationid: ids[0] ?? '' }),
        }));
      } catch (error) {
        const why = rejectionOf(error);
        return reject(document.rows.map((row) => ({ row, ...why })));
      }
      counts.documents++;
      counts.events += events.length;
      unknown.forEach(noteUnknown);
      await start(() => deps.sink.put(events, account), document.rows.reduce((sum, { raw }) => sum + raw.length, 0));
    },
  };
}
