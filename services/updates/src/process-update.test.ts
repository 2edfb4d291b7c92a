import fc from 'fast-check';
import { eventId, paymentKey, sequenceOf, type CanonicalEvent, type PaymentStatus } from '@orderflow/shared/events';
import { orderUpdatedEvent } from '@orderflow/shared/testing';
import { orderSk } from '@orderflow/shared/store';
import { world } from './world.ts';

const shipped = { fulfilment: { status: 'SHIPPED' }, tracking: { carrier: 'Post', number: 'T1' } } as const;
const paymentEvent = (status: PaymentStatus, over: { reference?: string; orderKey?: string } = {}): CanonicalEvent<'payment.changed'> => {
  const reference = over.reference ?? 'pi_1001';
  const occurredAt = '2026-11-22T10:00:00Z';
  return {
    specversion: '1.0', id: eventId('stripe', 'default', `${reference}${status}`, 0), source: '/sources/stripe/default', type: 'payment.changed',
    subject: reference, time: occurredAt, partitionkey: paymentKey('stripe', 'default', reference), sequence: sequenceOf(Date.parse(occurredAt)),
    data: { payment: { provider: 'stripe', reference, status, occurredAt, ...(over.orderKey ? { orderKey: over.orderKey } : {}) } },
  };
};

describe('an update of a known order', () => {
  it('is applied, loaded, told to the customer and the shippers, and done', async () => {
    const given = world();
    await given.order();
    await given.receive(orderUpdatedEvent(shipped));
    expect(await given.run()).toEqual([['ApplyUpdate', 'LoadUpdate', 'NotifyCustomer', 'NotifyShipping', 'Done']]);
    expect(given.mailer.sent).toMatchObject([{ to: 'test.person@example.com', mail: { kind: 'shipped' } }]);
    expect(given.staff.told).toMatchObject([{ topic: 'shipping', message: { schema: 'orderflow.shipping.v1', fulfilment: 'SHIPPED' } }]);
    expect(given.facts.written).toMatchObject([{ fact: 'update.settled', payload: { fulfilment: { status: 'SHIPPED' }, tracking: { number: 'T1' }, versions: {} } }]);
    const { order, others, sent } = await given.look();
    expect(order?.groups?.fulfilment.value).toBe('SHIPPED');
    expect(others).toMatchObject([{ state: 'DONE' }]);
    expect(sent.map(({ transition, outcome }) => [transition, outcome])).toEqual([['SHIPPED', 'sent'], ['SHIPPING', 'sent']]);
    expect(await given.store.forget(given.facts.written[0]!.inFlight!)).toBe('forgotten');
  });

  it('that is told as history is applied and loaded, and nobody is told', async () => {
    const given = world();
    await given.order();
    await given.receive(orderUpdatedEvent({ ...shipped, historical: true }));
    expect(await given.run()).toEqual([['ApplyUpdate', 'LoadUpdate', 'Done']]);
    expect([given.mailer.sent, given.staff.told]).toEqual([[], []]);
    expect(given.facts.written).toMatchObject([{ historical: true, payload: { fulfilment: { status: 'SHIPPED' } } }]);
    // the same again without the mark is the same
    await given.receive(orderUpdatedEvent(shipped));
    expect([given.facts.written.length, await given.run()]).toEqual([1, []]);
  });

  it('tells the shippers once, whichever state says it first', async () => {
    const given = world();
    await given.order();
    for (const [at, status] of [['10', 'PACKED'], ['11', 'SHIPPED'], ['12', 'OUT_FOR_DELIVERY'], ['13', 'DELIVERED']] as const) {
      await given.receive(orderUpdatedEvent({ fulfilment: { status }, occurredAt: `2026-11-22T${at}:00:00Z` }, status));
      await given.run();
    }
    expect(given.staff.told).toHaveLength(1);
    expect(given.mailer.sent.map(({ mail }) => mail.kind)).toEqual(['shipped', 'out-for-delivery', 'delivered']);
  });

  it('that is stale changes nothing and tells nobody, but loads its part of the history', async () => {
    const given = world();
    await given.order();
    await given.receive(orderUpdatedEvent({ fulfilment: { status: 'DELIVERED' }, occurredAt: '2026-11-22T12:00:00Z' }, 'late'));
    await given.run();
    await given.receive(orderUpdatedEvent({ ...shipped, occurredAt: '2026-11-22T11:00:00Z' }, 'early'));
    expect(await given.run()).toEqual([['ApplyUpdate', 'LoadUpdate', 'Done']]);
    expect(given.mailer.sent.map(({ mail }) => mail.kind)).toEqual(['delivered']);
    expect(given.facts.written[1]).toMatchObject({ payload: { history: [{ status: 'SHIPPED' }] } });
    expect((await given.look()).order?.groups?.fulfilment.value).toBe('DELIVERED');
  });

  it('delivered twice by other deliveries is absorbed', async () => {
    const given = world();
    await given.order();
    await given.receive(orderUpdatedEvent(shipped, 'one'), orderUpdatedEvent(shipped, 'two'));
    await given.run();
    expect(given.facts.written.map(({ fact }) => fact).sort()).toEqual(['event.absorbed', 'update.settled']);
    expect(given.mailer.sent).toHaveLength(1);
  });

  it('wakes an order that is parked for its payment, and the cancellation is told', async () => {
    const given = world();
    await given.order({ payment: { status: 'PENDING' } }, 'PARKED');
    await given.receive(orderUpdatedEvent({ status: 'CANCELLED', cancelReason: 'sold out' }));
    await given.run();
    expect(given.executions.started).toMatchObject([{ service: 'updates' }, { service: 'orders', input: { attempt: 2 } }]);
    expect(given.mailer.sent).toMatchObject([{ mail: { kind: 'order-cancelled' } }]);
    expect((await given.look()).order).toMatchObject({ state: 'RECEIVED', attempt: 2, version: 2 });
  });

  it('of tests, of the past and of marketplaces tells no customer', async () => {
    for (const over of [{ test: true }, { historical: true }, { account: 'market' }]) {
      const given = world();
      const { pk } = await given.order(over);
      const event = orderUpdatedEvent({ ...shipped, orderKey: pk });
      await given.receive({ ...event, source: `/sources/canonical/${over.account ?? 'default'}` });
      await given.run();
      expect(given.mailer.sent).toEqual([]);
      expect(given.staff.told).toHaveLength(over.account ? 1 : 0);
      expect(given.facts.written).toHaveLength(1);
    }
  });
});

describe('an update of a forgotten order', () => {
  it('is judged by the tombstone and told to the contact that the warehouse knows', async () => {
    const given = world();
    const { pk } = await given.order({}, 'FORGOTTEN');
    given.contacts.known.set(pk, { email: 'test.person@example.com', orderNumber: '1001', currency: 'EUR', total: '29.9900' });
    await given.receive(orderUpdatedEvent(shipped));
    await given.run();
    expect(given.mailer.sent).toMatchObject([{ to: 'test.person@example.com', mail: { subject: 'Order 1001 is on its way' } }]);
    const { order } = await given.look();
    expect(order).toMatchObject({ state: 'FORGOTTEN', groups: { fulfilment: { value: 'SHIPPED' } } });
    expect(order).not.toHaveProperty('data');
  });

  it('knows what has been paid since', async () => {
    const given = world();
    await given.order({ payment: { status: 'PENDING' } }, 'FORGOTTEN');
    await given.receive(orderUpdatedEvent({ payment: { status: 'PAID' } }));
    await given.run();
    expect((await given.look()).order?.refunds).toMatchObject({ total: 2999, paid: 2999 });
  });
});

describe('an update before its order', () => {
  it('parks, and is applied once the order wakes it', async () => {
    const given = world();
    await given.receive(orderUpdatedEvent(shipped));
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked']]);
    await given.order();
    given.pass(61);
    expect(await given.reprocess()).toMatchObject({ woken: 1 });
    expect(await given.run()).toEqual([['ApplyUpdate', 'LoadUpdate', 'NotifyCustomer', 'NotifyShipping', 'Done']]);
    expect(given.facts.written).toMatchObject([{ inFlight: { version: 2 } }]);
  });

  it('wakes itself when the order comes between its look and its parking', async () => {
    const given = world();
    const park = given.store.park.bind(given.store);
    given.store.park = async (...args) => {
      given.store.park = park;
      await given.order();
      return park(...args);
    };
    await given.receive(orderUpdatedEvent(shipped));
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked'], ['ApplyUpdate', 'LoadUpdate', 'NotifyCustomer', 'NotifyShipping', 'Done']]);
  });

  it('looks again when an earlier try of its step broke off right after the parking', async () => {
    const given = world();
    const { park } = given.store;
    given.store.park = async (...args) => {
      given.store.park = park;
      await given.store.park(...args);
      await given.order();
      throw new Error('every answer was lost');
    };
    await given.receive(orderUpdatedEvent(shipped));
    await expect(given.handlers['apply-update']?.(given.executions.started[0]?.input)).rejects.toThrow('lost');
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked'], ['ApplyUpdate', 'LoadUpdate', 'NotifyCustomer', 'NotifyShipping', 'Done']]);
  });

  it('makes an order that has looked already, but is not constructed yet, look again', async () => {
    const given = world();
    const order = await given.newOrder({});
    const looked = await given.store.get({ pk: order.partitionkey, sk: orderSk });
    await given.receive(orderUpdatedEvent(shipped));
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked']]);
    // what the order's own step writes on the strength of its earlier look
    expect(await given.store.save({ pk: order.partitionkey, sk: orderSk }, { attempt: 1, revision: looked!.revision }, {})).toMatchObject({ outcome: 'changed' });
  });

  it('whose order never comes goes to quarantine at the park limit, and a replay is received as new', async () => {
    const given = world();
    await given.receive(orderUpdatedEvent(shipped));
    await given.run();
    given.pass(8 * 1440);
    expect(await given.reprocess()).toMatchObject({ givenUp: 1 });
    expect(given.quarantine.entries).toMatchObject([{ code: 'ORDER_NEVER_CAME' }]);
    expect((await given.look()).others).toEqual([]);
    const again = JSON.parse(Buffer.from(given.quarantine.entries[0]!.body).toString()) as CanonicalEvent;
    given.executions.started.length = 0;
    await given.receive(again);
    expect(given.executions.started).toHaveLength(1);
  });
});

describe('a payment', () => {
  it('is matched by its reference and wakes its order', async () => {
    const given = world();
    await given.order({ payment: { status: 'PENDING', provider: 'stripe', reference: 'pi_1001' } }, 'PARKED');
    await given.receive(paymentEvent('PAID'));
    expect(await given.run()).toEqual([['ApplyUpdate', 'LoadUpdate', 'Done']]);
    expect(given.facts.written).toMatchObject([{ fact: 'update.settled', key: 'canonical:default:1001', payload: { payment: { status: 'PAID' } } }]);
    expect(given.executions.started[1]).toMatchObject({ service: 'orders', input: { attempt: 2 } });
    expect((await given.look()).order).toMatchObject({ groups: { payment: { value: 'PAID' } }, refunds: { paid: 2999 } });
  });

  it('that parks while its order is not constructed yet leaves the order a note', async () => {
    const given = world();
    await given.receive(paymentEvent('PAID'));
    const look = given.store.look.bind(given.store);
    let looks = 0;
    given.store.look = async (pk) => {
      const partition = await look(pk);
      if (++looks === 1) await given.newOrder({ payment: { status: 'PENDING', provider: 'stripe', reference: 'pi_1001' } });
      return partition;
    };
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked']]);
    expect((await given.look()).order?.progress).toEqual({ awaited: [paymentKey('stripe', 'default', 'pi_1001')] });
  });

  it('of no known order parks in its own partition', async () => {
    const given = world();
    await given.receive(paymentEvent('PAID', { reference: 'pi_other' }));
    expect(await given.run()).toEqual([['ApplyUpdate', 'Parked']]);
    expect((await given.store.look(paymentKey('stripe', 'default', 'pi_other'))).others).toMatchObject([{ state: 'PARKED', parked: { reason: 'payment-unknown' } }]);
  });
});

describe('who may write what', () => {
  it('an account writes its own orders, a payment provider those of its shops', async () => {
    const given = world();
    await given.receive({ ...orderUpdatedEvent(shipped), source: '/sources/canonical/market' });
    await given.receive(paymentEvent('PAID', { orderKey: 'canonical:market:1' }));
    expect(given.quarantine.entries).toMatchObject([{ code: 'FOREIGN_ORDER' }, { code: 'FOREIGN_ORDER' }]);
    await given.receive(paymentEvent('FAILED', { orderKey: 'canonical:default:1001' }));
    expect(given.executions.started).toHaveLength(1);
  });
});

describe('crashes', () => {
  it('each step done twice: effects once', async () => {
    const given = world();
    await given.order({ payment: { status: 'PENDING' } }, 'PARKED');
    for (const [name, handler] of Object.entries(given.handlers)) {
      given.handlers[name] = async (input) => {
        await handler(input);
        return handler(input);
      };
    }
    await given.receive(orderUpdatedEvent({ ...shipped, payment: { status: 'PAID' } }));
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect(given.staff.told).toHaveLength(1);
    expect((await given.look()).order?.attempt).toBe(2);
    expect((await given.look()).others).toMatchObject([{ state: 'DONE' }]);
  });

  it('a crash after the order was amended loses neither mail nor wake-up', async () => {
    const given = world();
    await given.order({ payment: { status: 'PENDING' } }, 'PARKED');
    const wake = given.store.wake.bind(given.store);
    given.store.wake = async () => { throw new Error('crash'); };
    const apply = given.handlers['apply-update']!;
    given.handlers['apply-update'] = async (input) => {
      await expect(apply(input)).rejects.toThrow('crash');
      given.store.wake = wake;
      return apply(input);
    };
    await given.receive(orderUpdatedEvent({ ...shipped, payment: { status: 'PAID' } }));
    await given.run();
    expect(given.mailer.sent).toHaveLength(1);
    expect(given.executions.started.map(({ service }) => service)).toEqual(['updates', 'orders']);
  });
});

it('any order of arrival ends in the same order', async () => {
  const all = [['11', 'PACKED'], ['12', 'SHIPPED'], ['12', 'DELIVERED'], ['13', 'PARTIAL']] as const;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...all], { minLength: all.length }), async (shuffled) => {
      const given = world();
      await given.order();
      for (const [at, status] of shuffled) {
        await given.receive(orderUpdatedEvent({ fulfilment: { status }, occurredAt: `2026-11-22T${at}:00:00Z` }, status));
        await given.run();
      }
      expect((await given.look()).order?.groups?.fulfilment).toMatchObject({ value: 'PARTIAL', at: '2026-11-22T13:00:00Z' });
      expect(given.facts.written).toHaveLength(4);
      // PACKED may come when a newer correction stands already: then nothing is to be shipped
      expect(given.staff.told.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 24 },
  );
});
