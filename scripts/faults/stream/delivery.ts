import { PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { names } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { item, quarantine, rows } from '../world/look.ts';
import { changeMapping } from '../world/mappings.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';

const consumer = functionOf('orders', 'consume');
const updates = functionOf('updates', 'consume');

/** The life of an order up to its delivery: what must be true of it in the end does not depend on who stumbles on the way. */
async function lives(scene: Scene, count: number): Promise<string[]> {
  const sales = Array.from({ length: count }, () => scene.sale());
  for (const sale of sales) {
    await scene.take(scene.created(sale), scene.updated(sale, 30, { fulfilment: { status: 'PACKED' } }), scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } }));
    scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
  }
  return sales.map(scene.key);
}

const overhead = { functions: 'orderflow-*-local-consume' };

/** Records that are read, fail, and are read again. */
export const delivery: readonly Fault[] = [
  {
    number: '18', title: 'a poison record amid a batch is quarantined, the rest proceed', guards: ['poison'], quick: true,
    async run(scene) {
      const { world } = scene;
      await changeMapping(world, consumer, { Enabled: false });
      const id = scene.eventId(scene.letter({ headers: {}, body: '' }, [], { id: `${scene.prefix}-poison` }));
      try {
        const sales = [scene.sale(), scene.sale()];
        const [first, last] = sales.map((sale) => scene.created(sale));
        if (first) await scene.take(first);
        const event = { specversion: '1.0', id, type: 'order.created', source: '/sources/canonical/default', partitionkey: `canonical:default:${scene.prefix}-9`, data: { order: { id: 'no order' } } };
        await world.stage.kinesis.send(new PutRecordsCommand({ StreamName: names.events, Records: [{ PartitionKey: event.partitionkey, Data: Buffer.from(JSON.stringify(event)) }] }));
        world.ledger.add({ id, acknowledged: true, fault: '18', said: { type: 'intake.rejected', key: '' } });
        if (last) await scene.take(last);
      } finally {
        await changeMapping(world, consumer, { Enabled: true });
      }
      await scene.quiet();
      mustBe((await quarantine(world)).filter(({ events }) => events.includes(id)).map(({ code }) => code), ['INVALID_EVENT'], 'quarantined');
    },
  },
  {
    number: '19', title: 'a transient store fault on one record: retried in order, the earlier ones take no second effect', guards: ['partial-failures'], quick: true,
    async run(scene) {
      // the SDK tries three times: three strikes are one failed record
      await scene.rules(
        { id: 'orders', service: 'dynamodb', operation: 'TransactWriteItems', caller: consumer, skip: 1, times: 6, fault: { kind: 'error', code: 'InternalServerError' } },
        { id: 'updates', service: 'dynamodb', operation: 'TransactWriteItems', caller: updates, skip: 2, times: 3, fault: { kind: 'error', code: 'InternalServerError' } },
      );
      await lives(scene, 4);
      await scene.struck('orders', 6);
      await scene.quiet();
    },
  },
  {
    number: '20', title: 'a consumer killed or timed out amid its batch: redelivered, same end', guards: ['claim'], quick: true,
    async run(scene) {
      await scene.rules(
        { id: 'after', function: consumer, times: 1, fault: { kind: 'crash', when: 'after' } },
        { id: 'during', function: updates, times: 1, fault: { kind: 'crash', when: 'during', calls: 2 } },
        { id: 'time', function: overhead.functions, skip: 2, times: 2, fault: { kind: 'timeout', ms: 300 } },
      );
      await lives(scene, 4);
      await scene.struck('after');
      await scene.quiet();
    },
  },
  {
    number: '22', title: 'a consumer that was off: its backlog drains, the order of each key kept', guards: ['wake-waiting'],
    async run(scene) {
      const { world } = scene;
      for (const name of [consumer, updates]) await changeMapping(world, name, { Enabled: false });
      let keys: string[] = [];
      try {
        keys = await lives(scene, 6);
        must((await item(world, keys[0] ?? '')) === undefined, 'an order was taken although its consumer is off');
      } finally {
        for (const name of [updates, consumer]) await changeMapping(world, name, { Enabled: true });
      }
      await scene.quiet();
      const shipped = await rows(world, `SELECT order_key FROM orders WHERE fulfilment_status = 'SHIPPED' AND order_key LIKE 'canonical:default:${scene.prefix}-%'`);
      mustBe(shipped.length, keys.length, 'orders shipped');
    },
  },
  {
    number: '23', title: 'the stream is resharded amid a run: same final state', guards: ['claim'],
    async run(scene) {
      const { kinesis } = scene.world.stage;
      await lives(scene, 3);
      await kinesis.send(new UpdateShardCountCommand({ StreamName: names.events, TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' }));
      await lives(scene, 3);
      await kinesis.send(new UpdateShardCountCommand({ StreamName: names.events, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }));
      await lives(scene, 3);
      await scene.quiet();
    },
  },
  {
    number: '25', title: 'a hot key with nine tenths of the load: the others do not wait for it', guards: ['keys-in-parallel'],
    async run(scene) {
      const hot = scene.sale();
      await scene.take(scene.created(hot));
      await scene.quiet();
      // everything about the hot order is slow; nothing else is
      await scene.world.rules.add({ id: 'slow', service: 'dynamodb', operation: 'TransactWriteItems', caller: updates, containing: `${hot.id}"`, fault: { kind: 'delay', ms: 500 } });
      const busy = Array.from({ length: 36 }, (_, at) => scene.updated(hot, 10 + at, { fulfilment: { status: 'PARTIAL' } }));
      const cold = Array.from({ length: 5 }, () => scene.sale());
      await Promise.all(cold.map((sale) => scene.take(scene.created(sale))));
      await scene.quiet();
      // all of them lie there when the consumer looks
      await changeMapping(scene.world, updates, { Enabled: false });
      try {
        await scene.take(...busy, ...cold.map((sale) => scene.updated(sale, 10, { fulfilment: { status: 'PACKED' } })));
      } finally {
        await changeMapping(scene.world, updates, { Enabled: true });
      }
      await scene.quiet();
      const at = async (told: readonly string[]): Promise<string[]> =>
        (await rows(scene.world, `SELECT TO_CHAR(committed_at, 'YYYYMMDDHH24MISSUS') FROM loaded_event WHERE event_type = 'order.updated' AND event_key IN (${told.map((key) => `'${key}'`).join()}) ORDER BY 1`)).map(([time]) => String(time));
      const [others, slow] = [await at(cold.map(scene.key)), await at([scene.key(hot)])];
      mustBe([others.length, slow.length], [5, 36], 'updates loaded');
      must((others.at(-1) ?? '') < (slow.at(-1) ?? ''), 'the other orders waited until the hot one was through');
    },
  },
];
