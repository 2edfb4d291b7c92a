import { sequenceOfTime } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import { rejectionOf } from '../intake/complete.ts';
import { classifier, timeReader, type DocumentReading } from './document-line.ts';
import { grouping, noGroups, type Grouping } from './documents.ts';
import { linesOf } from './lines.ts';
import { FileRefused, mappingFor, ownMapping } from './plan.ts';
import { reader } from './place.ts';
import { noCounts, type Checkpoint } from './progress.ts';
import { csvRecords, type Records, type Row } from './rows.ts';
import { documentTaker, type Taker } from './take-document.ts';
import type { Reading, ReadingParts } from './reading.ts';

/** What may wait for the end of its documents: more is held by a mapping that names the wrong column. */
const mostOpenBytes = 64_000_000;

/** CSV through a column mapping: rows are gathered into documents, each document is one delivery. */
export function csvReading(parts: ReadingParts, before: Checkpoint | undefined): Reading {
  const { opened, sidecar, deps } = parts;
  const counts = before?.counts ?? noCounts;
  const own = ownMapping(sidecar.mapping);
  let rows = counts.rows;
  let offset = before?.offset ?? 0;
  let header: readonly string[] = [];
  let groups: Grouping | undefined;
  let how: DocumentReading | undefined;
  let records: Records = csvRecords(own ?? { delimiter: ',', encoding: 'utf8' });
  const taker: Taker = documentTaker(parts, counts);

  const begin = (columns: readonly string[]): void => {
    header = columns;
    const mapping = mappingFor(columns, sidecar.mapping, deps.mappings);
    groups = grouping(mapping.document.closeAfterRows, before?.grouping);
    records = csvRecords(mapping, columns.length);
    how = {
      mapping, account: parts.account, historical: parts.historical, reader: reader(columns, mapping),
      time: timeReader(mapping.time, parts.droppedAt), classOf: classifier(mapping),
      sequenceAt: (at) => sequenceOfTime(sidecar.corrects === true ? new Date(parts.droppedAt).toISOString() : at),
    };
  };

  const takeHeader = ({ values, problem, raw }: Row): void => {
    if (problem !== undefined) throw new FileRefused(`the file’s first line is no CSV header (${problem})`);
    if (/\r[^\r\n]/.test(raw)) throw new FileRefused('the file’s lines end with CR alone: save it with LF or CRLF');
    begin(values.map((name) => name.trim()));
  };

  /** A row's document, also of one that is no record: what its place holds is then taken for it. */
  const idOf = (row: Row, { reader: read, mapping }: DocumentReading): string | undefined => {
    try {
      return read.value(row, mapping.document.id);
    } catch (error) {
      if (row.problem !== undefined) return undefined;
      throw error;
    }
  };

  const takeRow = (given: Row, reading: DocumentReading, into: Grouping): Promise<void> | undefined => {
    const row: Row = given.problem === undefined && given.values.length !== header.length
      ? { ...given, problem: `has ${given.values.length} values, the header ${header.length}` }
      : given;
    const path = `$.lines[${row.number}]`;
    let id;
    try {
      id = idOf(row, reading);
      if (id === undefined) throw row.problem === undefined ? new Unreadable('missing', reading.reader.path(row, reading.mapping.document.id), 'is missing') : new Unreadable('csv', path, row.problem);
    } catch (error) {
      return taker.reject([{ row, ...rejectionOf(error) }]);
    }
    const { complete, late } = into.add(id, row);
    if (into.openBytes() > mostOpenBytes) {
      throw new FileRefused(`line ${row.number}: more than 64 MB of lines wait for the end of their documents: is the column of document.id the right one? else lower closeAfterRows`);
    }
    if (complete.length === 0 && !late) return undefined;
    return finishRow(row, late, complete, reading);
  };

  const finishRow = async (row: Row, late: boolean, complete: readonly Parameters<Taker['take']>[0][], reading: DocumentReading): Promise<void> => {
    if (late) {
      const message = 'comes after its document was complete: raise closeAfterRows in the mapping and drop the file again with "corrects": true';
      await taker.reject([{ row, code: 'late-line', path: `$.lines[${row.number}]`, message }]);
    }
    for (const document of complete) await taker.take(document, reading);
  };

  const take = (row: Row): Promise<void> | undefined => {
    if (how && groups) return takeRow(row, how, groups);
    takeHeader(row);
    return undefined;
  };

  async function* steps(): AsyncGenerator<void> {
    if (before) begin(before.header);
    for await (const lines of linesOf(opened.bytes, { offset, lines: rows })) {
      for (const line of lines) {
        rows = line.number;
        offset = line.end;
        for (const row of records.add(line)) {
          const taking = take(row);
          if (taking) await taking; // most rows only join their document: no promise for those
        }
      }
      yield;
    }
    for (const row of records.end()) await take(row);
    if (!how || !groups) throw new FileRefused('the file is empty');
    for (const document of groups.end()) await taker.take(document, how);
  }

  return {
    steps: steps(),
    at: () => records.resumeAt()?.offset ?? offset,
    counts: () => ({ ...taker.counts(), rows }),
    checkpoint() {
      const resume = records.resumeAt() ?? { offset, lines: rows };
      return {
        form: opened.form, sidecar, header, offset: resume.offset, grouping: groups?.state() ?? noGroups,
        counts: { ...taker.counts(), rows: resume.lines },
      };
    },
  };
}
