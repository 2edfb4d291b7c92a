import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants } from './process-tree.ts';
import { freeBase, gone, removeFolder, reportOption, startRun, temporaryFolder } from './spawned.ts';

jest.setTimeout(400_000);
const root = join(__dirname, '../..');
const sample = join(root, 'scripts/start/retail-sample.csv');
/** The order that was loaded last: one of the run that is under way. */
const newest = "(SELECT MAX(event_key) FROM loaded_event WHERE event_type = 'order.created' AND committed_at = (SELECT MAX(committed_at) FROM loaded_event WHERE event_type = 'order.created'))";

describe('the yardstick', () => {
  const dataDir = temporaryFolder();
  const other = temporaryFolder();
  const third = temporaryFolder();
  const folder = temporaryFolder();
  afterAll(() => [dataDir, other, third, folder].forEach(removeFolder));

  const damaged = async (sql: string, args = ['--orders', '5', '--only', 'orders']) => {
    const run = startRun(root, [...args, '--exit', '--before-scan', sql, ...reportOption(dataDir)], { dataDir, portBase: await freeBase() });
    const status = await run.ended;
    return { status, report: run.report(), output: run.output() };
  };

  it('lets two runs beside each other pass, each with its own', async () => {
    const runs = await Promise.all([[dataDir, 5], [other, 7]].map(async ([folder, orders]) =>
      startRun(root, ['--orders', String(orders), '--seed', String(orders), '--exit', ...reportOption(String(folder))], { dataDir: String(folder), portBase: await freeBase() })));
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(runs.map((run) => run.report().byType['order.created'])).toEqual([5, 7]);
  });

  it('sees a row that is gone', async () => {
    const { status, report } = await damaged(`DELETE FROM loaded_event WHERE event_key = ${newest} AND event_type = 'order.created'`);
    expect(status).toBe(1);
    expect(report.lost).toBe(1);
  });

  it('sees a row that nobody sent', async () => {
    const { status, report } = await damaged("INSERT INTO orders (order_key, source, account, order_id, currency, total_order_value) VALUES ('canonical:default:ghost', 'canonical', 'default', 'ghost', 'EUR', 1.00)");
    expect(status).toBe(1);
    expect(report.reconciliation.some(({ currency, balanced }) => currency === 'EUR' && !balanced)).toBe(true);
  });

  it('sees a row whose money was altered by one cent', async () => {
    const { status, report } = await damaged(`UPDATE orders SET total_order_value = total_order_value + 0.01 WHERE order_key = ${newest}`);
    expect(status).toBe(1);
    expect(report.faults.join()).toMatch(/rows differ: .*total/);
  });

  it('takes a file whole, and sees one cent more in one of its lines', async () => {
    const whole = startRun(root, ['--events', sample, '--exit', ...reportOption(other)], { dataDir: other, portBase: await freeBase() });
    expect([await whole.ended, whole.output()]).toEqual([0, expect.stringMatching(/together +14 lines +19\.355 +in 8 documents/)]);
    expect(whole.report()).toMatchObject({ accepted: 8, emails: 0, settled: { quarantine: 0, parked: 0, inFlight: 0 } });
    const { status, report } = await damaged("UPDATE order_product SET price_charged = price_charged + 0.01 WHERE order_key = 'file-drop:default:900008'", ['--events', sample]);
    expect(status).toBe(1);
    expect(report.faults.join()).toMatch(/900008/);
  });

  it('takes a file with bad lines: each in quarantine with its document, all else loaded; and then what was mended', async () => {
    const lines = readFileSync(sample, 'utf8').split('\n');
    const bad = join(folder, 'orders.csv');
    writeFileSync(bad, lines.map((line, at) => (at === 2 ? line.replace(',2,', ',two,') : at === 8 ? line.replace('900004', '"900004') : line)).join('\n'));
    const first = startRun(root, ['--events', bad, '--exit', ...reportOption(third)], { dataDir: third, portBase: await freeBase() });
    expect([await first.ended, first.output()]).toEqual([0, expect.stringMatching(/in quarantine +4 lines +33\.3 +in 2 documents; 1 of the lines have no amount/)]);
    expect(first.report()).toMatchObject({ accepted: 8, rejected: 0, lost: 0, reasons: { quarantine: { decimal: 1, csv: 1, held: 2 } }, settled: { quarantine: 4 } });
    const mended = startRun(root, ['--events', sample, '--exit', ...reportOption(third)], { dataDir: third, portBase: await freeBase() });
    expect([await mended.ended, mended.output()]).toEqual([0, expect.stringMatching(/together +14 lines +19\.355 +in 8 documents/)]);
    expect(mended.report()).toMatchObject({ accepted: 2, duplicates: 6, lost: 0, duplicated: 0 });
  });

  it('stops a demo stream on SIGTERM, and everything below a runner that was killed', async () => {
    const portBase = await freeBase();
    const demo = startRun(root, [], { dataDir: other, portBase });
    await demo.said(/accepted [1-9]/);
    const pids = descendants(demo.process.pid ?? 0);
    demo.process.kill('SIGTERM');
    expect(await demo.ended).toBe(143);
    expect(await gone(pids, 500)).toEqual([]);

    const killed = startRun(root, [], { dataDir: other, portBase });
    await killed.said('streaming a demo day');
    const left = descendants(killed.process.pid ?? 0);
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(await gone(left, 8000)).toEqual([]);
  });
});
