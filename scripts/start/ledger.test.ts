import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersIn, beginRun, Ledger, saveRecord } from './ledger.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ledger-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const answer = (n: number, status = 202) => ({ n, hash: 'ab', status, sentAt: 1, answeredAt: 2 });

describe('ledger of the sender', () => {
  it('remembers answers across a restart', async () => {
    const file = join(folder, 'ledger.ndjson');
    const ledger = await Ledger.open(file);
    ledger.add(answer(0));
    ledger.add(answer(2, 401));
    ledger.close();
    const again = await Ledger.open(file);
    expect([0, 1, 2].map((n) => again.answered(n))).toEqual([202, undefined, 401]);
    again.close();
  });

  it('takes a line that a kill cut short for unanswered, and writes on below it', async () => {
    const file = join(folder, 'ledger.ndjson');
    (await Ledger.open(file)).add(answer(0));
    appendFileSync(file, '[1,"ab",20');
    const again = await Ledger.open(file);
    expect(again.answered(1)).toBeUndefined();
    again.add(answer(1));
    expect(await Array.fromAsync(answersIn(file))).toEqual([answer(0), answer(1)]);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  it('resumes the run that was killed, under the same words only', () => {
    const first = beginRun(folder, 'orders 60', 1000);
    expect(first.resumed).toBe(false);
    expect(beginRun(folder, 'orders 60', 2000)).toEqual({ record: first.record, resumed: true });
    const other = beginRun(folder, 'orders 61', 3000);
    expect(other.resumed).toBe(false);
    saveRecord(folder, { ...other.record, state: 'finished' });
    expect(beginRun(folder, 'orders 61', 4000).resumed).toBe(false);
  });
});
