import { ConditionalCheckFailedException, TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, UpdateCommand, type DynamoDBDocumentClient, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import type { ItemKey } from './item.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What a write changes and under which condition. Attribute names stand in expressions as `#name`, values as `:name`. */
export interface Change {
  readonly set?: Values;
  /** Attributes set only where they do not exist yet. */
  readonly first?: Values;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number>>;
  readonly condition?: string;
  /** Values that only the condition names. */
  readonly given?: Values;
}

/** A change as an UpdateItem. Absent values are left as they are. */
export function updateOf(table: string, key: ItemKey, change: Change) {
  const there = (values: Values = {}) => Object.entries(values).filter(([, value]) => value !== undefined);
  const [set, first, given] = [there(change.set), there(change.first), there(change.given)];
  const add = Object.entries(change.add ?? {});
  const sets = [
    ...set.map(([name]) => `#${name} = :${name}`),
    ...first.map(([name]) => `#${name} = if_not_exists(#${name}, :${name})`),
    ...add.map(([name]) => `#${name} = #${name} + :add_${name}`),
  ];
  const remove = (change.remove ?? []).map((name) => `#${name}`);
  const expression = [sets.length > 0 ? `SET ${sets.join(', ')}` : '', remove.length > 0 ? `REMOVE ${remove.join(', ')}` : ''].join(' ').trim();
  const named = new Set([...expression.matchAll(/#(\w+)/g), ...(change.condition ?? '').matchAll(/#(\w+)/g)].map((match) => match[1] ?? ''));
  return {
    TableName: table,
    Key: { pk: key.pk, sk: key.sk },
    UpdateExpression: expression,
    ...(change.condition ? { ConditionExpression: change.condition } : {}),
    ExpressionAttributeNames: Object.fromEntries([...named].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries([...set, ...first, ...given].map(([name, value]) => [`:${name}`, value])),
      ...Object.fromEntries(add.map(([name, value]) => [`:add_${name}`, value])),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** The item as it is now, or as it was when the condition refused the write (`undefined`: there was none). */
export type Outcome = { readonly ok: true; readonly item: Values } | { readonly ok: false; readonly item: Values | undefined };

const conflicts = 5;
const waitOut = (attempt: number): Promise<void> => pause(Math.random() * 20 * 2 ** attempt);

/** A single write that meets a transaction under way is refused at once; it is waited out, as {@link transact} does. */
export async function unlessBusy<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof TransactionConflictException) || attempt === conflicts) throw error;
      await waitOut(attempt);
    }
  }
}

export async function update(client: DynamoDBDocumentClient, table: string, key: ItemKey, change: Change): Promise<Outcome> {
  try {
    const answer = await unlessBusy(() => client.send(new UpdateCommand({ ...updateOf(table, key, change), ReturnValues: 'ALL_NEW' })));
    return { ok: true, item: answer.Attributes ?? {} };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { ok: false, item: error.Item && unmarshall(error.Item) };
  }
}

/** For each write of a refused transaction: whether its condition failed, and the item it met. */
export type Refusal = readonly { readonly failed: boolean; readonly item: Values | undefined }[];

/**
 * All writes or none. A conflict with another transaction is waited out; a failed condition is an answer.
 * @returns nothing when written, else the refusals in the order of `writes`
 */
export async function transact(client: DynamoDBDocumentClient, writes: readonly Write[]): Promise<Refusal | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...writes] }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) {
        return reasons.map(({ Code, Item }) => ({ failed: Code === 'ConditionalCheckFailed', item: Item && unmarshall(Item) }));
      }
      if (attempt === conflicts || !reasons.some(({ Code }) => Code === 'TransactionConflict' || Code === 'ThrottlingError')) throw error;
      await waitOut(attempt);
    }
  }
}
