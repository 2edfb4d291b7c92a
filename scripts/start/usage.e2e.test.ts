import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freeBase, removeFolder, startRun, temporaryFolder } from './spawned.ts';
import { portsOf } from './options.ts';

const root = join(__dirname, '../..');
let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));

const tried = async (args: readonly string[]) => {
  const run = startRun(root, args, { dataDir: join(folder, 'data'), portBase: await freeBase() });
  return { status: await run.ended, lines: run.output().trim().split('\n') };
};

describe('npm start that cannot start', () => {
  it.each([
    [['--ordres', '5'], /Unknown option '--ordres'/],
    [['--orders', 'many'], /--orders takes a whole number/],
    [['--exit'], /--exit needs a finite run/],
  ])('answers wrong options %j with status 2 and one line', async (args, line) => {
    const { status, lines } = await tried(args);
    expect(status).toBe(2);
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('answers a file that is not there, or lacks a column of its mapping, with status 1 and one line', async () => {
    expect(await tried(['--events', join(folder, 'none.csv'), '--exit'])).toEqual({ status: 1, lines: [expect.stringMatching(/there is no such file/)] });
    writeFileSync(join(folder, 'short.csv'), 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n1,2,3,4,5,6,7\n');
    expect(await tried(['--events', join(folder, 'short.csv'), '--exit'])).toEqual({ status: 1, lines: [expect.stringMatching(/no mapping has the columns/)] });
    expect(await tried(['--events', join(folder, 'short.csv'), '--mapping', join(root, 'services/ingest/mappings/online-retail.yml'), '--exit'])).toEqual({
      status: 1, lines: [expect.stringMatching(/the file has no column Country/)],
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it.each(['webhooks', 'page', 'aws', 'mail'] as const)('answers a busy %s port with status 1 and one line, nothing started', async (name) => {
    const portBase = await freeBase();
    const port = portsOf(portBase)[name];
    const other = createServer();
    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
    try {
      const run = startRun(root, ['--orders', '5', '--exit'], { dataDir: folder, portBase });
      expect(await run.ended).toBe(1);
      expect(run.output().trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`port ${port} \\(${name}\\) is in use`))]);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      await new Promise((done) => other.close(done));
    }
  });

  it('answers a data directory where another run works with status 1 and one line', async () => {
    writeFileSync(join(folder, 'run.lock'), String(process.pid));
    const run = startRun(root, ['--orders', '5', '--exit'], { dataDir: folder, portBase: await freeBase() });
    expect(await run.ended).toBe(1);
    expect(run.output().trim().split('\n')).toEqual([expect.stringMatching(/already runs on .*--data-dir/)]);
  });
});
