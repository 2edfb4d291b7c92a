import { must, mustBe, type Fault } from '../fault.ts';
import { item, mails, text } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Scene } from '../world/scene.ts';
import type { Sale } from '../../demo/sale.ts';
import { reprocessLater } from './failures.ts';
import { watchLater } from '../world/watch.ts';

const mailsTo = async (scene: Scene, sale: Sale): Promise<number> =>
  (await mails(scene.world)).filter(({ via, to }) => via !== 'sns' && to.includes(sale.person?.email ?? '')).length;

/** What breaks off between two steps that belong together. */
export const crashes: readonly Fault[] = [
  {
    number: '36', title: 'a conditional write done but its reply lost is recognised as our own', guards: ['own-write'], quick: true,
    async run(scene) {
      const writes = ['TransactWriteItems', 'UpdateItem', 'PutItem'];
      await scene.rules(...writes.map((operation) => ({ id: operation, service: 'dynamodb', operation, caller: 'orderflow-*', probability: 0.5, times: 12, seed: scene.world.seed, fault: { kind: 'reply-lost' } })));
      for (const sale of Array.from({ length: 6 }, () => scene.sale())) {
        await scene.take(scene.created(sale), scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } }));
        scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
      }
      await scene.quiet();
      const lost = [await scene.world.rules.hits('UpdateItem'), await scene.world.rules.hits('TransactWriteItems')];
      must(lost.every((hits) => hits > 0), 'no reply was lost');
      await scene.world.rules.clear();
      // a step that lost all its replies gives up; what it had begun to wake is started by the schedule
      for (const service of ['orders', 'updates'] as const) await reprocessLater(scene, service, 15 * 60_000);
    },
  },
  {
    number: '37', title: 'BatchWrite UnprocessedItems are drained (the product writes none: no call of that name is made)', guards: [],
    async run(scene) {
      await scene.take(scene.created(scene.sale()));
      await scene.quiet();
      const made = (await scene.world.stage.cloud.calls()).filter(({ operation, accessKeyId }) => operation === 'BatchWriteItem' && accessKeyId !== 'local');
      mustBe(made, [], 'calls of BatchWriteItem');
    },
  },
  {
    number: '38', title: 'a crash between save and send: the mail goes out once, or is alerted as unknown', guards: ['sent-guard'], quick: true,
    async run(scene) {
      const confirm = functionOf('orders', 'confirm-order');
      const [unsent, sent] = [scene.sale(), scene.sale()];
      // ConfirmOrder reads, saves and claims, sends: killed after the second and after the third
      await scene.world.rules.add(
        { id: 'saved', function: confirm, containing: `${unsent.id}"`, times: 1, fault: { kind: 'crash', when: 'during', calls: 2 } },
        { id: 'sent', function: confirm, containing: `${sent.id}"`, times: 1, fault: { kind: 'crash', when: 'during', calls: 3 } },
      );
      await scene.take(scene.created(unsent), scene.created(sent));
      await scene.struck('saved');
      await scene.struck('sent');
      await scene.quiet();
      mustBe([await mailsTo(scene, unsent), await mailsTo(scene, sent)], [0, 1], 'mails');
      must((await watchLater(scene)).some((text) => /NOTICE_UNKNOWN/.test(text)), 'the unsent mail is not alerted as unknown');
    },
  },
  {
    number: '38a', title: 'a crash between claim and StartExecution: started on redelivery', guards: ['redelivered-starts'], quick: true,
    async run(scene) {
      await scene.rules({ id: 'claimed', function: functionOf('orders', 'consume'), times: 1, fault: { kind: 'crash', when: 'during', calls: 1 } });
      const sale = scene.sale();
      await scene.take(scene.created(sale));
      await scene.struck('claimed');
      await scene.quiet();
      mustBe((await item(scene.world, scene.key(sale)))?.['state'], 'FORGOTTEN', 'state of the order');
    },
  },
  {
    number: '38b', title: 'an update that lands between the warehouse\'s commit and the forgetting is not erased', guards: ['tombstone-keeps-groups'],
    async run(scene) {
      const sale = scene.sale();
      await scene.rules({ id: 'late', service: 'dynamodb', operation: 'UpdateItem', caller: functionOf('warehouse', 'load-facts'), times: 1, fault: { kind: 'delay', ms: 2500 } });
      await scene.take(scene.created(sale));
      await scene.struck('late');
      await scene.take(scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } }));
      scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
      await scene.quiet();
      const row = await item(scene.world, scene.key(sale));
      mustBe([row?.['state'], (JSON.parse(text(row, 'groups') || '{}') as { fulfilment?: { value: string } }).fulfilment?.value], ['FORGOTTEN', 'SHIPPED'], 'the tombstone');
    },
  },
  {
    number: '38c', title: 'a late write to a forgotten item is refused: no zombie', guards: ['fence-state'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      const told = scene.created(sale);
      await scene.take(told);
      await scene.quiet();
      const before = await item(scene.world, scene.key(sale));
      const input = { pk: scene.key(sale), sk: 'ORDER', eventId: scene.eventId(told), attempt: 1, version: 1 };
      for (const name of ['park-order', 'complete-order']) {
        await scene.world.lambda.send(new InvokeCommand({ FunctionName: functionOf('orders', name), Payload: Buffer.from(JSON.stringify({ ...input, park: { reason: 'payment-pending', dueAt: new Date().toISOString() } })) }));
      }
      mustBe(await item(scene.world, scene.key(sale)), before, 'the tombstone');
    },
  },
];
