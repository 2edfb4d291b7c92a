import type { Account } from '@orderflow/shared/accounts';
import { bytesHash, eventId } from '@orderflow/shared/events';
import type { QuarantinePort } from '../intake/ports.ts';
import type { Rejection } from '../sources/definition.ts';
import type { FileRef } from './progress.ts';
import type { BadRow, Row } from './rows.ts';

interface From {
  readonly file: FileRef;
  readonly account: Account;
  readonly header: readonly string[];
  readonly receivedAt: number;
  readonly quarantine: QuarantinePort;
}

/**
 * Lines that cannot be read go to quarantine one by one, each with its line number. Two equal lines stay two: the line
 * number is the position of the item.
 */
export async function rejectRows(
  rows: readonly (Rejection & { readonly row: Row | BadRow })[], { file, account, receivedAt, quarantine }: From,
): Promise<void> {
  for (const { row, code, path, message } of rows) {
    const delivery = bytesHash(row.raw);
    const url = `s3://${file.bucket}/${file.key}#${row.offset},${row.end - row.offset}`;
    const id = eventId(account.source, account.account, delivery, row.number);
    await quarantine.put(
      { source: account.source, account: account.account, method: 'FILE', url, headers: {}, body: Buffer.from(row.raw), receivedAt },
      delivery, 'lines', [{ id, position: row.number, code, path, message: `line ${row.number}: ${message}` }],
    );
  }
}
