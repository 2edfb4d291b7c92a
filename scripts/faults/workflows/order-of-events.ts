import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { must, mustBe, type Fault } from '../fault.ts';
import { describeExecution, executionsOf, figure, item, partition, quarantine, rows, text } from '../world/look.ts';
import { functionOf, runSchedule } from '../world/quiet.ts';
import type { Scene, Told } from '../world/scene.ts';
import { watchLater } from '../world/watch.ts';

const days = 24 * 3_600_000;
const stateOf = async (scene: Scene, pk: string, sk?: string): Promise<unknown> => (await item(scene.world, pk, sk))?.['state'];

/** Item of an update by the id of its event: its sort key holds a hash. */
const updateState = async (scene: Scene, told: Told, pk: string): Promise<unknown> => {
  const found = (await partition(scene.world, pk)).find((row) => text(row, 'event').includes(scene.eventId(told)));
  return found?.['state'];
};

/** Events that come twice, too early, too late, or never. */
export const orderOfEvents: readonly Fault[] = [
  {
    number: '26', title: 'StartExecution again while it runs, after it closed, and under another name: one processing', guards: ['fence'],
    async run(scene) {
      const { world } = scene;
      const sale = scene.sale();
      const told = scene.created(sale);
      await scene.rules({ id: 'slow', function: functionOf('orders', 'construct-order'), times: 1, fault: { kind: 'delay', ms: 700 } });
      await scene.take(told);
      await scene.struck('slow');
      await scene.take(told); // while it runs
      await scene.quiet();
      await scene.take(told); // closed
      const [first] = await executionsOf(world, 'process-order', scene.eventId(told));
      const { input = '', stateMachineArn } = await describeExecution(world, first?.arn ?? '');
      // closed so long ago that its name is forgotten: Step Functions takes it as new
      await world.states.send(new StartExecutionCommand({ stateMachineArn, name: `${scene.eventId(told)}-old`, input }));
      await scene.quiet();
      mustBe(await stateOf(scene, scene.key(sale)), 'FORGOTTEN', 'state of the order');
      mustBe((await executionsOf(world, 'process-order', scene.eventId(told))).map(({ status }) => status), ['SUCCEEDED', 'SUCCEEDED'], 'executions');
    },
  },
  {
    number: '27', title: 'an update before its order is parked, and applied when the order comes', guards: ['wake-waiting'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      const early = scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } });
      await scene.take(early);
      await scene.until('the update being parked', async () => (await updateState(scene, early, scene.key(sale))) === 'PARKED');
      await scene.take(scene.created(sale));
      scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
      await scene.quiet();
      mustBe(await updateState(scene, early, scene.key(sale)), 'FORGOTTEN', 'state of the update');
    },
  },
  {
    number: '28', title: 'an update of an order that never comes is parked to its limit, then quarantined and alerted', guards: ['give-up'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      const lost = scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } });
      await scene.take(lost);
      await scene.quiet();
      mustBe(await updateState(scene, lost, scene.key(sale)), 'PARKED', 'state of the update');
      await scene.world.rules.add({ id: 'week', function: functionOf('updates', 'reprocess'), fault: { kind: 'skew', ms: 8 * days } });
      await runSchedule(scene.world, 'updates', 'reprocess');
      await scene.quiet();
      await scene.until('the update being quarantined', async () => (await quarantine(scene.world)).some(({ code, events }) => code === 'ORDER_NEVER_CAME' && events.includes(scene.eventId(lost))));
      must((await watchLater(scene, 1, 8 * days)).some((one) => /QUARANTINED/.test(one)), 'the quarantined update is not alerted');
    },
  },
  {
    number: '29', title: 'shuffled, stale and equal-timestamp updates: the same final state', guards: ['newest-wins'],
    async run(scene) {
      const steps = [[30, 'PACKED'], [60, 'SHIPPED'], [60, 'OUT_FOR_DELIVERY'], [90, 'DELIVERED'], [80, 'SHIPPED']] as const;
      const sales = Array.from({ length: 4 }, () => scene.sale());
      for (const sale of sales) {
        const all = steps.map(([at, status]) => scene.updated(sale, at, { fulfilment: { status } }));
        const shuffled = all.map((told) => ({ told, at: scene.random.next() })).sort((a, b) => a.at - b.at).map(({ told }) => told);
        const [first, ...rest] = shuffled;
        if (first) await scene.take(first);
        await scene.take(scene.created(sale), ...rest);
        scene.ends(sale, { payment: 'PAID', fulfilment: 'DELIVERED' });
      }
      await scene.quiet();
      const states = await rows(scene.world, `SELECT DISTINCT fulfilment_status, status, payment_status FROM orders WHERE order_key LIKE 'canonical:default:${scene.prefix}-%'`);
      mustBe(states.length, 1, `final states (${JSON.stringify(states)})`);
      const fulfilmentOf = async (key: string): Promise<unknown> => (JSON.parse(text(await item(scene.world, key), 'groups') || '{}') as { fulfilment?: { value: string } }).fulfilment?.value;
      for (const sale of sales) mustBe(await fulfilmentOf(scene.key(sale)), 'DELIVERED', 'the tombstone\'s word');
      // two changes of one moment: the later state of the table wins, whichever came first
      const even = [scene.sale(), scene.sale()];
      for (const [at, sale] of even.entries()) {
        const both = [scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } }), scene.updated(sale, 60, { fulfilment: { status: 'PACKED' } })];
        await scene.take(scene.created(sale));
        for (const told of at === 0 ? both : both.reverse()) {
          await scene.take(told);
          await scene.quiet();
        }
        scene.ends(sale, { fulfilment: 'SHIPPED' });
        mustBe(await fulfilmentOf(scene.key(sale)), 'SHIPPED', 'the tombstone\'s word after two changes of one moment');
      }
    },
  },
  {
    number: '38d', title: 'the order completes between an update\'s look and its parking: still woken', guards: ['second-look'],
    async run(scene) {
      const sale = scene.sale();
      const early = scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } });
      await scene.rules({ id: 'parking', service: 'dynamodb', operation: 'UpdateItem', caller: functionOf('updates', 'apply-update'), containing: 'PARKED', times: 1, fault: { kind: 'delay', ms: 8000 } });
      await scene.take(early);
      await scene.struck('parking');
      await scene.take(scene.created(sale));
      scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
      await scene.until('the order being constructed', async () => (await item(scene.world, scene.key(sale)))?.['groups'] !== undefined);
      mustBe(await updateState(scene, early, scene.key(sale)), 'RECEIVED', 'the update while its parking is held up');
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM loaded_event WHERE event_id = '${scene.eventId(early)}'`), 1, 'the update loaded');
    },
  },
];
