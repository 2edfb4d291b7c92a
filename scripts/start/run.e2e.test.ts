import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from './ledger.ts';
import { portsOf } from './options.ts';
import { descendants } from './process-tree.ts';
import { freeBase, gone, removeFolder, reportOption, startRun, temporaryFolder, type Spawned } from './spawned.ts';
import { signed } from '../../services/ingest/src/testing/memory.ts';
import { everywhere } from './scan/everywhere.ts';
import { tableItems } from './scan/found.ts';
import { names, openStage, type Stage } from './stage.ts';
import { countItems } from './settle.ts';

jest.setTimeout(400_000);
const root = join(__dirname, '../..');
const orders = 60;

/** Answers in the ledger of the run under way. */
async function answered(dataDir: string): Promise<number> {
  try {
    const file = readdirSync(join(dataDir, 'sender')).find((name) => name.endsWith('.ndjson'));
    if (file === undefined) return 0;
    const ledger = await Ledger.open(join(dataDir, 'sender', file));
    ledger.close();
    return ledger.size;
  } catch {
    return 0;
  }
}

/** One of the other commands, against this run. */
const cli = (file: string, ...args: string[]): Promise<{ status: number; output: string }> =>
  new Promise((done) => {
    execFile(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, file), ...args], { cwd: root }, (error, stdout, stderr) =>
      done({ status: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }));
  });

/** Rank of a fulfilment status on the way to the customer: a history never goes back. */
const way = ['UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'];

describe('a finite run, killed in the middle and started again', () => {
  const dataDir = temporaryFolder();
  let run: Spawned;
  let stage: Stage;

  beforeAll(async () => {
    const portBase = await freeBase();
    const args = ['--orders', String(orders), '--seed', '9', ...reportOption(dataDir)];
    const first = startRun(root, [...args, '--rate', '25'], { dataDir, portBase });
    await first.said('producer: POST');
    while ((await answered(dataDir)) < 45) await sleep(20);
    const pids = descendants(first.process.pid ?? 0);
    first.killAll();
    await first.ended;
    expect(await gone(pids, 5000)).toEqual([]);
    run = startRun(root, args, { dataDir, portBase });
    await run.said('the run has ended');
    const ports = portsOf(portBase);
    stage = openStage(ports);
  });

  afterAll(() => {
    stage.close();
    run.killAll();
    removeFolder(dataDir);
  });

  it('goes on where the ledger ends', () => {
    expect(run.output()).toMatch(/resuming the run that was killed: \d\d+ deliveries have their answer already/);
  });

  it('accounts for everything: I1, I2, I11 and the identities of the report', () => {
    const report = run.report();
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ lost: 0, duplicated: 0, unexpected: 0 });
    // an order that changed between two fetches was made twice: as each version tells it whole
    expect(report.byType['order.created']).toBeGreaterThanOrEqual(orders);
    expect(report.reconciliation.filter(({ what }) => what === 'orders').reduce((sum, { sent }) => sum + sent.count, 0)).toBe(orders);
    expect(report.polled).toBeGreaterThan(0);
    expect(report.settled.inFlight).toBe(0);
    expect(report.deliveries).toBe(report.accepted + report.duplicates + report.rejected + report.ignored);
    expect(report.accepted + report.derived).toBe(Object.values(report.settled).reduce((a, b) => a + b, 0));
    expect(report.reconciliation.every(({ balanced }) => balanced)).toBe(true);
    expect(report.reconciliation.length).toBeGreaterThan(3);
    expect(report.latencyMs.p99).toBeGreaterThan(0);
    expect(report.apiCalls).toBeGreaterThan(orders);
  });

  it('keeps one row an order and one a return, of the highest version: I3', async () => {
    expect(await stage.warehouse.figure('SELECT COUNT(*) FROM (SELECT order_key FROM orders GROUP BY order_key HAVING COUNT(*) > 1) AS twice')).toEqual(0);
    expect(await stage.warehouse.figure('SELECT COUNT(*) FROM (SELECT return_key FROM returns GROUP BY return_key HAVING COUNT(*) > 1) AS twice')).toEqual(0);
    expect(await stage.warehouse.figure('SELECT COUNT(*) FROM (SELECT order_key, line_id FROM order_product GROUP BY order_key, line_id HAVING COUNT(*) > 1) AS twice')).toEqual(0);
    const last = await Array.fromAsync(stage.warehouse.query(
      `SELECT o.order_key, o.fulfilment_status, h.status FROM orders o JOIN order_status_history h ON h.order_key = o.order_key AND h.status_group = 'fulfilment'
       WHERE h.sequence = (SELECT MAX(x.sequence) FROM order_status_history x WHERE x.order_key = h.order_key AND x.status_group = 'fulfilment')`,
    ));
    expect(last.length).toBeGreaterThan(10);
    for (const [key, status, newest] of last) expect([key, status]).toEqual([key, newest]);
  });

  it('forgets only what is loaded, and all of that: I4', async () => {
    expect(await countItems(stage, 'DONE')).toBe(0);
    const left = await tableItems(stage.dynamodb, names.inFlight);
    expect([...left.values()].filter(({ state }) => state !== 'PARKED')).toEqual([]);
    expect([...left.values()].every(({ reason }) => reason !== undefined)).toBe(true);
  });

  it('writes to a customer at most once for each step of an order: I5', async () => {
    const { emails } = (await (await fetch(`http://127.0.0.1:${stage.mailPort}/store`)).json()) as { emails: { subject: string; destination: { to: string[] }; via: string }[] };
    const sent = emails.filter(({ via }) => via === 'ses').map(({ subject, destination }) => `${destination.to.join()} ${subject}`);
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.filter((one, at) => sent.indexOf(one) !== at)).toEqual([]);
  });

  it('keeps a history that only goes forward: I7', async () => {
    const steps = new Map<string, string[]>();
    for await (const [key, status] of stage.warehouse.query(
      `SELECT order_key, status FROM order_status_history WHERE status_group = 'fulfilment' AND status <> 'CANCELLED' ORDER BY order_key, sequence`,
    )) steps.set(String(key), [...(steps.get(String(key)) ?? []), String(status)]);
    for (const path of steps.values()) expect(path).toEqual([...path].sort((a, b) => way.indexOf(a) - way.indexOf(b)));
  });

  it('replays what is in quarantine, and done work to no effect: I9', async () => {
    const rows = async (): Promise<unknown> => stage.warehouse.figure('SELECT COUNT(*) FROM loaded_event');
    const before = await rows();
    const replay = await cli('scripts/replay.ts', '--port-base', String(run.portBase));
    expect(replay.output).toMatch(/json/); // the spoilt body is as spoilt as before
    expect(await rows()).toBe(before);
  });

  /** Sends one message as a shop of the canonical source does. */
  async function send(id: string, type: string, data: object): Promise<void> {
    const at = Date.now();
    const { headers, body } = signed('canonical', JSON.stringify({ type, timestamp: new Date(at).toISOString(), data }), { 'webhook-id': id, 'content-type': 'application/json' }, { at });
    const answer = await fetch(`http://127.0.0.1:${portsOf(run.portBase).webhooks}/webhooks/canonical`, { method: 'POST', headers: headers as Record<string, string>, body: Buffer.from(body) });
    expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
  }

  it('takes a person’s answer to a return that waits for one, once: I6', async () => {
    // whether one of the run's own returns waits depends on what was delivered when; this one nobody can be sure of
    const placedAt = new Date(Date.now() - 3_600_000).toISOString();
    const line = { id: '1', productId: 'p-1', name: 'Mug', quantity: 1, unitPrice: '30.00', total: 3000 };
    await send('msg_order', 'order.created', { order: { id: 'unsure-1', placedAt, status: 'NEW', currency: 'EUR', total: 3000, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [line] } });
    await send('msg_return', 'return.requested', { return: { id: 'unsure-r1', orderId: 'unsure-1', requestedAt: new Date().toISOString(), reason: 'other', comment: 'It works, or perhaps it does not. I may keep it.', lines: [{ lineId: '1', quantity: 1 }] } });
    const listed = async (): Promise<string> => (await cli('scripts/review.ts', 'list', '--port-base', String(run.portBase))).output;
    for (let turn = 0; turn < 100 && !(await listed()).includes('unsure-r1'); turn++) await sleep(100);
    const reviews = await cli('scripts/review.ts', 'list', '--port-base', String(run.portBase));
    const waiting = /^(unsure-r1) {2}order /m;
    expect([reviews.status, reviews.output]).toEqual([0, expect.stringMatching(waiting)]);
    const id = waiting.exec(reviews.output)?.[1] ?? '';
    expect(await cli('scripts/review.ts', 'reject', id, '--reason', 'worn', '--port-base', String(run.portBase))).toMatchObject({ status: 0 });
    const decided = `SELECT decision FROM returns WHERE return_id = '${id}'`;
    for (let turn = 0; turn < 300 && (await stage.warehouse.figure(decided)) === null; turn++) await sleep(100);
    expect(await stage.warehouse.figure(decided)).toBe('REJECTED');
    expect((await cli('scripts/review.ts', 'approve', id, '--port-base', String(run.portBase))).status).toBe(1);
    expect(await stage.warehouse.figure(`SELECT COUNT(*) FROM model_decision d JOIN returns r ON r.return_key = d.return_key WHERE r.return_id = '${id}' AND d.outcome = 'APPROVED'`)).toEqual(0);
  });

  it('forgets a customer everywhere, changes no sum, and a rebuild does not bring them back', async () => {
    const base = ['--port-base', String(run.portBase)];
    const one = async (sql: string): Promise<string> => String(await stage.warehouse.figure(sql));
    const key = await one("SELECT MIN(customer_key) FROM customer WHERE email_id IN (SELECT email_id FROM customer GROUP BY email_id HAVING COUNT(*) = 1) AND customer_key IN (SELECT customer_key FROM orders)");
    const marks = [await one(`SELECT email_id FROM customer WHERE customer_key = '${key}'`)];
    const sums = (): Promise<string> => one("SELECT CAST(SUM(amount) AS VARCHAR) || ' ' || CAST(SUM(units) AS VARCHAR) || ' ' || CAST(COUNT(*) AS VARCHAR) FROM sales_by_day");
    const before = await sums();
    expect(await everywhere(stage, marks)).not.toEqual([]);
    expect((await cli('scripts/erase-customer.ts', '--customer', key, '--reason', 'asked', ...base)).status).toBe(2); // not without --yes
    const dry = await cli('scripts/erase-customer.ts', '--customer', key, '--dry-run', ...base);
    expect([dry.status, dry.output]).toEqual([0, expect.stringMatching(/[1-9]\d* orders, \d+ returns, [1-9]\d* deliveries/)]);
    expect(await everywhere(stage, marks)).not.toEqual([]);
    const done = await cli('scripts/erase-customer.ts', '--customer', key, '--reason', 'asked', '--by', 'test', '--yes', ...base);
    expect([done.status, done.output]).toEqual([0, expect.stringContaining('forgotten; audit:')]);
    expect(await everywhere(stage, marks)).toEqual([]);
    expect(await sums()).toBe(before);
    expect(await one('SELECT COUNT(*) FROM erasure WHERE ended_at IS NOT NULL')).toBe('1');
    const rebuilt = await cli('scripts/rebuild.ts', '--fresh', '--yes', ...base);
    if (rebuilt.status !== 0) throw new Error(rebuilt.output);
    expect(rebuilt.output).toContain('same');
    expect([await everywhere(stage, marks), await sums()]).toEqual([[], before]);
  });

  it('finds everything that was accepted where it should be, and names an order that the warehouse has lost: I1, I2, I4', async () => {
    const reconcile = (): Promise<{ status: number; output: string }> => cli('scripts/reconcile.ts', '--port-base', String(run.portBase), '--days', '1');
    const even = await reconcile();
    expect([even.status, even.output]).toEqual([0, expect.stringMatching(/^even: /m)]);
    const key = String(await stage.warehouse.figure("SELECT MIN(order_key) FROM orders WHERE header_version IS NOT NULL AND source = 'shopify' AND order_key NOT IN (SELECT entity_key FROM erased)"));
    const rates = Number(await stage.warehouse.figure('SELECT COUNT(DISTINCT currency) FROM fx_rate'));
    expect(rates).toBeGreaterThan(20);
    await stage.warehouse.figure(`DELETE FROM orders WHERE order_key = '${key}'`).catch(() => undefined);
    const damaged = await reconcile();
    expect([damaged.status, damaged.output]).toEqual([1, expect.stringContaining(`row missing: 1\n  ${key}`)]);
  });

  it('shows what it is at on its page', async () => {
    const { page } = portsOf(run.portBase);
    expect(await (await fetch(`http://127.0.0.1:${page}/`)).text()).toContain('everything is accounted for');
  });

  it('answers for the insights at its page', async () => {
    const { page } = portsOf(run.portBase);
    const document = (await (await fetch(`http://127.0.0.1:${page}/api/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(Object.keys(document.paths)).toContain('/api/kpis');
    expect((await fetch(`http://127.0.0.1:${page}/api/kpis?period=month`)).status).toBe(200);
    const wrong = await fetch(`http://127.0.0.1:${page}/api/kpis?perod=month`);
    expect([wrong.status, await wrong.json()]).toEqual([400, expect.objectContaining({ field: 'perod' })]);
  });

  it('ends on Ctrl-C within five seconds with status 130 and leaves no process: I8 has nothing to watch', async () => {
    const pids = descendants(run.process.pid ?? 0);
    expect(pids.length).toBeGreaterThan(4);
    const began = Date.now();
    run.process.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(Date.now() - began).toBeLessThan(5000);
    expect(await gone(pids, 500)).toEqual([]);
  });
});
