import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageServices } from './package.ts';

let root: string;
let runs: string[];
const run = async (cwd: string, into: string): Promise<void> => {
  runs.push(cwd);
  await new Promise(setImmediate);
  mkdirSync(into);
  writeFileSync(join(into, 'serverless-state.json'), readFileSync(join(cwd, 'serverless.yml')));
};
const go = () => packageServices({ root, cache: join(root, 'cache'), run });
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'package-'));
  runs = [];
  for (const name of ['a', 'b', 'c']) write(`services/${name}/serverless.yml`, `service: ${name}`);
  write('services/common.yml', 'x');
  write('shared/events/index.ts', 'x');
  write('package-lock.json', '{}');
  mkdirSync(join(root, 'services/no-service'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('package cache', () => {
  it('packages each service once and then takes it from the cache', async () => {
    expect((await go()).map(({ service, cached }) => [service, cached])).toEqual([['a', false], ['b', false], ['c', false]]);
    expect((await go()).every(({ cached }) => cached)).toBe(true);
    expect(runs).toHaveLength(3);
    expect(readFileSync(join(root, 'cache/b/serverless-state.json'), 'utf8')).toBe('service: b');
  });

  it('packages again only the service whose content has changed', async () => {
    await go();
    runs = [];
    write('services/b/src/handle.ts', 'new');
    await go();
    expect(runs).toEqual([join(root, 'services/b')]);
    write('services/b/src/handle.test.ts', 'a test is not packaged');
    write('services/b/README.md', 'nor is this');
    await go();
    expect(runs).toHaveLength(1);
  });

  it('packages all again when what they share has changed', async () => {
    await go();
    write('shared/events/index.ts', 'y');
    await go();
    expect(runs).toHaveLength(6);
  });

  it('lets two runs at once share the work', async () => {
    await Promise.all([go(), go()]);
    expect(runs).toHaveLength(3);
  });

  it('takes over from a run that was killed while packaging', async () => {
    write('cache/.lock-a', '999999999');
    await go();
    expect(runs).toHaveLength(3);
  });

  it('names the service that cannot be packaged and keeps the others', async () => {
    const failing = packageServices({ root, cache: join(root, 'cache'), run: async (cwd, into) => (cwd.endsWith('b') ? Promise.reject(new Error('bad yaml')) : run(cwd, into)) });
    await expect(failing).rejects.toThrow('service b cannot be packaged: bad yaml');
    runs = [];
    await go();
    expect(runs).toEqual(expect.arrayContaining([join(root, 'services/b')]));
  });

  it('forgets a service that is gone', async () => {
    await go();
    rmSync(join(root, 'services/c'), { recursive: true });
    await go();
    expect(() => readFileSync(join(root, 'cache/c/serverless-state.json'))).toThrow();
  });
});
