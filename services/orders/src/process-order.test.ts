import { limits } from '@orderflow/shared/domain';
import { NoticeNotSent, NoticeOutcomeUnknown } from '@orderflow/shared/notices';
import { orderSk } from '@orderflow/shared/store';
import { orderCreatedEvent } from '@orderflow/shared/testing';
import { world } from './world.ts';

const pending = { payment: { status: 'PENDING', provider: 'stripe', reference: 'pi_1001' } } as const;
const straight = ['ConstructOrder', 'CheckPayment', 'ConfirmOrder', 'LoadOrder', 'NotifyPackaging', 'Done'];

describe('a live paid order', () => {
  it('is confirmed, loaded, told to the packers and done, in 14 calls, forgetting included', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    expect(await given.run()).toEqual([straight]);
    expect(given.mailer.sent).toMatchObject([{ to: 'test.person@example.com', mail: { kind: 'order-confirmed' } }]);
    expect(given.staff.told).toMatchObject([{ topic: 'packaging', message: { schema: 'orderflow.packaging.v1', lines: [{ quantity: 1 }] } }]);
    const [fact] = given.facts.written;
    expect(fact).toMatchObject({ fact: 'order.settled', payload: { order: { status: 'CONFIRMED' } }, inFlight: { sk: 'ORDER', version: 1 } });
    expect(await given.store.forget(fact!.inFlight!)).toBe('forgotten');
    const { order, sent } = await given.order();
    expect(order).toMatchObject({ state: 'FORGOTTEN', refunds: { paid: 2999 } });
    expect(JSON.stringify(order)).not.toContain('example.com');
    expect(sent).toMatchObject([{ transition: 'CONFIRMED', outcome: 'sent' }, { transition: 'PACKAGING', outcome: 'sent' }]);
    // one of the calls counted is the look of this test
    expect(given.calls() - 1).toBe(14);
  });

  it('tells its history as a path: NEW, then CONFIRMED', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    await given.run();
    const [fact] = given.facts.written;
    expect(fact?.fact === 'order.settled' && fact.payload.history.filter(({ group }) => group === 'order').map(({ status }) => status)).toEqual(['NEW', 'CONFIRMED']);
  });

  it('carries no personal data through its execution', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    const seen: unknown[] = [];
    for (const [name, handler] of Object.entries(given.handlers)) {
      given.handlers[name] = async (input) => {
        const output = await handler(input);
        seen.push(input, output);
        return output;
      };
    }
    await given.run();
    expect(JSON.stringify(seen)).not.toMatch(/Test Person|example\.com|53\.3498/);
  });

  it('delivered ten times is one order, one mail, one notice', async () => {
    const given = world();
    await given.receive(...Array.from({ length: 10 }, () => orderCreatedEvent()));
    await given.run();
    await given.receive(orderCreatedEvent());
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect(given.staff.told).toHaveLength(1);
    expect(given.facts.written).toHaveLength(1);
  });

  it('that came by another delivery settles as absorbed', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    await given.receive(orderCreatedEvent({}, 'another-delivery'));
    expect(given.facts.written).toMatchObject([{ fact: 'event.absorbed', payload: { reason: 'duplicate' } }]);
  });

  it('that comes again with other content becomes an update with the whole order in it', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    await given.receive(orderCreatedEvent({ total: 1 }, 'another-delivery'));
    expect(given.executions.started).toMatchObject([{ service: 'orders' }, { service: 'updates' }]);
    expect((await given.order()).others).toMatchObject([{ service: 'updates', data: { update: { order: { total: 1 } } } }]);
  });

  it('with the same event id but other data: the first stands, the second is in quarantine', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    await given.receive(orderCreatedEvent({ total: 1 }));
    expect(given.quarantine.entries).toMatchObject([{ code: 'CONFLICT' }]);
  });

  it('is no conflict when it was only read again so late that it counts as history', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    await given.receive(orderCreatedEvent({ historical: true }));
    expect([given.quarantine.entries, given.executions.started.length]).toEqual([[], 1]);
  });
});

it('an account creates no order of another', async () => {
  const given = world();
  await given.receive({ ...orderCreatedEvent(), source: '/sources/canonical/market' });
  expect(given.quarantine.entries).toMatchObject([{ code: 'FOREIGN_ORDER' }]);
  expect(given.executions.started).toEqual([]);
});

it('an order cancelled after it was confirmed is not packed', async () => {
  const given = world();
  await given.receive(orderCreatedEvent());
  const load = given.handlers['load-order']!;
  given.handlers['load-order'] = async (input) => {
    const item = (await given.order()).order!;
    await given.store.amendOrder(item.pk, item.revision, { groups: { ...item.groups!, status: { ...item.groups!.status, value: 'CANCELLED' } } });
    return load(input);
  };
  await given.run();
  expect(given.staff.told).toEqual([]);
});

describe('an order nobody is told of', () => {
  it.each([['historical', { historical: true }], ['test', { test: true }]] as const)('%s: loaded without mail or notice', async (_, flags) => {
    const given = world();
    await given.receive(orderCreatedEvent(flags));
    await given.run();
    expect(given.mailer.sent).toEqual([]);
    expect(given.staff.told).toEqual([]);
    expect(given.facts.written).toMatchObject([{ fact: 'order.settled', ...flags }]);
  });

  it('of a marketplace: the packers are told, the customer is not', async () => {
    const given = world();
    await given.receive(orderCreatedEvent({ account: 'market' }));
    await given.run();
    expect(given.mailer.sent).toEqual([]);
    expect(given.staff.told).toHaveLength(1);
  });
});

describe('an unpaid order', () => {
  it('parks, is asked for again, and goes on once the provider says PAID', async () => {
    const given = world();
    given.payments.answers.set('pi_1001', { outcome: 'found', status: 'PENDING' });
    await given.receive(orderCreatedEvent(pending));
    expect(await given.run()).toEqual([['ConstructOrder', 'CheckPayment', 'ParkOrder', 'Parked']]);
    expect(given.facts.written).toEqual([]);
    given.pass(16);
    given.payments.answers.set('pi_1001', { outcome: 'found', status: 'PAID' });
    expect(await given.reprocess()).toMatchObject({ woken: 1 });
    expect(await given.run()).toEqual([straight.slice(1)]);
    expect(given.facts.written).toMatchObject([{ payload: { order: { payment: { status: 'PAID' } } }, inFlight: { version: 2 } }]);
    expect((await given.order()).order?.refunds?.paid).toBe(2999);
  });

  it('whose provider is down waits like a pending one, and is confirmed once', async () => {
    const given = world();
    await given.receive(orderCreatedEvent(pending));
    await given.run();
    given.pass(16);
    await Promise.all([given.reprocess(), given.reprocess()]);
    await given.run();
    given.payments.answers.set('pi_1001', { outcome: 'found', status: 'PAID' });
    given.pass(61);
    await given.reprocess();
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
  });

  it('refused: the customer is told once, however often it is refused', async () => {
    const given = world();
    await given.receive(orderCreatedEvent({ payment: { status: 'FAILED', provider: 'stripe', reference: 'pi_1001' } }));
    expect(await given.run()).toEqual([['ConstructOrder', 'CheckPayment', 'NotifyPaymentFailed', 'ParkOrder', 'Parked']]);
    given.payments.answers.set('pi_1001', { outcome: 'found', status: 'FAILED' });
    given.pass(16);
    await given.reprocess();
    await given.run();
    expect(given.mailer.sent).toMatchObject([{ mail: { kind: 'payment-failed' } }]);
    expect((await given.order()).order).toMatchObject({ state: 'PARKED', parked: { reason: 'payment-failed' } });
  });

  it('is loaded as overdue after the last attempt, stays parked, and is loaded again when paid', async () => {
    const given = world();
    await given.receive(orderCreatedEvent(pending));
    await given.run();
    for (let attempt = 2; attempt <= limits.payment.attempts; attempt++) {
      given.pass(1441);
      await given.reprocess();
      await given.run();
    }
    expect(given.facts.written).toMatchObject([{ payload: { paymentOverdue: true, order: { status: 'NEW' } } }]);
    expect((await given.order()).order).toMatchObject({ state: 'PARKED', parked: { reason: 'payment-overdue' } });
    expect(await given.store.forget(given.facts.written[0]!.inFlight!)).toBe('noted');
    given.pass(1441);
    expect(await given.reprocess()).toMatchObject({ woken: 0 });
    given.payments.answers.set('pi_1001', { outcome: 'found', status: 'PAID' });
    given.pass(31 * 1440);
    await given.reprocess();
    await given.run();
    expect(given.facts.written).toHaveLength(2);
    expect(given.facts.written[1]?.payload).not.toHaveProperty('paymentOverdue');
    expect(await given.store.forget(given.facts.written[1]!.inFlight!)).toBe('forgotten');
  });

  it('changed by an update while it is checked is checked again instead of parked', async () => {
    const given = world();
    await given.receive(orderCreatedEvent(pending));
    const check = given.handlers['check-payment']!;
    let once = true;
    given.handlers['check-payment'] = async (input) => {
      const output = await check(input);
      const item = (await given.order()).order!;
      if (once) await given.store.amendOrder(item.pk, item.revision, { groups: { ...item.groups!, payment: { ...item.groups!.payment, value: 'PAID', sequence: '9'.repeat(20) } } });
      once = false;
      return output;
    };
    const [path] = await given.run();
    expect(path).toEqual(['ConstructOrder', 'CheckPayment', 'ParkOrder', ...straight.slice(1)]);
  });
});

describe('crashes and lost answers', () => {
  it('between claim and start: started on redelivery', async () => {
    const given = world();
    const start = given.executions.start.bind(given.executions);
    given.executions.start = async () => { throw new Error('crash'); };
    expect((await given.receive(orderCreatedEvent())).batchItemFailures).toHaveLength(1);
    given.executions.start = start;
    await given.receive(orderCreatedEvent());
    expect(await given.run()).toHaveLength(1);
  });

  it('between claim and start, never redelivered: started by the schedule', async () => {
    const given = world();
    const start = given.executions.start.bind(given.executions);
    given.executions.start = async () => { throw new Error('crash'); };
    await given.receive(orderCreatedEvent());
    given.executions.start = start;
    given.pass(11);
    expect(await given.reprocess()).toMatchObject({ restarted: 1 });
    expect(await given.run()).toHaveLength(1);
  });

  it('after the mail: not sent again, recorded as unknown', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    const confirm = given.handlers['confirm-order']!;
    given.handlers['confirm-order'] = async (input) => {
      await confirm(input); // its answer is lost
      return confirm(input);
    };
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect((await given.order()).sent).toContainEqual(expect.objectContaining({ transition: 'CONFIRMED', outcome: 'unknown' }));
  });

  it('each step done twice: effects once', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    for (const [name, handler] of Object.entries(given.handlers)) {
      given.handlers[name] = async (input) => {
        await handler(input);
        return handler(input);
      };
    }
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect(given.staff.told).toHaveLength(1);
    expect((await given.order()).order?.state).toBe('DONE');
  });

  it('SES throttled: the guard is given back and the next try sends', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    given.mailer.failNext = new NoticeNotSent('TooManyRequestsException');
    const confirm = given.handlers['confirm-order']!;
    given.handlers['confirm-order'] = (input) => confirm(input).catch(() => confirm(input)); // Step Functions' Retry
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect((await given.order()).sent).toContainEqual(expect.objectContaining({ transition: 'CONFIRMED', outcome: 'sent' }));
  });

  it('the outcome of a mail unknown: the order goes on', async () => {
    const given = world();
    await given.receive(orderCreatedEvent());
    given.mailer.failNext = new NoticeOutcomeUnknown('TimeoutError');
    expect(await given.run()).toEqual([straight]);
    expect((await given.order()).sent).toContainEqual(expect.objectContaining({ transition: 'CONFIRMED', outcome: 'unknown' }));
  });

  it('an execution of an older attempt stops without effects', async () => {
    const given = world();
    await given.receive(orderCreatedEvent(pending));
    await given.run();
    const item = (await given.order()).order!;
    await given.store.wake(item, { attempt: 1, dueAt: item.dueAt! });
    for (const handler of Object.values(given.handlers)) {
      const input = { pk: item.pk, sk: orderSk, eventId: item.event.id, attempt: 1, version: 1, revision: 99, mail: 'order-confirmed', notice: 'packaging', park: { reason: 'payment-pending', dueAt: item.dueAt } };
      expect(await handler(input)).toMatchObject({ next: 'STOP' });
    }
    expect(given.mailer.sent).toEqual([]);
  });
});

describe('what came before its order', () => {
  it('is woken by the order', async () => {
    const given = world();
    const event = orderCreatedEvent();
    const early = { pk: event.partitionkey, sk: 'UPDATE#early', service: 'updates' as const, dueAt: '2026-11-22T11:00:00.000Z', data: {}, event: { id: 'a'.repeat(32), type: 'order.updated' as const, key: event.partitionkey, source: 'canonical', account: 'default', sequence: '1'.repeat(20), hash: 'b'.repeat(64), time: event.time, recordedAt: event.time } };
    await given.store.receive(early);
    await given.store.park(early, { attempt: 1, revision: 1 }, { reason: 'order-unknown', dueAt: early.dueAt });
    const payment = { ...early, pk: 'stripe:default:payment:pi_1001', event: { ...early.event, id: 'c'.repeat(32), type: 'payment.changed' as const } };
    await given.store.receive(payment);
    await given.store.park(payment, { attempt: 1, revision: 1 }, { reason: 'payment-unknown', dueAt: early.dueAt });
    await given.receive(event);
    await given.run();
    expect(given.executions.started.filter(({ service }) => service === 'updates')).toMatchObject([{ input: { attempt: 2 } }, { input: { attempt: 2 } }]);
  });
});
