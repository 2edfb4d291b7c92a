import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readGroups } from './read-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'series-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (content: string | Buffer): ReturnType<typeof readGroups> => {
  const path = join(folder, 'series.csv');
  writeFileSync(path, content);
  return readGroups('/nowhere', path, undefined, () => undefined);
};

test('series of a file run from their own first day to the last day of all; days that are not in it are 0', () => {
  const csv = 'date,series,value\n2024-01-02,a,1.5\n2024-01-04,"a",2\n2024-01-04,"b, ""c""",-3\n2024-01-05,a,1\n2024-01-05,a,4\n';
  const expected = { file: { a: { from: '2024-01-02', values: [1.5, 0, 2, 5] }, 'b, "c"': { from: '2024-01-04', values: [-3, 0] } } };
  expect(read(csv)).toEqual(expected);
  expect(read(gzipSync(csv))).toEqual(expected);
});

test.each(['a,never,1', 'a,2024-01-01,much', ',2024-01-01,1', 'a,2024-01-01,'])('the line %s is named', (line) => {
  expect(() => read(`series,date,value\n${line}\n`)).toThrow(line);
});

test('without the data set the series are generated, and it says so', () => {
  const said: string[] = [];
  const groups = readGroups(join(folder, 'project'), undefined, folder, (line) => said.push(line));
  expect(said.join()).toMatch(/generated/);
  expect(Object.keys(groups)).toEqual(['headline', 'sku']);
  expect(readGroups(join(folder, 'project'), undefined, folder, () => undefined)).toEqual(groups);
});
