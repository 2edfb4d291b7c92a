import { transact, updateOf, type Refusal, type Values, type Write } from './dynamo-requests.ts';
import { get } from './dynamo-read.ts';
import { expiry, now, type DynamoTable } from './dynamo-table.ts';
import { claimKey, paymentSk, type ItemKey } from './item.ts';
import type { NewItem, ReceiveResult } from './port.ts';
import { duePkOf, itemOf } from './row.ts';

const pointerOf = (t: DynamoTable, pk: string, orderKey: string, condition?: string) =>
  updateOf(t.table, { pk, sk: paymentSk }, { first: { orderKey }, set: { expiresAt: expiry(t) }, ...(condition ? { condition } : {}) });

export async function pointPayment(t: DynamoTable, paymentPk: string, orderKey: string): Promise<void> {
  await transact(t.client, [{ Update: pointerOf(t, paymentPk, orderKey) }]);
}

export async function receive(t: DynamoTable, { data, payments = [], event, ...one }: NewItem): Promise<ReceiveResult> {
  const { client, table, newId } = t;
  const lastWrite = newId();
  const key = { pk: one.pk, sk: one.sk };
  const row = {
    ...one, ...(await t.oversize.fit(data)), event: JSON.stringify(event), state: 'RECEIVED', version: 1, revision: 1,
    attempt: 1, receivedAt: now(t), duePk: duePkOf(one.service, 'RECEIVED', key), lastWrite,
  };
  const claim = { ...claimKey(event.id), hash: event.hash, itemPk: one.pk, itemSk: one.sk, expiresAt: expiry(t) };
  const fresh = (item: Values): Write => ({
    Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  });
  const unawaited = 'attribute_not_exists(#waiting)';
  const pointers = payments.map((pk) => ({ Update: pointerOf(t, pk, one.pk, unawaited) }));
  const refusal = await transact(client, [fresh(row), fresh(claim), ...pointers]);
  if (!refusal) return { outcome: 'received', item: itemOf(row) };
  if (refusal[0]?.failed || refusal[1]?.failed) return refused(t, refusal, key, event.hash, lastWrite);
  // a payment has come before its order
  const awaited = payments.filter((_, at) => refusal[at + 2]?.failed);
  const awaitedRow = { ...row, progress: JSON.stringify({ awaited }) };
  const again = await transact(client, [fresh(awaitedRow), fresh(claim), ...payments.map((pk) => ({ Update: pointerOf(t, pk, one.pk) }))]);
  return again ? refused(t, again, key, event.hash, lastWrite) : { outcome: 'received', item: itemOf(awaitedRow) };
}

async function refused(t: DynamoTable, [item, claim]: Refusal, key: ItemKey, hash: string, lastWrite: string): Promise<ReceiveResult> {
  const there = item?.item;
  if (there?.['lastWrite'] === lastWrite) return { outcome: 'received', item: itemOf(there) };
  if (!claim?.item) {
    if (!there) throw new Error('receive: the transaction was refused without a reason');
    const found = itemOf(there);
    return { outcome: 'exists', item: found, sameContent: found.event.hash === hash };
  }
  const claimedHash = String(claim.item['hash']);
  if (claimedHash !== hash) return { outcome: 'conflict', claimedHash };
  const claimed = { pk: String(claim.item['itemPk']), sk: String(claim.item['itemSk']) };
  const own = there && claimed.pk === key.pk && claimed.sk === key.sk ? itemOf(there) : await get(t, claimed);
  return own ? { outcome: own.state === 'RECEIVED' ? 'redelivered' : 'duplicate', item: own } : { outcome: 'duplicate' };
}
