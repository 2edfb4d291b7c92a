import { setTimeout as pause } from 'node:timers/promises';
import { must, mustBe, type Fault } from '../fault.ts';
import { figure, quarantine } from '../world/look.ts';

/** Deliveries that come more than once. */
export const repeats: readonly Fault[] = [
  {
    number: '1', title: 'the same webhook ten times at once is one event, all answered 2xx', guards: ['claim'], quick: true,
    async run(scene) {
      const told = scene.created(scene.sale());
      const replies = await Promise.all(Array.from({ length: 10 }, () => scene.send(told)));
      mustBe(replies.map(({ status }) => status), Array.from({ length: 10 }, () => 200), 'answers');
      await scene.quiet();
      // and once more when the work is long done
      await scene.take(told);
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM loaded_event WHERE event_id = '${scene.eventId(told)}'`), 1, 'rows of the event');
    },
  },
  {
    number: '2', title: 'of two bodies under one delivery id the first stands, the second is quarantined', guards: ['claim-hash'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      const first = scene.created(sale);
      const second = scene.created({ ...sale, total: sale.total + 100, tax: sale.tax + 100 }, { id: first.letter.id });
      await scene.take(first);
      await scene.quiet();
      scene.world.ledger.conflicts(scene.eventId(first));
      await scene.take({ ...second, says: [] });
      await scene.quiet();
      const entries = (await quarantine(scene.world)).filter(({ events }) => events.includes(scene.eventId(first)));
      mustBe(entries.map(({ code }) => code), ['CONFLICT'], 'quarantined');
    },
  },
  {
    number: '15', title: 'PutRecords done but its reply lost: the duplicate is absorbed', guards: ['claim'],
    async run(scene) {
      // after a fault that took the stream down the producer asks it once a second: by then it knows that it is back
      await pause(1_100, undefined, { signal: scene.world.signal });
      await scene.take(scene.created(scene.sale()));
      await scene.rules({ id: 'lost', service: 'kinesis', operation: 'PutRecords', times: 2, fault: { kind: 'reply-lost' } });
      const all = [1, 2, 3, 4].map(() => scene.created(scene.sale()));
      for (const told of all) mustBe((await scene.insist(told)).status, 200, 'answer');
      must((await scene.world.rules.hits('lost')) > 0, 'no reply was lost');
      await scene.quiet();
      // and one whose replies are all lost: the stream has it several times, and the overflow has it too
      await scene.rules({ id: 'all-lost', service: 'kinesis', operation: 'PutRecords', caller: 'producer', fault: { kind: 'reply-lost' } });
      const last = scene.created(scene.sale());
      mustBe((await scene.send(last)).status, 200, 'answer when no reply arrives');
      must((await scene.world.rules.hits('all-lost')) > 1, 'it was not tried again');
      await scene.world.rules.clear();
      await scene.quiet();
      for (const told of [...all, last]) mustBe(await figure(scene.world, `SELECT COUNT(*) FROM loaded_event WHERE event_id = '${scene.eventId(told)}'`), 1, 'rows of an order');
    },
  },
];
