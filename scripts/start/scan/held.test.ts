import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decimalOf } from './csv.ts';
import { sharesOf, type HeldLine } from './held.ts';

const columns = { document: 'Doc', quantity: 'Q', unitPrice: 'P' };
const lines = ['Doc,Q,P,Name', '1,2,3,"a, b"', '1,two,5,x', '"2,1,7,y', '3,1,10,"over\nlines"', '3,1,1,z', '4,1,0.5,w'];
const held = (number: number, raw: string): HeldLine => ({ id: `entry-${number}`, number, raw: Buffer.from(raw) });
const entries = [held(2, '1,2,3,"a, b"\n'), held(3, '1,two,5,x\n'), held(4, '"2,1,7,y\n'), held(5, '3,1,10,"over\nlines"\n'), held(7, '3,1,1,z\n')];

describe('a file without what is in quarantine of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'held-'));
  const file = join(folder, 'file');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('holds each line once: in the rest or in quarantine', async () => {
    for (const body of [lines.join('\n'), gzipSync(lines.join('\n'))]) {
      writeFileSync(file, body);
      const { rest, held: out } = await sharesOf(file, columns, entries);
      expect([rest.lines, decimalOf(rest.money), [...rest.documents.keys()]]).toEqual([1, '0.5', ['4']]);
      // line 4 is read without its mark
      expect(out).toMatchObject({ lines: 5, unreadable: 1 });
      expect([decimalOf(out.money), [...out.documents], out.ids.size]).toEqual(['24', ['1', '2', '3'], 5]);
    }
  });

  it('leaves out no line whose entry holds other bytes, or names another line', async () => {
    writeFileSync(file, lines.filter((_, at) => at !== 2 && at !== 3).join('\n'));
    const { rest, held: out } = await sharesOf(file, columns, [held(2, '1,2,4,"a, b"\n'), held(4, '4,1,0.5,w'), held(90, '3,1,1,z\n')]);
    expect([rest.lines, decimalOf(rest.money), out.lines, out.ids.size]).toEqual([4, '17.5', 0, 0]);
  });
});
