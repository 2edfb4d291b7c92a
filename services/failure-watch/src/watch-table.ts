import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { told, type Told } from './digest.ts';

const failedExecution = z.object({
  arn: z.string(),
  machine: z.string(),
  status: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Key of the order, where the execution's input tells it. */
  key: z.optional(z.string()),
});
export type FailedExecution = z.infer<typeof failedExecution>;

/** What has been told, and a digest that was begun: told again if nobody finished it. */
const memory = z.object({
  revision: z.int(),
  told,
  /** JSON of the digest that is being told since `tellingSince`. */
  telling: z.optional(z.string()),
  tellingSince: z.optional(z.number()),
});
export type Memory = z.infer<typeof memory>;
export const blank: Memory = { revision: 0, told: {} satisfies Told };

/** The watch's own table. */
export interface WatchTable {
  /** Again is the same as once. */
  noteFailed(execution: FailedExecution): Promise<void>;
  /** Oldest first. */
  failed(limit: number): Promise<FailedExecution[]>;
  dropFailed(arn: string): Promise<void>;
  recall(): Promise<Memory>;
  /** Replaces the memory if it still has `revision`; false: another run was faster. */
  remember(next: Omit<Memory, 'revision'>, revision: number): Promise<boolean>;
}

const executions = 'EXECUTION';
const memoryKey = { pk: 'DIGEST', sk: 'MEMORY' };
const keepSeconds = 30 * 24 * 3600;

export const dynamoWatchTable = (client: DynamoDBDocumentClient, table: string): WatchTable => ({
  async noteFailed(execution) {
    const expiresAt = Math.floor(execution.at / 1000) + keepSeconds;
    await client.send(new PutCommand({ TableName: table, Item: { pk: executions, sk: execution.arn, ...execution, expiresAt } }));
  },
  async failed(limit) {
    const answer = await client.send(
      new QueryCommand({ TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': executions }, Limit: limit }),
    );
    return (answer.Items ?? []).map((item) => z.parse(failedExecution, item)).sort((a, b) => a.at - b.at);
  },
  async dropFailed(arn) {
    await client.send(new DeleteCommand({ TableName: table, Key: { pk: executions, sk: arn } }));
  },
  async recall() {
    const answer = await client.send(new GetCommand({ TableName: table, Key: memoryKey, ConsistentRead: true }));
    const text = answer.Item?.['memory'] as unknown;
    return typeof text === 'string' ? z.parse(memory, { ...(JSON.parse(text) as object), revision: answer.Item?.['revision'] as unknown }) : blank;
  },
  async remember(next, revision) {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...memoryKey, revision: revision + 1, memory: JSON.stringify(next) },
          ConditionExpression: revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision',
          ...(revision === 0 ? {} : { ExpressionAttributeValues: { ':revision': revision } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});

/** The table in memory, for tests. */
export class MemoryWatchTable implements WatchTable {
  readonly executions = new Map<string, FailedExecution>();
  memory: Memory = blank;

  async noteFailed(execution: FailedExecution): Promise<void> {
    this.executions.set(execution.arn, execution);
  }

  async failed(limit: number): Promise<FailedExecution[]> {
    return [...this.executions.values()].sort((a, b) => a.at - b.at).slice(0, limit);
  }

  async dropFailed(arn: string): Promise<void> {
    this.executions.delete(arn);
  }

  async recall(): Promise<Memory> {
    return this.memory;
  }

  async remember(next: Omit<Memory, 'revision'>, revision: number): Promise<boolean> {
    if (this.memory.revision !== revision) return false;
    this.memory = { ...next, revision: revision + 1 };
    return true;
  }
}
