import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSource, withAccount } from './new-source.ts';

const root = join(__dirname, '../..');

describe('new-source', () => {
  let copy: string;
  const said: string[] = [];
  const make = (...args: string[]): number => newSource(args, (line) => said.push(line), (line) => said.push(line), copy);

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'new-source-'));
    for (const folder of ['services/ingest/src', 'services/ingest/mappings', 'shared']) cpSync(join(root, folder), join(copy, folder), { recursive: true });
    // the packages as they are, but for our own: that is the copy
    mkdirSync(join(copy, 'node_modules/@orderflow'), { recursive: true });
    for (const name of readdirSync(join(root, 'node_modules'))) if (name !== '@orderflow') symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
    symlinkSync(join(copy, 'shared'), join(copy, 'node_modules/@orderflow/shared'));
    for (const file of ['tsconfig.base.json', 'package.json']) cpSync(join(root, file), join(copy, file));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('makes a folder that compiles, registers it, gives it a local account, and says what is next', () => {
    expect(make('corner-shop')).toBe(0);
    expect(said.join('\n')).toContain('-t corner-shop');
    expect(readFileSync(join(copy, 'services/ingest/src/sources/registry.ts'), 'utf8')).toContain("'./corner-shop/index.ts'");
    expect(readFileSync(join(copy, 'services/ingest/src/sources/demos.ts'), 'utf8')).toContain("'./corner-shop/demo.ts'");
    expect(JSON.parse(readFileSync(join(copy, 'shared/accounts/accounts.json'), 'utf8'))).toMatchObject({ local: expect.arrayContaining([{ source: 'corner-shop', account: 'default', role: 'sells' }]) as unknown });
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ extends: './tsconfig.base.json', compilerOptions: { noEmit: true, types: ['node'] }, files: ['services/ingest/src/sources/corner-shop/index.ts', 'services/ingest/src/sources/corner-shop/demo.ts'] }));
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', copy], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('is nothing that passes: its fixture states what nobody has filled in', () => {
    const check = `
      const { fixturesIn, interpretFixture, statedOf } = await import('${copy}/services/ingest/src/sources/fixtures.ts');
      const [one] = fixturesIn('${copy}/services/ingest/src/sources').filter(({ source }) => source === 'corner-shop');
      console.log(JSON.stringify([statedOf(interpretFixture(one)), one.expected.becomes]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '-e', check], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [stated, expected] = JSON.parse(stdout) as [unknown, unknown];
    expect(stated).toMatchObject({ rejected: [{ code: 'missing' }] });
    expect(stated).not.toEqual(expected);
  });

  it.each([[[], /usage/], [['Not A Name'], /usage/], [['shopify'], /is there already/], [['a', 'b'], /usage/]])('refuses %j', (args, message) => {
    said.length = 0;
    expect(make(...args)).toBe(2);
    expect(said.join('\n')).toMatch(message);
  });

  it('leaves the other lines of the accounts as they are written', () => {
    expect(withAccount('{\n  "local": [\n    { "a": 1 }\n  ]\n}\n', 'x')).toBe('{\n  "local": [\n    { "a": 1 },\n    { "source": "x", "account": "default", "role": "sells" }\n  ]\n}\n');
  });
});
