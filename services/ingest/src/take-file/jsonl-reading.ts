import type { Readable } from 'node:stream';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { interpret } from '../intake/interpret.ts';
import { source } from '../sources/file-drop/index.ts';
import { noCounts, type Checkpoint } from './progress.ts';
import { rejectRows } from './reject-rows.ts';
import { linesOf } from './lines.ts';
import type { Row } from './rows.ts';
import type { Reading, ReadingParts } from './take-file.ts';

/** What comes out of a file is history unless the file was dropped as live. */
function asHistory(event: CanonicalEvent): CanonicalEvent {
  switch (event.type) {
    case 'order.created':
      return { ...event, data: { order: { ...event.data.order, historical: true } } };
    case 'return.requested':
      return { ...event, data: { return: { ...event.data.return, historical: true } } };
    case 'adjustment.recorded':
      return { ...event, data: { adjustment: { ...event.data.adjustment, historical: true } } };
    default:
      return event;
  }
}

/** JSON lines: one canonical event a line, each line one delivery. */
export function jsonlReading(bytes: Readable, parts: ReadingParts, before: Checkpoint | undefined): Reading {
  const { file, account, historical, deps, start } = parts;
  const receivedAt = deps.clock();
  const counts = { ...(before?.counts ?? noCounts) };
  let offset = before?.offset ?? 0;
  const from = { file, account, header: [], receivedAt, quarantine: deps.quarantine };

  const takeRow = async (row: Row): Promise<void> => {
    const body = Buffer.from(row.raw.trimEnd());
    const rawref = `s3://${file.bucket}/${file.key}#${row.offset},${body.byteLength}`;
    const { events, rejected } = interpret(
      { source: account.source, account: account.account, method: 'FILE', url: rawref, headers: {}, body, receivedAt: deps.clock() },
      { source, account, accounts: deps.accounts },
    );
    const ready = events.map((event) => ({ ...(historical ? asHistory(event) : event), rawref }));
    if (ready.length > 0) counts.documents++;
    counts.events += ready.length;
    counts.rejected += rejected.length;
    if (ready.length > 0) await start(() => deps.sink.put(ready, account));
    if (rejected.length > 0) await start(() => rejectRows(rejected.map((one) => ({ ...one, row })), from));
  };

  async function* steps(): AsyncGenerator<void> {
    for await (const lines of linesOf(bytes, { offset, lines: counts.rows })) {
      for (const { number, bytes: own, tooLong, offset: at, end } of lines) {
        counts.rows = number;
        offset = end;
        const row = { number, raw: own.toString('utf8'), offset: at, end, values: [] };
        if (tooLong) {
          counts.rejected++;
          await start(() => rejectRows([{ row, code: 'line', path: '$', message: 'is longer than 10 MB' }], from));
        } else if (row.raw.trim() !== '') {
          await takeRow(row);
        }
      }
      yield;
    }
  }

  return {
    steps: steps(),
    checkpoint: () => ({
      offset, header: [], latest: '', roundedEvents: [], grouping: { open: [], closed: [] }, counts,
    }),
  };
}
