import { InvokeCommand } from '@aws-sdk/client-lambda';
import { must, mustBe, type Fault } from '../fault.ts';
import type { QuarantineEntry } from '../../start/scan/found.ts';
import { figure, logged, quarantine } from '../world/look.ts';
import { functionOf, runSchedule } from '../world/quiet.ts';
import type { Scene, Told } from '../world/scene.ts';

const loader = functionOf('warehouse', 'load-facts');

/** Statements that go wrong in the warehouse itself; see scripts/local/redshift/faults.ts. */
async function warehouseFault(scene: Scene, order: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${scene.world.place.ports.aws}/_local/redshift`, { method: 'POST', body: JSON.stringify(order) });
  must(answer.ok, `/_local/redshift: ${await answer.text()}`);
}

async function struck(scene: Scene, fault: 'abort' | 'collide'): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${scene.world.place.ports.aws}/_local/redshift`);
  return ((await answer.json()) as { done: Record<string, number> }).done[fault] ?? 0;
}

/** Who finds the lease of a dead loader does not wait for its end here. */
const leaseOver = { id: 'lease-over', function: loader, fault: { kind: 'skew', ms: 30_000 } };

export const loads: readonly Fault[] = [
  {
    number: '46', title: 'the loader crashes before COPY, after it, after the commit, before the delete: nothing lost, nothing twice', guards: ['forget-after-readback'],
    async run(scene) {
      const { world } = scene;
      for (const calls of [2, 4, 5, 6, 8]) {
        await world.rules.add({ id: 'crash', function: loader, times: 1, fault: { kind: 'crash', when: 'during', calls } });
        for (let at = 0; at < 2; at++) await scene.take(scene.created(scene.sale()));
        await scene.struck('crash');
        await world.rules.add(leaseOver);
        await scene.quiet();
        await world.rules.clear();
      }
    },
  },
  {
    number: '47', title: 'two loaders collide: the conflict is retried whole', guards: ['conflict-retried'],
    async run(scene) {
      const before = await struck(scene, 'collide');
      const since = Date.now();
      await warehouseFault(scene, { fault: 'collide', containing: 'loaded_event', times: 2 });
      for (let at = 0; at < 4; at++) await scene.take(scene.created(scene.sale()));
      await scene.until('a collision', async () => (await struck(scene, 'collide')) > before);
      await Promise.all([runSchedule(scene.world, 'warehouse', 'load-facts'), runSchedule(scene.world, 'warehouse', 'load-facts')]);
      await scene.world.rules.add(leaseOver);
      await scene.quiet();
      mustBe((await logged(scene.world, since)).filter(({ message }) => message.includes('LOAD_FAILED')).length, 0, 'loads that gave up');
    },
  },
  {
    number: '48', title: 'one bad row: the batch is split, the row quarantined, the rest loaded; replayed when its cause is mended, else held once', guards: ['split', 'restored'], quick: true,
    async run(scene) {
      const { world } = scene;
      const [good, bad, another] = [scene.sale(), scene.sale(), scene.sale()];
      const told = scene.created(bad);
      const body = JSON.parse(String(told.letter.body)) as { data: { order: { lines: Record<string, unknown>[] } } };
      for (const line of body.data.order.lines) line['unitPrice'] = '123456789012345678';
      const tooLong = scene.sale({ number: `#${scene.prefix}${'9'.repeat(80)}` });
      const longer = scene.created(tooLong);
      const widen = (bytes: number) => world.stage.warehouse.run(`ALTER TABLE orders ALTER COLUMN order_number TYPE VARCHAR(${bytes})`);
      await widen(64);
      await scene.take(scene.created(good), { ...told, letter: { ...told.letter, body: JSON.stringify(body) } }, scene.created(another), longer).finally(() => scene.quiet());
      mustBe(await figure(world, `SELECT COUNT(*) FROM orders WHERE order_key IN ('${scene.key(good)}', '${scene.key(another)}')`), 2, 'good orders loaded');
      const held = async (one: Told): Promise<QuarantineEntry[]> => (await quarantine(world)).filter(({ events }) => events.includes(scene.eventId(one)));
      mustBe([(await held(told)).length, (await held(longer)).length], [1, 1], 'entries of the bad rows');

      // the cause of one is mended, as a migration does it
      await widen(128);
      for (const { id } of [...await held(told), ...await held(longer)]) {
        const reply = await world.lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'replay'), Payload: Buffer.from(JSON.stringify({ id })) }));
        must(Buffer.from(reply.Payload ?? []).toString().includes('"outcome":"taken"'), `the bad row was not replayed: ${Buffer.from(reply.Payload ?? []).toString().slice(0, 300)}`);
      }
      await scene.quiet();
      mustBe(await figure(world, `SELECT COUNT(*) FROM orders o JOIN order_product p ON p.order_key = o.order_key WHERE o.order_key = '${scene.key(tooLong)}'`), tooLong.lines.length, 'lines of the mended order');
      mustBe([(await held(told)).length, (await held(longer)).length], [1, 0], 'entries of the bad rows after the replay');
    },
  },
  {
    number: '49', title: 'a statement aborted while it is polled is never taken as loaded', guards: ['forget-after-readback'],
    async run(scene) {
      const before = await struck(scene, 'abort');
      await warehouseFault(scene, { fault: 'abort', containing: 'loaded_event', times: 1 });
      for (let at = 0; at < 3; at++) await scene.take(scene.created(scene.sale()));
      await scene.until('an abort', async () => (await struck(scene, 'abort')) > before);
      await scene.world.rules.add(leaseOver);
      await scene.quiet();
      // an order of very many lines goes in chunks of files, and comes back in pages
      const large = scene.sale();
      const [line] = large.lines;
      const lines = Array.from({ length: 1500 }, (_, at) => ({ ...(line as typeof large.lines[number]), id: String(at + 1), quantity: 1, discount: 0, unit: 100, total: 100 }));
      await scene.take(scene.created({ ...large, lines, tax: 0, shipping: 0, total: 150_000 }));
      await scene.quiet();
    },
  },
  {
    number: '50', title: 'the migration runs during a load, and again: nothing changes', guards: [],
    async run(scene) {
      const { world } = scene;
      const schema = (): Promise<number> => figure(world, "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public'");
      const before = await schema();
      const migrate = async (): Promise<void> => {
        const reply = await world.lambda.send(new InvokeCommand({ FunctionName: functionOf('warehouse', 'migrate'), Payload: Buffer.from('{}') }));
        must(reply.FunctionError === undefined, `the migration failed: ${Buffer.from(reply.Payload ?? []).toString().slice(0, 300)}`);
      };
      for (let at = 0; at < 3; at++) await scene.take(scene.created(scene.sale()));
      await Promise.all([migrate(), runSchedule(world, 'warehouse', 'load-facts')]);
      await migrate();
      await scene.quiet();
      mustBe(await schema(), before, 'columns');
    },
  },
];
