import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../../services/ingest/src/sources/fixtures.ts';
import { sources } from '../../services/ingest/src/sources/registry.ts';
import { linesOf, markdownOf, rowsOf, signatureWords, withTable } from './table.ts';

const ingest = join(__dirname, '../../services/ingest');
const rows = rowsOf(sources, fixturesIn(join(ingest, 'src/sources')));

describe('the table of sources', () => {
  it('is what the README shows: else `npm run sources -- --write`', () => {
    const readme = readFileSync(join(ingest, 'README.md'), 'utf8');
    expect(withTable(readme, rows)).toBe(readme);
  });

  it('has a row for each source, and every row has something to say in each column', () => {
    expect(rows.map(({ source }) => source)).toEqual(sources.map(({ name }) => name).sort());
    for (const row of rows) expect(Object.values(row).filter((text) => text === '')).toEqual([]);
    expect(markdownOf(rows).split('\n')).toHaveLength(rows.length + 2);
    expect(linesOf(rows, sources)).toHaveLength(rows.length + 1);
  });

  it('says what is signed', () => {
    const words = (name: string): string => rows.find(({ source }) => source === name)?.signature ?? '';
    expect(words('stripe')).toBe('HMAC-SHA256(timestamp.body), hex, 300 s');
    expect(words('file-drop')).toBe('IAM');
    expect(signatureWords({ shared: 'basic' })).toBe('Basic authentication');
    expect(signatureWords({ unsigned: 'refetched' })).toMatch(/^none/);
  });

  it('refuses a README without its marks', () => {
    expect(() => withTable('# ingest', rows)).toThrow('lacks the lines');
  });
});
