import { bookRefund as booked } from '@orderflow/shared/domain';
import { get } from './dynamo-read.ts';
import { transact, update, updateOf, type Change } from './dynamo-requests.ts';
import { contentOf, expiry, fenceOf, itemIn, judge, now, serviceOf, write, type DynamoTable } from './dynamo-table.ts';
import { orderSk, paymentSk, type ItemKey } from './item.ts';
import type { AmendResult, Content, Fence, InFlightStore, OwnChange, RefundBooking, WriteResult } from './port.ts';
import { duePkOf } from './row.ts';

export async function save(t: DynamoTable, key: ItemKey, fence: Fence, content: Content): Promise<WriteResult> {
  return write(t, key, await fenceOf(t, fence, content), fence.attempt);
}

export async function amendOrder(t: DynamoTable, orderKey: string, revision: number, content: Content, own?: OwnChange): Promise<AmendResult> {
  const { client, table, newId } = t;
  const lastWrite = newId();
  const { set, remove } = await contentOf(t, content);
  const key = { pk: orderKey, sk: orderSk };
  const change: Change = {
    set: { ...set, lastWrite },
    ...(remove ? { remove } : {}),
    add: { revision: 1 },
    condition: `attribute_exists(pk) AND #revision = :revision${content.data === undefined ? '' : ' AND #state <> :forgotten'}`,
    given: { revision, ...(content.data === undefined ? {} : { forgotten: 'FORGOTTEN' }) },
  };
  if (!own) {
    const answer = await update(client, table, key, change);
    return { outcome: answer.ok || answer.item?.['lastWrite'] === lastWrite ? 'written' : 'changed' };
  }
  const mine = await fenceOf(t, own.fence, own.content);
  const refusal = await transact(client, [{ Update: updateOf(table, key, change) }, { Update: updateOf(table, own.key, mine) }]);
  if (!refusal || refusal[0]?.item?.['lastWrite'] === lastWrite) return { outcome: 'written' };
  return { outcome: refusal[1]?.failed ? 'lost' : 'changed' };
}

export async function park(t: DynamoTable, key: ItemKey, fence: Fence, { reason, dueAt, content = {} }: Parameters<InFlightStore['park']>[2]): Promise<WriteResult> {
  const more = { state: 'PARKED', parkedReason: reason, dueAt, duePk: duePkOf(serviceOf(key), 'PARKED', key) };
  const change = { ...(await fenceOf(t, fence, content, more)), first: { parkedSince: now(t) } };
  if (reason !== 'payment-unknown') return write(t, key, change, fence.attempt);
  const { client, table } = t;
  const waiting = updateOf(table, { pk: key.pk, sk: paymentSk }, { set: { waiting: true, expiresAt: expiry(t) } });
  const refusal = await transact(client, [{ Update: updateOf(table, key, change) }, { Update: waiting }]);
  if (refusal) return judge(t, refusal[0]?.item, change.lastWrite, fence.attempt);
  const item = await get(t, key);
  return item ? { outcome: 'written', item } : { outcome: 'lost' };
}

export async function wake(t: DynamoTable, key: ItemKey, { attempt, dueAt }: { attempt: number; dueAt: string }): Promise<WriteResult> {
  const lastWrite = t.newId();
  const answer = await update(t.client, t.table, key, {
    set: { state: 'RECEIVED', dueAt, duePk: duePkOf(serviceOf(key), 'RECEIVED', key), lastWrite },
    add: { attempt: 1, version: 1, revision: 1 },
    condition: '#state = :parked AND #attempt = :attempt',
    given: { parked: 'PARKED', attempt },
  });
  if (!answer.item) return { outcome: 'lost' };
  const item = await itemIn(t, answer.item);
  return { outcome: answer.ok || answer.item['lastWrite'] === lastWrite ? 'written' : 'lost', item };
}

export async function bookRefund(t: DynamoTable, key: ItemKey, fence: Fence, content: Content, { orderKey, ...refund }: RefundBooking) {
  const { client, table } = t;
  for (;;) {
    const order = await get(t, { pk: orderKey, sk: orderSk });
    const refunds = order?.refunds && booked(order.refunds, refund);
    if (!order || !refunds) return { outcome: 'refused' as const, ...(order ? { order } : {}) };
    const change = await fenceOf(t, fence, content);
    const booking: Change = {
      set: { refunds: JSON.stringify(refunds), lastWrite: change.lastWrite }, add: { revision: 1 },
      condition: 'attribute_exists(pk) AND #revision = :revision', given: { revision: order.revision },
    };
    const refusal = await transact(client, [
      { Update: updateOf(table, key, change) }, { Update: updateOf(table, { pk: orderKey, sk: orderSk }, booking) },
    ]);
    if (!refusal) return { outcome: 'written' as const };
    if (refusal[0]?.failed) return judge(t, refusal[0].item, change.lastWrite, fence.attempt);
    // the order moved in between: its account is judged afresh
  }
}

export async function redact(t: DynamoTable, key: ItemKey, revision: number, data: unknown): Promise<'redacted' | 'busy'> {
  const lastWrite = t.newId();
  const { set, remove } = await contentOf(t, { data });
  const answer = await update(t.client, t.table, key, {
    set: { ...set, lastWrite }, ...(remove ? { remove } : {}), add: { revision: 1 },
    condition: '#revision = :revision AND #state IN (:parked, :done)', given: { revision, parked: 'PARKED', done: 'DONE' },
  });
  return answer.ok || answer.item?.['lastWrite'] === lastWrite ? 'redacted' : 'busy';
}
