import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { itemIn, type DynamoTable } from './dynamo-table.ts';
import { orderSk, paymentSk, type InFlightItem, type ItemKey, type Partition, type SentGuard } from './item.ts';
import type { DuePage, InFlightStore } from './port.ts';
import { duePk, guardOf } from './row.ts';

export async function get(t: DynamoTable, { pk, sk }: ItemKey): Promise<InFlightItem | undefined> {
  const { client, table } = t;
  const answer = await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
  return answer.Item && itemIn(t, answer.Item);
}

export async function look(t: DynamoTable, pk: string): Promise<Partition> {
  const { client, table } = t;
  let order: InFlightItem | undefined;
  let paymentOf: string | undefined;
  const others: InFlightItem[] = [];
  const sent: SentGuard[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table, ConsistentRead: true, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const raw of page.Items ?? []) {
      const sk = String(raw['sk']);
      if (sk === orderSk) order = await itemIn(t, raw);
      else if (sk === paymentSk) paymentOf = raw['orderKey'] === undefined ? undefined : String(raw['orderKey']);
      else if (sk.startsWith('SENT#')) sent.push(guardOf(raw));
      else others.push(await itemIn(t, raw));
    }
    from = page.LastEvaluatedKey;
  } while (from);
  return { ...(order ? { order } : {}), others, sent, ...(paymentOf ? { paymentOf } : {}) };
}

export async function due(t: DynamoTable, { service, state, shard, until, limit, from }: Parameters<InFlightStore['due']>[0]): Promise<DuePage> {
  const { client, table } = t;
  const page = await client.send(
    new QueryCommand({
      TableName: table, IndexName: 'due', KeyConditionExpression: 'duePk = :duePk AND dueAt <= :until', Limit: limit,
      ExpressionAttributeValues: { ':duePk': duePk(service, state, shard), ':until': until },
      ...(from ? { ExclusiveStartKey: JSON.parse(from) as Record<string, unknown> } : {}),
    }),
  );
  const items = (page.Items ?? []).map(({ pk, sk, dueAt }) => ({ pk: String(pk), sk: String(sk), service, state: state, dueAt: String(dueAt) }));
  return { items, ...(page.LastEvaluatedKey ? { next: JSON.stringify(page.LastEvaluatedKey) } : {}) };
}
