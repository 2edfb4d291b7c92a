import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { billionths, csvRows, decimalOf, textOf, totalsOf } from './csv.ts';

const rows = async (...parts: string[]): Promise<string[][]> => await Array.fromAsync(csvRows((async function* () { yield* parts; })()));

describe('the yardstick’s own CSV reader', () => {
  it('reads quotes, line ends inside them and cells cut by a chunk', async () => {
    expect(await rows('a,"b ""x"" ', 'y",c\r\n"1\n2",,', '3\n')).toEqual([['a', 'b "x" y', 'c'], ['1\n2', '', '3']]);
    expect(await rows('a,"b"', '"c"\nd')).toEqual([['a', 'b"c'], ['d']]);
  });

  it('adds decimals exactly', () => {
    expect(decimalOf(billionths('0.1') + billionths('0.2'))).toBe('0.3');
    expect(decimalOf(billionths('-11062.06'))).toBe('-11062.06');
    expect(decimalOf(billionths('5'))).toBe('5');
    expect(decimalOf(billionths('0.001') * 4n)).toBe('0.004');
    expect(() => billionths('1e3')).toThrow('no decimal number');
  });

  it('adds up a file, packed or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'csv-'));
    const text = 'Doc,Q,P,Name\n1,2,0.001,"a, b"\n1,-1,3.5,\n2,1,10,x\n';
    writeFileSync(join(folder, 'plain'), text);
    writeFileSync(join(folder, 'packed'), gzipSync(text));
    for (const name of ['plain', 'packed']) {
      const totals = await totalsOf(await textOf(join(folder, name)), { document: 'Doc', quantity: 'Q', unitPrice: 'P' });
      expect(totals.lines).toBe(3);
      expect(decimalOf(totals.money)).toBe('6.502');
      expect([...totals.documents].map(([id, { lines, money }]) => [id, lines, decimalOf(money)])).toEqual([['1', 2, '-3.498'], ['2', 1, '10']]);
    }
    rmSync(folder, { recursive: true });
  });
});
