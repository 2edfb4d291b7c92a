import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { transact, unlessBusy, updateOf } from './dynamo-requests.ts';
import { expiry, fenceOf, judge, now, type DynamoTable } from './dynamo-table.ts';
import { sentSk, type InFlightService, type ItemKey } from './item.ts';
import type { ClaimResult, Content, Fence, SentRecord } from './port.ts';
import { duePkOf, guardOf } from './row.ts';

const claimOf = (t: DynamoTable, pk: string, { transition, by }: { transition: string; by: string }, lastWrite: string) => ({
  TableName: t.table,
  Item: { pk, sk: sentSk(transition), at: now(t), by, lastWrite, expiresAt: expiry(t) },
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

export async function saveAndClaim(t: DynamoTable, key: ItemKey, fence: Fence, content: Content, claim: { transition: string; by: string }) {
  const { client, table } = t;
  const change = await fenceOf(t, fence, content);
  const refusal = await transact(client, [
    { Update: updateOf(table, key, change) },
    { Put: claimOf(t, key.pk, claim, change.lastWrite) },
  ]);
  if (!refusal) return { outcome: 'written' as const };
  const [item, guard] = refusal;
  if (item?.failed || guard?.item?.['lastWrite'] === change.lastWrite) return judge(t, item?.item, change.lastWrite, fence.attempt);
  return { outcome: 'taken' as const, guard: guardOf(guard?.item) };
}

export async function claimSent(t: DynamoTable, pk: string, claim: { transition: string; by: string }): Promise<ClaimResult> {
  const lastWrite = t.newId();
  try {
    await unlessBusy(() => t.client.send(new PutCommand(claimOf(t, pk, claim, lastWrite))));
    return { outcome: 'claimed' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const met = error.Item ? unmarshall(error.Item) : {};
    return met['lastWrite'] === lastWrite ? { outcome: 'claimed' } : { outcome: 'taken', guard: guardOf(met) };
  }
}

export async function releaseSent(t: DynamoTable, pk: string, { transition, by }: { transition: string; by: string }): Promise<void> {
  try {
    await t.client.send(
      new DeleteCommand({
        TableName: t.table, Key: { pk, sk: sentSk(transition) }, ConditionExpression: '#by = :by AND attribute_not_exists(outcome)',
        ExpressionAttributeNames: { '#by': 'by' }, ExpressionAttributeValues: { ':by': by },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

export const recordsOf = (t: DynamoTable, pk: string, service: InFlightService, records: readonly SentRecord[]) =>
  records.map(({ transition, outcome, messageId }) => {
    const key = { pk, sk: sentSk(transition) };
    const unsure = outcome === 'unknown';
    return updateOf(t.table, key, {
      set: { outcome, messageId: messageId || undefined, ...(unsure ? { duePk: duePkOf(service, 'UNSURE', key), dueAt: now(t) } : {}) },
      ...(unsure ? {} : { remove: ['duePk', 'dueAt'] }),
    });
  });

export async function recordSent(t: DynamoTable, pk: string, service: InFlightService, records: readonly SentRecord[]): Promise<void> {
  if (records.length > 0) await transact(t.client, recordsOf(t, pk, service, records).map((one) => ({ Update: one })));
}
