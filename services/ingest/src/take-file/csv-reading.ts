import type { Readable } from 'node:stream';
import { eventId } from '@orderflow/shared/events';
import { exact, exactText, sum, Unreadable } from '../convert/index.ts';
import { complete, rejectionOf } from '../intake/interpret.ts';
import { source } from '../sources/file-drop/index.ts';
import { documentHash, grouping, type Document, type Grouping } from './documents.ts';
import { linesOf } from './lines.ts';
import { mappingFor } from './plan.ts';
import { reader } from './place.ts';
import { noCounts, type Checkpoint } from './progress.ts';
import { remainderDraft } from './document-drafts.ts';
import { classifier, timeReader, type DocumentReading } from './document-line.ts';
import { readDocument } from './read-document.ts';
import { csvRecords, isBad, type BadRow, type Records, type Row } from './rows.ts';
import type { Reading, ReadingParts } from './take-file.ts';
import { rejectRows } from './reject-rows.ts';

/** CSV through a column mapping: rows are gathered into documents, each document is one delivery. */
export function csvReading(bytes: Readable, parts: ReadingParts, ownMapping: unknown, before: Checkpoint | undefined): Reading {
  const { file, account, historical, deps, start } = parts;
  const receivedAt = deps.clock();
  let header = before?.header ?? [];
  let offset = before?.offset ?? 0;
  let groups: Grouping | undefined;
  const counts = { ...(before?.counts ?? noCounts) };
  const unknownCodes: Record<string, number> = { ...counts.unknownCodes };
  let remainder = exact(counts.remainder);
  const roundedEvents = [...(before?.roundedEvents ?? [])];
  let latest = before?.latest ?? '';
  let currency = '';
  let reading: DocumentReading | undefined;
  let records: Records | undefined;

  const begin = (columns: readonly string[]): DocumentReading => {
    header = columns;
    const mapping = mappingFor(columns, ownMapping, deps.mappings);
    if (typeof mapping.currency === 'string') currency = mapping.currency;
    groups = grouping(mapping.document.closeAfterRows, before?.grouping);
    return {
      mapping, account, historical, reader: reader(columns, mapping), time: timeReader(mapping.time, receivedAt),
      classOf: classifier(mapping),
    };
  };

  const reject = (rows: readonly { readonly row: Row | BadRow; readonly code: string; readonly path: string; readonly message: string }[]) => {
    counts.rejected += rows.length;
    return start(() => rejectRows(rows, { file, account, header, receivedAt, quarantine: deps.quarantine }));
  };

  const takeDocument = async (document: Document, how: DocumentReading): Promise<void> => {
    const read = readDocument(document, how);
    if (read.rejected.length > 0) await reject(read.rejected);
    if (read.drafts.length === 0) return;
    const hash = documentHash(document);
    const readAt = deps.clock();
    const first = document.rows[0];
    const rawref = `s3://${file.bucket}/${file.key}#${first?.offset ?? 0},${first ? first.end - first.offset : 0}`;
    const ids = read.drafts.map((_, position) => eventId(account.source, account.account, hash, position));
    let events;
    try {
      events = read.drafts.map((draft, position) => ({
        ...complete(draft, ids[position] ?? '', readAt, { source, account, accounts: deps.accounts }),
        rawref,
        // further events of one document are derived from its first
        ...(position === 0 ? {} : { causationid: ids[0] ?? '' }),
      }));
    } catch (error) {
      const why = rejectionOf(error);
      await reject(document.rows.map((row) => ({ row, ...why })));
      return;
    }
    counts.documents++;
    counts.events += events.length;
    counts.remainderLines += read.remainderLines;
    if (read.remainderLines > 0) roundedEvents.push(ids[0] ?? '');
    remainder = sum(remainder, read.remainder);
    currency = read.currency;
    for (const code of read.unknownCodes) unknownCodes[code] = (unknownCodes[code] ?? 0) + 1;
    for (const { time } of events) if (time > latest) latest = time;
    await start(() => deps.sink.put(events, account));
  };

  /** The one line that names what rounding took off the file's totals. */
  const takeRemainder = async (): Promise<void> => {
    if (remainder.units === 0n) return;
    const draft = remainderDraft(remainder, counts.remainderLines, currency, latest, roundedEvents, historical);
    const id = eventId(account.source, account.account, roundedEvents.join(), 0);
    const event = { ...complete(draft, id, receivedAt, { source, account, accounts: deps.accounts }), causationid: roundedEvents[0] ?? id };
    counts.events++;
    await start(() => deps.sink.put([event], account));
  };

  const takeRow = (row: Row, how: DocumentReading, into: Grouping): Promise<void> | undefined => {
    if (row.values.length !== header.length) {
      const message = `has ${row.values.length} values, the header ${header.length}`;
      return reject([{ row, code: 'columns', path: `$.lines[${row.number}]`, message }]);
    }
    let id;
    try {
      id = how.reader.value(row, how.mapping.document.id);
      if (id === undefined) throw new Unreadable('missing', how.reader.path(row, how.mapping.document.id), 'is missing');
    } catch (error) {
      return reject([{ row, ...rejectionOf(error) }]);
    }
    const { complete: documents, late } = into.add(id, row);
    return documents.length === 0 && !late ? undefined : finishRow(row, documents, late, how);
  };

  const finishRow = async (row: Row, documents: readonly Document[], late: boolean, how: DocumentReading): Promise<void> => {
    if (late) {
      const message = 'comes after its document was complete: raise closeAfterRows in the mapping and drop the file again';
      await reject([{ row, code: 'late-line', path: `$.lines[${row.number}]`, message }]);
    }
    for (const document of documents) await takeDocument(document, how);
  };

  const take = (row: Row | BadRow): Promise<void> | undefined => {
    if (isBad(row)) {
      return reject([{ row, code: 'csv', path: `$.lines[${row.number}]`, message: `is no CSV record (${row.problem})` }]);
    }
    if (reading && groups) return takeRow(row, reading, groups);
    reading = begin(row.values.map((name) => name.trim()));
    return undefined;
  };

  async function* steps(): AsyncGenerator<void> {
    if (before) reading = begin(before.header);
    records = csvRecords(reading?.mapping ?? { delimiter: ownDelimiter(ownMapping), encoding: 'utf8' });
    for await (const lines of linesOf(bytes, { offset, lines: counts.rows })) {
      for (const line of lines) {
        counts.rows = line.number;
        offset = line.end;
        for (const row of records.add(line)) {
          const taking = take(row);
          if (taking) await taking; // most rows only join their document: no promise for those
        }
      }
      yield;
    }
    for (const row of records.end()) await take(row);
    if (!reading || !groups) reading = begin([]); // an empty file: refused, naming what is missing
    for (const document of groups?.end() ?? []) await takeDocument(document, reading);
    await takeRemainder();
  }

  return {
    steps: steps(),
    checkpoint() {
      const resume = records?.resumeAt() ?? { offset, lines: counts.rows };
      return {
        offset: resume.offset, header, latest, roundedEvents,
        grouping: groups?.state() ?? { open: [], closed: [] },
        counts: { ...counts, rows: resume.lines, unknownCodes, remainder: exactText(remainder) },
      };
    },
  };
}

/** The delimiter must be known before the header can be read, so before the mapping is checked. */
const ownDelimiter = (mapping: unknown): string =>
  typeof mapping === 'object' && mapping !== null && 'delimiter' in mapping && typeof mapping.delimiter === 'string'
    ? mapping.delimiter
    : ',';
