import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { names } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { executionsOf, item } from '../world/look.ts';
import { functionOf, runSchedule } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';
import { watchLater } from '../world/watch.ts';
import { reprocessLater } from '../workflows/failures.ts';

const minutes = 60_000;

const spoilt = (scene: Scene) => scene.letter({ headers: {}, body: '{"type":' }, { type: 'intake.rejected', key: '' });

export const watcher: readonly Fault[] = [
  {
    number: '39', title: 'a schedule that fires twice or overlaps: one reprocess, one alert', guards: ['wake-once', 'digest-memory'],
    async run(scene) {
      const { world } = scene;
      const sale = scene.sale({ payment: 'PENDING' });
      const told = scene.created(sale);
      await scene.take(told, spoilt(scene));
      await scene.quiet();
      await world.rules.add({ id: 'later', function: functionOf('orders', 'reprocess'), fault: { kind: 'skew', ms: 20 * minutes } });
      // the first is held up before it wakes the order, longer than the second waits for an environment of its own
      await scene.rules({ id: 'held', service: 'dynamodb', operation: 'UpdateItem', caller: functionOf('orders', 'reprocess'), times: 1, fault: { kind: 'delay', ms: 4000 } });
      await Promise.all([runSchedule(world, 'orders', 'reprocess'), runSchedule(world, 'orders', 'reprocess')]);
      await scene.quiet();
      mustBe((await executionsOf(world, 'process-order', scene.eventId(told))).map(({ name }) => name.slice(-2)).sort(), ['-1', '-2'], 'attempts');
      mustBe((await watchLater(scene, 2)).length, 1, 'digests');
    },
  },
  {
    number: '40', title: 'reprocess while the original still runs: fenced, nothing twice', guards: ['fence'],
    async run(scene) {
      const sale = scene.sale();
      const told = scene.created(sale);
      await scene.rules({ id: 'slow', function: functionOf('orders', 'load-order'), times: 1, fault: { kind: 'delay', ms: 2500 } });
      await scene.take(told);
      await scene.struck('slow');
      await reprocessLater(scene, 'orders', 15 * minutes);
      mustBe((await executionsOf(scene.world, 'process-order', scene.eventId(told))).length, 1, 'executions');
      mustBe((await item(scene.world, scene.key(sale)))?.['state'], 'FORGOTTEN', 'state of the order');
    },
  },
  {
    number: '41', title: 'the time to live cannot reach an item that is not loaded', guards: ['no-expiry-in-flight'],
    async run(scene) {
      const parked = scene.sale({ payment: 'PENDING' });
      const slow = scene.sale();
      await scene.world.rules.add({ id: 'slow', function: functionOf('orders', 'load-order'), containing: `${slow.id}"`, times: 1, fault: { kind: 'delay', ms: 1500 } });
      await scene.take(scene.created(parked), scene.created(slow), scene.updated(scene.sale(), 30, { fulfilment: { status: 'PACKED' } }));
      await scene.struck('slow');
      const { Items = [] } = await scene.world.stage.dynamodb.send(new ScanCommand({
        TableName: names.inFlight, FilterExpression: 'attribute_exists(#state) AND #state <> :forgotten', ExpressionAttributeNames: { '#state': 'state' }, ExpressionAttributeValues: { ':forgotten': 'FORGOTTEN' },
      }));
      must(Items.some(({ state }) => state === 'RECEIVED') && Items.some(({ state }) => state === 'PARKED'), 'nothing is under way');
      mustBe(Items.filter((row) => row['expiresAt'] !== undefined).map(({ pk, sk }) => `${String(pk)} ${String(sk)}`), [], 'items that would expire');
      await scene.quiet();
    },
  },
];
