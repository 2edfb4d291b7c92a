import { join } from 'node:path';
import { figure } from '../faults/world/look.ts';
import { startProcesses } from '../faults/world/processes.ts';
import { functionOf } from '../faults/world/quiet.ts';
import { Scene } from '../faults/world/scene.ts';
import { openWorld, type World } from '../faults/world/world.ts';
import { fromLanded } from '../rebuild/from-landed.ts';
import { check } from '../rebuild/check.ts';
import type { RebuildOptions } from '../rebuild/options.ts';
import { portsOf } from './options.ts';
import { packageServices, serverlessPackage } from './package.ts';
import { freeBase, removeFolder, temporaryFolder } from './spawned.ts';

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
    await scene.quiet();
    expect([await check(options, deps), notes.at(-1)]).toEqual([0, expect.stringMatching(/tables are as in before/)]);
    expect(out.join('\n')).toMatch(/\norders +5 +5 /);
  });
});
