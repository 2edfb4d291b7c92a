import { Readable } from 'node:stream';
import fc from 'fast-check';
import { linesOf } from './lines.ts';
import { csvRecords, isBad, type BadRow, type Row } from './rows.ts';

const writing = { delimiter: ',', encoding: 'utf8' } as const;

async function read(text: string | Buffer, size = 1_000, start = { offset: 0, lines: 0 }): Promise<(Row | BadRow)[]> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, at * size + size));
  const records = csvRecords(writing);
  const rows: (Row | BadRow)[] = [];
  for await (const lines of linesOf(Readable.from(pieces), start)) rows.push(...lines.flatMap((line) => records.add(line)));
  return [...rows, ...records.end()];
}

const values = (rows: readonly (Row | BadRow)[]): unknown[] => rows.map((row) => (isBad(row) ? [row.number, row.problem] : row.values));

describe('CSV records', () => {
  const text = '\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n\r\n2,é\r\n3,last';

  it.each([1, 3, 1_000])('reads quotes, empty lines and characters that span pieces of %i bytes', async (size) => {
    const rows = await read(text, size);
    expect(values(rows)).toEqual([['a', 'b'], ['1', 'x, "y"\nz'], ['2', 'é'], ['3', 'last']]);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 5, 6]);
  });

  it('says where each record lies, so that reading goes on at any of them', async () => {
    const whole = await read(text);
    const lines = [1, 3, 5, 6];
    for (const [index, row] of whole.slice(0, -1).entries()) {
      const rest = await read(Buffer.from(text).subarray(row.end), 5, { offset: row.end, lines: lines[index] ?? 0 });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });

  it('gives malformed lines as such, each with its number, and loses no good one', async () => {
    expect(values(await read('a,b\n1,"x"y\n2,ok\n3,"open\n4,ok\n'))).toEqual([
      ['a', 'b'], [2, 'CSV_INVALID_CLOSING_QUOTE'], ['2', 'ok'], [4, 'QUOTE_NOT_CLOSED'], ['4', 'ok'],
    ]);
  });

  it('gives up on a mark that is never closed after a hundred lines, in the middle of a file too', async () => {
    const many = Array.from({ length: 300 }, (_, at) => `${at},ok\n`).join('');
    const rows = await read(`a,b\n1,"open\n${many}`);
    expect(values(rows)[1]).toEqual([2, 'QUOTE_NOT_CLOSED']);
    expect(rows).toHaveLength(302);
  });

  it('reads back whatever values a writer of RFC 4180 quotes', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '🎁'), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const csv = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(values(await read(csv, size))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });
});
