import { openAccount } from '@orderflow/shared/domain';
import { composeKey, eventId, sequenceOfTime, type CanonicalEvent, type Order } from '@orderflow/shared/events';
import { silentLog, silentMeter, type Tools } from '@orderflow/shared/lambda';
import { FakeModel } from '@orderflow/shared/model';
import { MemoryMailer, MemoryNotifier } from '@orderflow/shared/notices';
import { MemoryStore, orderSk, returnSk, type InFlightItem } from '@orderflow/shared/store';
import { anOrder, memoryObjects, memoryQuarantine } from '@orderflow/shared/testing';
import { inputOf, itemEventOf, MemoryExecutions, MemoryFacts, newItemOf, restartAt, type ExecutionInput } from '@orderflow/shared/workflow';
import { MemoryArchive } from './order-archive.ts';
import { returnPolicy } from './policy.ts';
import { mailRuleOf, type Returned } from './returned.ts';
import { MemoryTaskAnswers } from './task-answers.ts';

/** Everything that the functions of this service need, in memory; for tests. */
export function given(start = '2026-11-25T10:00:00Z') {
  let now = Date.parse(start);
  const clock = (): number => now;
  const tools: Tools = { log: silentLog, meter: silentMeter, clock, newId: () => 'id' };
  const parts = {
    ...tools,
    store: new MemoryStore(clock),
    executions: new MemoryExecutions(),
    tasks: new MemoryTaskAnswers(),
    facts: new MemoryFacts(),
    objects: memoryObjects(),
    quarantine: memoryQuarantine(),
    archive: new MemoryArchive(),
    mailer: new MemoryMailer(),
    staff: new MemoryNotifier(),
    model: new FakeModel(),
    policy: returnPolicy(),
    mayWrite: mailRuleOf('local'),
    instructions: (): string | undefined => undefined,
  };
  return { ...parts, pass: (minutes: number) => { now += minutes * 60_000; } };
}
export type Given = ReturnType<typeof given>;

export const key = composeKey('canonical', 'default', '1001');

/** A return.requested of one kettle of order 1001. */
export function returnEvent(over: Partial<Returned> = {}, delivery = 'return-1'): CanonicalEvent<'return.requested'> {
  const requestedAt = over.requestedAt ?? '2026-11-25T09:00:00Z';
  const returned: Returned = {
    id: 'R1', orderKey: key, requestedAt, reason: 'DAMAGED', comment: 'It arrived broken, says Test Person', currency: 'EUR', lines: [{ lineId: '1', quantity: 1 }], ...over,
  };
  if (over.orderKey === undefined && 'orderKey' in over) delete returned.orderKey;
  return {
    specversion: '1.0', id: eventId('canonical', 'default', delivery, 0), source: '/sources/canonical/default', type: 'return.requested',
    subject: returned.id, time: requestedAt, partitionkey: returned.orderKey ?? composeKey('canonical', 'default', 'return', returned.id),
    sequence: sequenceOfTime(requestedAt), recordedtime: requestedAt, data: { return: returned },
  };
}

/** Puts a paid and delivered order into the table, as its own workflow leaves it. */
export async function withOrder({ store }: Given, over: Partial<Order> = {}): Promise<void> {
  const order = anOrder({ fulfilment: { status: 'DELIVERED', deliveredAt: '2026-11-23T09:00:00Z' }, ...over });
  const event: CanonicalEvent<'order.created'> = {
    specversion: '1.0', id: eventId('canonical', 'default', 'order', 0), source: '/sources/canonical/default', type: 'order.created',
    subject: order.key, time: order.placedAt, partitionkey: order.key, sequence: sequenceOfTime(order.placedAt), data: { order },
  };
  const received = await store.receive({ pk: order.key, sk: orderSk, service: 'orders', event: itemEventOf(event), data: event.data, dueAt: restartAt(Date.now()) });
  if (received.outcome !== 'received') throw new Error('the order was there already');
  await store.amendOrder(order.key, 1, { refunds: openAccount(order, true) });
}

/** Receives a return and gives its execution's input. */
export async function withReturn({ store, clock }: Given, event = returnEvent()): Promise<ExecutionInput> {
  const { test, historical, id } = event.data.return;
  const received = await store.receive(newItemOf(event, { service: 'returns', sk: returnSk(id), now: clock(), test, historical }));
  if (received.outcome !== 'received') throw new Error(`the return is ${received.outcome}`);
  return inputOf(received.item);
}

export const theReturn = async ({ store }: Given, { pk, sk }: ExecutionInput): Promise<InFlightItem> => {
  const item = await store.get({ pk, sk });
  if (!item) throw new Error('the return is gone');
  return item;
};
