import { parseAccounts } from '@orderflow/shared/accounts';
import { groupsOf, historyOf, openAccount } from '@orderflow/shared/domain';
import { paymentKey, type CanonicalEvent, type Order } from '@orderflow/shared/events';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { MemoryMailer, MemoryNotifier } from '@orderflow/shared/notices';
import { MemoryStore, orderSk, type InFlightItem } from '@orderflow/shared/store';
import { kinesisEvent, memoryObjects, memoryQuarantine, orderCreatedEvent, runMachine } from '@orderflow/shared/testing';
import { MemoryExecutions, MemoryFacts, newItemOf } from '@orderflow/shared/workflow';
import definition from '../../../state-machines/process-update.asl.json' with { type: 'json' };
import { handle as applyUpdate } from './apply-update/handle.ts';
import { handle as completeUpdate } from './complete-update/handle.ts';
import { handle as consume } from './consume/handle.ts';
import { MemoryContacts } from './contacts.ts';
import { handle as loadUpdate } from './load-update/handle.ts';
import { handle as notifyCustomer } from './notify-customer/handle.ts';
import { handle as notifyShipping } from './notify-shipping/handle.ts';
import { handle as reprocess } from './reprocess/handle.ts';

/** All of this service on in-memory ports, for tests: events in, executions run by the committed definition. */
export function world() {
  let now = Date.parse('2026-11-22T10:00:00Z');
  const clock = () => now;
  const ports = {
    store: new MemoryStore(clock), executions: new MemoryExecutions(), facts: new MemoryFacts(), mailer: new MemoryMailer(),
    staff: new MemoryNotifier(), contacts: new MemoryContacts(), objects: memoryObjects(), quarantine: memoryQuarantine(),
  };
  const accounts = parseAccounts([
    { source: 'canonical', account: 'default', role: 'sells', customerNotices: 'us' },
    { source: 'canonical', account: 'market', role: 'sells' },
    { source: 'stripe', account: 'default', role: 'payments', paysFor: [{ source: 'canonical', account: 'default' }] },
  ]);
  const deps = { ...ports, accounts, clock, log: silentLog, meter: silentMeter, newId: () => 'id' };
  const bound = (handle: (input: unknown, ports: typeof deps) => Promise<unknown>) => (input: unknown) => handle(input, deps);
  const handlers: Record<string, (input: unknown) => Promise<unknown>> = {
    'apply-update': bound(applyUpdate), 'load-update': bound(loadUpdate), 'notify-customer': bound(notifyCustomer),
    'notify-shipping': bound(notifyShipping), 'complete-update': bound(completeUpdate),
  };
  let ran = 0;
  const dueAt = '2026-11-22T11:00:00.000Z';

  async function newOrder(over: Partial<Order>): Promise<CanonicalEvent<'order.created'>> {
    const event = orderCreatedEvent(over);
    const { order } = event.data;
    const payments = order.payment.reference ? [paymentKey('stripe', 'default', order.payment.reference)] : [];
    await ports.store.receive(newItemOf(event, { service: 'orders', sk: orderSk, now, test: order.test, historical: order.historical, payments }));
    return event;
  }

  return {
    ...ports,
    handlers,
    pass(minutes: number): void {
      now += minutes * 60_000;
    },
    receive: (...events: readonly CanonicalEvent[]) => consume(kinesisEvent(events.map((event) => ({ key: event.partitionkey, body: event }))), deps),
    /** Runs the executions of process-update that were started since; answers the states they went through. */
    async run(): Promise<string[][]> {
      const paths: string[][] = [];
      for (; ran < ports.executions.started.length; ran++) {
        const { service, input } = ports.executions.started[ran] ?? {};
        if (service === 'updates') paths.push((await runMachine(definition, handlers, input)).path);
      }
      return paths;
    },
    reprocess: () => reprocess({}, deps, { requestId: 'r', functionName: 'f', functionArn: 'a', remainingMs: () => 60_000 }),

    /** An order as its consumer leaves it. */
    newOrder,
    /** An order as its own workflow leaves it: constructed, and then parked, done or forgotten. */
    async order(over: Partial<Order> = {}, state: 'RECEIVED' | 'PARKED' | 'DONE' | 'FORGOTTEN' = 'RECEIVED'): Promise<InFlightItem> {
      const event = await newOrder(over);
      const { order } = event.data;
      const groups = groupsOf(order, event.sequence, order.placedAt);
      const key = { pk: order.key, sk: orderSk };
      await ports.store.save(key, { attempt: 1, revision: 1 }, { groups, refunds: openAccount(order, true), progress: { history: historyOf(groups) } });
      if (state === 'PARKED') await ports.store.park(key, { attempt: 1, revision: 2 }, { reason: 'payment-pending', dueAt });
      if (state === 'DONE' || state === 'FORGOTTEN') await ports.store.done(key, { attempt: 1, version: 1, dueAt });
      if (state === 'FORGOTTEN') await ports.store.forget({ ...key, version: 1 });
      const item = await ports.store.get(key);
      if (!item) throw new Error('no order');
      return item;
    },
    look: (id = '1001') => ports.store.look(`canonical:default:${id}`),
  };
}
