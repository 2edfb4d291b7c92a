import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { figure, mails, quarantine, rows } from '../faults/world/look.ts';
import { startProcesses } from '../faults/world/processes.ts';
import { functionOf, runSchedule } from '../faults/world/quiet.ts';
import { Scene } from '../faults/world/scene.ts';
import { openWorld, type World } from '../faults/world/world.ts';
import { fromArchive } from '../rebuild/from-archive.ts';
import { fromLanded } from '../rebuild/from-landed.ts';
import { check } from '../rebuild/check.ts';
import type { RebuildOptions } from '../rebuild/options.ts';
import { portsOf } from './options.ts';
import { packageServices, serverlessPackage } from './package.ts';
import { freeBase, removeFolder, temporaryFolder } from './spawned.ts';
import { names } from './stage.ts';

jest.setTimeout(600_000);
const root = join(__dirname, '../..');

describe('the warehouse, rebuilt from what has landed', () => {
  const dataDir = temporaryFolder();
  let world: World;
  let scene: Scene;

  beforeAll(async () => {
    const packages = join(root, '.orderflow/packages');
    await packageServices({ root, cache: packages, run: serverlessPackage(root, packages, AbortSignal.timeout(500_000)) });
    const { webhooks, aws, mail } = portsOf(await freeBase());
    const processes = await startProcesses({ root, dataDir, packages, ports: { webhooks, aws, mail }, onLost: (line) => { throw new Error(line); } });
    world = openWorld(processes, 11, AbortSignal.timeout(500_000));
    scene = new Scene(world, 'rebuild');
  });
  afterAll(async () => {
    await world.stop();
    removeFolder(dataDir);
  });

  const options: RebuildOptions = { way: { kind: 'check' }, stage: 'local', yes: true, sums: 'before', client: {} };

  it('has the rates of the central bank, once however often they are fetched', async () => {
    const rates = async () => {
      await runSchedule(world, 'warehouse', 'fetch-rates');
      await scene.quiet();
      return rows(world, 'SELECT COUNT(*), MIN(rate_version), MAX(rate_version), MAX(rate_date) FROM fx_rate');
    };
    const fetched = await rates();
    expect(Number(fetched[0]?.[0])).toBeGreaterThan(1_500);
    expect(await rates()).toEqual(fetched);
  });

  it('is the same row for row, though the loader crashed in the middle, and whatever row it had refused', async () => {
    const sales = Array.from({ length: 4 }, () => scene.sale());
    await scene.take(...sales.map((sale) => scene.created(sale)));
    const bad = scene.created(scene.sale());
    const body = JSON.parse(String(bad.letter.body)) as { data: { order: { lines: Record<string, unknown>[] } } };
    for (const line of body.data.order.lines) line['unitPrice'] = '123456789012345678';
    await scene.take({ ...bad, letter: { ...bad.letter, body: JSON.stringify(body) } }, scene.created(scene.sale()));
    await scene.quiet();
    await scene.take(...sales.map((sale) => scene.updated(sale, 5, { status: 'PROCESSING' })), scene.returned(sales[0] as typeof sales[number]));
    await scene.quiet();

    const [out, notes] = [[] as string[], [] as string[]];
    const files = new Map<string, string>();
    let emptied = 0;
    const deps = {
      client: world.lambda, now: Date.now, out: (line: string) => void out.push(line), show: () => undefined, note: (line: string) => void notes.push(line),
      read: (file: string) => files.get(file), write: (file: string, text: string) => void files.set(file, text),
      // between two looks at the loader: what is there of the orders then
      pause: async () => { emptied = Math.max(emptied, 5 - await figure(world, 'SELECT COUNT(*) FROM orders')); },
    };
    expect(await check(options, deps)).toBe(0);
    const loader = functionOf('warehouse', 'load-facts');
    await world.rules.add({ id: 'crash', function: loader, times: 1, fault: { kind: 'crash', when: 'during', calls: 5 } });
    // who finds the lease of the dead loader does not wait for its end here
    await world.rules.add({ id: 'lease-over', function: loader, fault: { kind: 'skew', ms: 30_000 } });
    expect([await fromLanded(options, { kind: 'landed', days: undefined, fresh: true }, deps), notes.at(-1)]).toEqual([0, 'all tables are as they were, row for row']);
    await scene.struck('crash');
    await world.rules.clear();
    expect(emptied).toBeGreaterThan(0);
    expect(await figure(world, 'SELECT COUNT(*) FROM orders')).toBe(5);
    expect(await figure(world, 'SELECT COUNT(*) FROM fx_rate')).toBeGreaterThan(1_500);
    expect(await rows(world, 'SELECT DISTINCT reporting_currency, not_converted FROM sales_by_day_reporting')).toEqual([['EUR', null]]);
    await scene.quiet();
    expect([await check(options, deps), notes.at(-1)]).toEqual([0, expect.stringMatching(/tables are as in before/)]);
    expect(out.join('\n')).toMatch(/\norders +5 +5 /);
  });

  it('says what a mended mapping says, once the raw archive is read anew, and then stays as it is', async () => {
    const sales = Array.from({ length: 24 }, () => scene.sale());
    const told = sales.map((sale) => scene.created(sale));
    await scene.take(...told);
    await scene.take(...sales.slice(0, 6).map((sale) => scene.updated(sale, 5, { status: 'PROCESSING' })));
    await scene.quiet();
    const keys = sales.map((sale) => scene.key(sale));
    const among = (some: readonly string[]): string => some.map((key) => `'${key}'`).join();
    const content = async () => [
      await rows(world, `SELECT order_key, status, total_order_value, payment_method, ship_city, line_count, is_historical FROM orders WHERE order_key IN (${among(keys)}) ORDER BY order_key`),
      await rows(world, `SELECT order_key, line_id, name, quantity, price_charged FROM order_product WHERE order_key IN (${among(keys)}) ORDER BY order_key, line_id`),
      await rows(world, `SELECT event_id, data_hash FROM loaded_event WHERE event_key IN (${among(keys)}) ORDER BY event_id`),
    ];
    const right = await content();
    const written = (await mails(world)).length;
    const held = (await quarantine(world)).length;

    // what a wrong mapping would have left behind: rows, the register of events and that of claims
    const wrong = told.slice(0, 12).map((one) => scene.eventId(one));
    const wrongKeys = among(keys.slice(0, 12));
    for (const change of [
      `UPDATE orders SET total_order_value = 1, ship_city = 'Wrong', payment_method = 'wrong' WHERE order_key IN (${wrongKeys})`,
      `UPDATE order_product SET name = 'Wrong', quantity = 99 WHERE order_key IN (${wrongKeys})`,
      `UPDATE loaded_event SET data_hash = '${'f'.repeat(64)}' WHERE event_id IN (${among(wrong)})`,
    ]) await world.stage.warehouse.run(change);
    for (const id of wrong) {
      await world.stage.dynamodb.send(new UpdateCommand({
        TableName: names.inFlight, Key: { pk: `CLAIM#${id}`, sk: 'CLAIM' }, UpdateExpression: 'SET #hash = :hash', ExpressionAttributeNames: { '#hash': 'hash' }, ExpressionAttributeValues: { ':hash': 'f'.repeat(64) },
      }));
    }
    // and what it would have dropped, an hour ago
    const lost = scene.sale();
    const { letter } = scene.created(lost);
    const before = Date.now() - 3_600_000;
    const bytes = Buffer.from(String(letter.body));
    const head = { source: letter.source, account: letter.account, receivedAt: new Date(before).toISOString(), headers: { 'webhook-id': letter.id, 'content-type': 'application/json' }, bytes: bytes.byteLength };
    const hour = new Date(before).toISOString().slice(0, 13).replace(/[-T]/g, '/');
    await world.stage.s3.send(new PutObjectCommand({ Bucket: names.bucket('archive'), Key: `raw/${hour}/dropped-0`, Body: Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes, Buffer.from('\n')]) }));

    const [out, notes] = [[] as string[], [] as string[]];
    const deps = {
      client: world.lambda, now: Date.now, pause: () => Promise.resolve(), out: (line: string) => void out.push(line), show: () => undefined, note: (line: string) => void notes.push(line),
      read: () => undefined, write: () => undefined,
    };
    const from = new Date(before - 60_000).toISOString();
    const read = (dryRun: boolean) => fromArchive(options, { kind: 'archive', from, source: 'canonical', dryRun }, deps);
    expect([await read(true), notes.pop()]).toEqual([0, '13 would change; without --dry-run they do']);
    expect(out.join('\n')).toContain(`order.created  ${scene.key(lost)}  ${scene.eventId({ letter, says: [] })}`);
    expect([await read(false), notes.pop()]).toEqual([0, expect.stringMatching(/^13 are on their way/)]);
    await scene.quiet();
    expect(await content()).toEqual(right);
    expect(await rows(world, `SELECT is_historical FROM orders WHERE order_key = '${scene.key(lost)}'`)).toEqual([[true]]);

    // once more: nothing to do, and no table changes
    const files = new Map<string, string>();
    const sums = { ...deps, read: (file: string) => files.get(file), write: (file: string, text: string) => void files.set(file, text) };
    expect(await check(options, sums)).toBe(0);
    expect([await read(false), notes.pop()]).toEqual([0, 'nothing differs: the warehouse is as it was']);
    // and who sends again what was corrected is recognised
    await scene.take(...told.slice(0, 3));
    await scene.quiet();
    expect([await check(options, sums), notes.pop()]).toEqual([0, expect.stringMatching(/tables are as in before/)]);
    expect([(await mails(world)).length, (await quarantine(world)).length]).toEqual([written, held]);
  });
});
