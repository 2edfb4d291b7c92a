import { takeAsked } from '../intake/take-asked.ts';
import type { QuarantinePort, SinkPort } from '../intake/ports.ts';
import { asHistory } from './history.ts';
import { linesOf, type Line } from './lines.ts';
import { FileRefused } from './plan.ts';
import { noGroups } from './documents.ts';
import { noCounts, type Checkpoint } from './progress.ts';
import { rejectRow } from './reject-row.ts';
import { withoutEnd } from './values.ts';
import type { Reading, ReadingParts } from './reading.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** A line's own bytes: without its end, and without the mark that belongs to the file. */
function itemOf({ bytes, offset }: Line): Buffer {
  const from = offset === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  return bytes.subarray(from, withoutEnd(bytes.toString('latin1')).length);
}

/** JSON lines: each line is one delivery, a canonical event or an array of them, taken like an item of an API. */
export function jsonlReading(parts: ReadingParts, before: Checkpoint | undefined): Reading {
  const { file, account, historical, droppedAt, deps, opened, sidecar, start } = parts;
  const counts = { ...(before?.counts ?? noCounts) };
  let offset = before?.offset ?? 0;
  let rows = counts.rows;

  const sink: SinkPort = {
    put(events, to) {
      const recordedtime = new Date(deps.clock()).toISOString();
      return deps.sink.put(events.map((event) => ({ ...(historical ? asHistory(event) : event), recordedtime })), to);
    },
  };
  const numbered = (number: number): QuarantinePort => ({
    put: (delivery, id, topic, rejected) =>
      deps.quarantine.put(delivery, id, topic, rejected.map((one) => ({ ...one, message: `line ${number}: ${one.message}` }))),
  });

  const takeItem = async ({ number, offset: at }: Line, body: Buffer): Promise<void> => {
    // the file is its own archive
    const url = `s3://${file.bucket}/${file.key}#${at},${body.byteLength}`;
    const { events, rejected } = await takeAsked(
      { source: account.source, account: account.account, method: 'FILE', url, headers: {}, body, receivedAt: droppedAt },
      { ...deps, sink, archive: { add: () => url, flush: async () => {} }, quarantine: numbered(number) },
    );
    if (events.length > 0) counts.documents++;
    counts.events += events.length;
    counts.rejected += rejected.length;
  };

  const take = (line: Line): Promise<void> | undefined => {
    const { number, tooLong, bytes, offset: at, end } = line;
    if (tooLong) {
      counts.rejected++;
      const row = { number, values: [], raw: bytes.toString('latin1'), offset: at, end };
      return start(() => rejectRow({ row, code: 'line', path: '$', message: 'is longer than 10 MB; only its beginning is kept here' }, { file, account, droppedAt, quarantine: deps.quarantine }), bytes.length);
    }
    const body = itemOf(line);
    const text = body.length < 100 ? body.toString('latin1').trim() : undefined;
    if (text === '') return undefined;
    if (number === 1 && (text === '[' || text === '{')) {
      throw new FileRefused('the file is one JSON document over many lines: put each event on one line (jq -c ".[]" or jq -c .)');
    }
    return start(() => takeItem(line, body), body.length);
  };

  async function* steps(): AsyncGenerator<void> {
    for await (const lines of linesOf(opened.bytes, { offset, lines: rows })) {
      for (const line of lines) {
        rows = line.number;
        offset = line.end;
        const taking = take(line);
        if (taking) await taking;
      }
      yield;
    }
  }

  return {
    steps: steps(),
    at: () => offset,
    counts: () => ({ ...counts, rows }),
    checkpoint: () => ({ form: opened.form, sidecar, offset, header: [], grouping: noGroups, counts: { ...counts, rows } }),
  };
}
