import type { Account } from '@orderflow/shared/accounts';
import { bytesHash, eventId } from '@orderflow/shared/events';
import type { QuarantinePort } from '../intake/ports.ts';
import type { FileRef } from './progress.ts';
import type { RejectedRow } from './read-document.ts';
import { rawBytes } from './rows.ts';

interface From {
  readonly file: FileRef;
  readonly account: Account;
  /** Milliseconds since 1970: the same however often the file is read, so that an entry is written over, not beside. */
  readonly droppedAt: number;
  readonly quarantine: QuarantinePort;
}

/**
 * A line that is not taken goes to quarantine with its number, its bytes and the reason. Two equal lines stay two: the
 * line number is the position of the item.
 */
export async function rejectRow({ row, code, path, message }: RejectedRow, { file, account, droppedAt, quarantine }: From): Promise<void> {
  const body = rawBytes(row);
  const delivery = bytesHash(body);
  const url = `s3://${file.bucket}/${file.key}#${row.offset},${row.end - row.offset}`;
  const id = eventId(account.source, account.account, delivery, row.number);
  await quarantine.put(
    { source: account.source, account: account.account, method: 'FILE', url, headers: {}, body, receivedAt: droppedAt },
    delivery, 'lines', [{ id, position: row.number, code, path, message: `line ${row.number}: ${message}` }],
  );
}
