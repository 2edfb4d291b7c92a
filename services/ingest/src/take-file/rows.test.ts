import fc from 'fast-check';
import { linesOf } from './lines.ts';
import { csvRecords, rawBytes, type Row, type Writing } from './rows.ts';

const writing: Writing = { delimiter: ',', encoding: 'utf8' };

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(
  text: string | Buffer, sizes: readonly number[] = [1_000], start = { offset: 0, lines: 0 }, columns?: number, how = writing,
): Promise<Row[]> {
  const records = csvRecords(how, columns);
  const rows: Row[] = [];
  for await (const lines of linesOf(cut(Buffer.from(text), sizes), start)) rows.push(...lines.flatMap((line) => records.add(line)));
  return [...rows, ...records.end()];
}

const values = (rows: readonly Row[]): unknown[] => rows.map(({ number, values: own, problem }) => (problem === undefined ? own : [number, problem]));
const neverClosed = 'has a quotation mark that is never closed';

describe('lines', () => {
  it('have numbers and places that do not depend on how the bytes come', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r\n', '\r', '"', '🎁'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, sizes, async (one, pieces) => {
        const bytes = Buffer.from(one);
        const lines = (await Array.fromAsync(linesOf(cut(bytes, pieces), { offset: 0, lines: 0 }))).flat();
        expect(Buffer.concat(lines.map((line) => line.bytes)).equals(bytes)).toBe(true);
        let offset = 0;
        for (const [at, line] of lines.entries()) {
          expect(line).toMatchObject({ number: at + 1, offset, end: offset + line.bytes.length, tooLong: false });
          expect(line.bytes.indexOf(10)).toBe(at < lines.length - 1 || one.endsWith('\n') ? line.bytes.length - 1 : -1);
          offset = line.end;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keep the beginning only of what is longer than 10 MB, and go on after it', async () => {
    async function* pieces(): AsyncGenerator<Buffer> {
      yield Buffer.from('first\n');
      for (let at = 0; at < 160; at++) yield Buffer.alloc(100_000, 'x');
      yield Buffer.from('\nlast');
    }
    const lines = (await Array.fromAsync(linesOf(pieces(), { offset: 0, lines: 0 }))).flat();
    expect(lines.map(({ number, tooLong, offset, end, bytes }) => [number, tooLong, offset, end, bytes.length])).toEqual([
      [1, false, 0, 6, 6], [2, true, 6, 16_000_007, 1_000], [3, false, 16_000_007, 16_000_011, 4],
    ]);
  });
});

describe('CSV records', () => {
  const text = '\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n\r\n2,é\r\n3,last';

  it.each([1, 3, 1_000])('reads quotes, empty lines and characters that span pieces of %i bytes', async (size) => {
    const rows = await read(text, [size]);
    expect(values(rows)).toEqual([['a', 'b'], ['1', 'x, "y"\nz'], ['2', 'é'], ['3', 'last']]);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 5, 6]);
  });

  it('says where each record lies, so that reading goes on at any of them', async () => {
    const whole = await read(text);
    const lines = [1, 3, 5, 6];
    for (const [index, row] of whole.slice(0, -1).entries()) {
      const rest = await read(Buffer.from(text).subarray(row.end), [5], { offset: row.end, lines: lines[index] ?? 0 });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });

  it('gives malformed lines as such, each with its number, and loses no good one', async () => {
    expect(values(await read('a,b\n1,"x"y\n2,ok\n3,"open\n4,ok\n'))).toEqual([
      ['a', 'b'], [2, 'has text between a closing quotation mark and the delimiter'], ['2', 'ok'], [4, neverClosed], ['4', 'ok'],
    ]);
  });

  it('takes a mark within a value for what it is, however many lines have one', async () => {
    expect(values(await read('a,b\n1,5" pipe\n2,ok\n3,6" pipe\n4,ok\n'))).toEqual([
      ['a', 'b'], [2, 'has a quotation mark within a value'], ['2', 'ok'], [4, 'has a quotation mark within a value'], ['4', 'ok'],
    ]);
  });

  it.each([
    ['closed by another that opens', '1,"open\n2,ok\n3,"x",y\n4,ok\n', [[2, neverClosed], ['2', 'ok'], ['3', 'x', 'y'], ['4', 'ok']]],
    ['closed by chance, with too many values', '1,"open\n2,ok\n3,x"\n4,y,z,w\n5,"a",b\n', [['1', 'open\n2,ok\n3,x'], ['4', 'y', 'z', 'w'], ['5', 'a', 'b']]],
  ])('costs only its line when a mark is %s', async (_, text, wanted) => {
    expect(values(await read(`a,b\n${text}`)).slice(1)).toEqual(wanted);
  });

  it('takes a record over several lines for a mark that is never closed where it has not the header’s values', async () => {
    const rows = await read('1,"open\n2,ok,fine\n3,ok",fine,more\n', [1_000], { offset: 6, lines: 1 }, 3);
    expect(values(rows)).toEqual([[2, neverClosed], ['2', 'ok', 'fine'], [4, 'has a quotation mark within a value']]);
  });

  it('gives up on a mark that is never closed after a hundred lines, in the middle of a file too', async () => {
    const many = Array.from({ length: 300 }, (_, at) => `${at},ok\n`).join('');
    const rows = await read(`a,b\n1,"open\n${many}`);
    expect(values(rows)[1]).toEqual([2, neverClosed]);
    expect(rows).toHaveLength(302);
  });

  it('guesses what the values of a bad record are, and keeps its bytes', async () => {
    const [, bad] = await read(Buffer.concat([Buffer.from('a,b\n"1,x'), Buffer.from([0xe9, 10])]));
    expect(bad).toMatchObject({ number: 2, problem: expect.stringMatching(/^is not UTF-8/), values: ['1', 'x\uFFFD'] });
    expect(bad && rawBytes(bad).equals(Buffer.from([0x22, 0x31, 0x2c, 0x78, 0xe9, 10]))).toBe(true);
  });

  it('reads latin1, semicolons and tabs', async () => {
    expect(values(await read(Buffer.from('n;J\u00F6rg\n', 'latin1'), [1], undefined, 2, { delimiter: ';', encoding: 'latin1' }))).toEqual([['n', 'J\u00F6rg']]);
    expect(values(await read('a\t"b\tc"\n', [2], undefined, 2, { delimiter: '\t', encoding: 'utf8' }))).toEqual([['a', 'b\tc']]);
  });

  it('reads a line of a million values', async () => {
    expect((await read(`${','.repeat(1_000_000)}\n`, [65_536]))[0]?.values).toHaveLength(1_000_001);
  });

  it('reads back whatever values a writer of RFC 4180 quotes', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '🎁'), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const csv = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(values(await read(csv, [size]))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });
});
