import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccountName } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import { dynamoLeases, free } from '../cursors/leases.ts';
import { firstCursor, pollCursor, standing, type PollCursors, type Standing } from './cursor.ts';

/** `poll#<source>#<account>`: a source's name holds no `#`. A backfill has a cursor of its own. */
export type CursorKind = 'poll' | 'backfill';

/** Most keys of one BatchGetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html). */
const mostKeys = 100;
const mostAttempts = 5;

/** Poll cursors in the cursors' table, readable as they stand: one entry an account. */
export function dynamoPollCursors(
  client: Pick<DynamoDBDocumentClient, 'send'>, table: string, clock: Clock, kind: CursorKind = 'poll', pauseMs = 50,
): PollCursors {
  const leases = dynamoLeases(client, table, clock);
  const pkOf = ({ source, account }: AccountName): string => `${kind}#${source}#${account}`;

  const read = async (keys: readonly { readonly pk: string }[], found: Map<unknown, Standing>): Promise<void> => {
    let left: readonly Record<string, unknown>[] = keys;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > mostAttempts) throw new Error('DynamoDB leaves poll cursors unread; the next minute asks again');
      if (attempt > 1) await pause(pauseMs * 2 ** attempt * Math.random());
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetCommand({
        RequestItems: { [table]: { Keys: [...left], ProjectionExpression: 'pk, highWater, dueAt, leaseUntil' } },
      }));
      for (const item of Responses[table] ?? []) found.set(item['pk'], standing.parse(item));
      left = UnprocessedKeys[table]?.Keys ?? [];
    }
  };

  return {
    async claim(name, owner, leaseMs, anyTime) {
      const first = firstCursor(clock());
      const before = await leases.take(pkOf(name), owner, leaseMs, {
        condition: { text: `attribute_not_exists(pk) OR (${free}${anyTime ? '' : ' AND #dueAt <= :now'})` }, first,
      });
      return before && pollCursor.parse({ ...first, ...before });
    },
    save: (name, owner, cursor, leaseMs) =>
      leases.change(pkOf(name), owner, leaseMs, { window: undefined, lastError: undefined, lastRunAt: undefined, ...cursor }),
    async standings(names) {
      const keys = names.map((name) => ({ pk: pkOf(name) }));
      const found = new Map<unknown, Standing>();
      for (let at = 0; at < keys.length; at += mostKeys) await read(keys.slice(at, at + mostKeys), found);
      return keys.map(({ pk }) => found.get(pk));
    },
  };
}
