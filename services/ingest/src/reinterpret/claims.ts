import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { claimKey } from '@orderflow/shared/store';

/** The register of events that the workflows have taken: a repeat is known by its id and the hash of what it says. */
export interface ClaimRegister {
  /** Those of these events that are in it. */
  taken(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** What an event says by today's mapping, so that a repeat of its delivery is no conflict. Nothing where it is not taken. */
  reads(id: string, hash: string): Promise<void>;
}

/** Most keys of one BatchGetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html). */
const mostKeys = 100;
const mostAttempts = 8;
const prefix = claimKey('').pk;

export const dynamoClaims = (client: Pick<DynamoDBDocumentClient, 'send'>, table: string, pauseMs = 50): ClaimRegister => ({
  async taken(ids) {
    const found = new Set<string>();
    for (let at = 0; at < ids.length; at += mostKeys) {
      let left: Record<string, unknown>[] = [...new Set(ids.slice(at, at + mostKeys))].map((id) => ({ ...claimKey(id) }));
      for (let attempt = 1; left.length > 0; attempt++) {
        if (attempt > mostAttempts) throw new Error('DynamoDB leaves claims unread: run this again');
        if (attempt > 1) await pause(pauseMs * 2 ** attempt * Math.random());
        const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ProjectionExpression: 'pk' } } }));
        for (const { pk } of Responses[table] ?? []) found.add(String(pk).slice(prefix.length));
        left = UnprocessedKeys[table]?.Keys ?? [];
      }
    }
    return found;
  },
  async reads(id, hash) {
    try {
      await client.send(new UpdateCommand({
        TableName: table, Key: { ...claimKey(id) }, UpdateExpression: 'SET #hash = :hash', ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#hash': 'hash' }, ExpressionAttributeValues: { ':hash': hash },
      }));
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
    }
  },
});
