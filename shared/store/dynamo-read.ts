import { BatchGetCommand, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { itemIn, type DynamoTable } from './dynamo-table.ts';
import { claimKey, orderSk, paymentSk, type InFlightItem, type ItemKey, type ItemState, type Partition, type SentGuard } from './item.ts';
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

/** Items of one BatchGetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html). */
const mostKeys = 100;

/** Some attributes of the items with these keys; what was not processed is asked for again. */
async function batch({ client, table }: DynamoTable, keys: readonly ItemKey[], names: readonly string[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  const aliases = Object.fromEntries(names.map((name, at) => [`#n${at}`, name]));
  for (let left = keys.map(({ pk, sk }): Record<string, unknown> => ({ pk, sk })); left.length > 0;) {
    const now = left.splice(0, mostKeys);
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: now, ProjectionExpression: Object.keys(aliases).join(', '), ExpressionAttributeNames: aliases } } }),
    );
    found.push(...(answer.Responses?.[table] ?? []));
    left = [...left, ...(answer.UnprocessedKeys?.[table]?.Keys ?? [])];
  }
  return found;
}

export async function statesOf(t: DynamoTable, eventIds: readonly string[]): Promise<ReadonlyMap<string, ItemState>> {
  const claims = await batch(t, [...new Set(eventIds)].map(claimKey), ['pk', 'itemPk', 'itemSk']);
  const nameOf = (pk: unknown, sk: unknown): string => `${String(pk)} ${String(sk)}`;
  const keys = new Map(claims.map(({ itemPk, itemSk }) => [nameOf(itemPk, itemSk), { pk: String(itemPk), sk: String(itemSk) }]));
  const items = await batch(t, [...keys.values()], ['pk', 'sk', 'state']);
  const states = new Map(items.map(({ pk, sk, state }) => [nameOf(pk, sk), state as ItemState]));
  return new Map(claims.flatMap(({ pk, itemPk, itemSk }): [string, ItemState][] => {
    const state = states.get(nameOf(itemPk, itemSk));
    return state === undefined ? [] : [[String(pk).slice(claimKey('').pk.length), state]];
  }));
}
