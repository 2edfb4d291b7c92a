import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a holder was doing when it let go without saying that it was finished. */
export interface Unfinished {
  readonly batch: string;
  /** Names of the pending pointers it had taken. */
  readonly names: readonly string[];
}

/** One holder at a time; the fence rises with every new one, so that a late one is known by its lower number. */
export interface Lease {
  /**
   * Takes the lease, or renews it, and notes the batch about to be loaded. Undefined: somebody else holds it.
   * `unfinished` is what the holder before us left, `lastLoad` when the last load began that its holder told of.
   */
  take(holder: string, doing: Unfinished, until: number, now: number): Promise<{ fence: number; unfinished?: Unfinished; lastLoad?: number } | undefined>;
  /** Lets go; nothing is unfinished, and the last load began at `lastLoad`. Does nothing where somebody else holds it by now. */
  release(holder: string, lastLoad?: number): Promise<void>;
  /** Lets go after a failure: what was under way stays noted for the next holder. */
  abandon(holder: string): Promise<void>;
}

/** The lease as one item of a table whose partition key is `pk`. Times in milliseconds since 1970. */
export function dynamoLease(client: DynamoDBDocumentClient, table: string, pk = 'loader'): Lease {
  const ifHeld = async (holder: string, expression: string, values: Record<string, unknown> = {}): Promise<void> => {
    try {
      await client.send(
        new UpdateCommand({
          TableName: table, Key: { pk }, ConditionExpression: 'holder = :holder', UpdateExpression: expression,
          ExpressionAttributeValues: { ':holder': holder, ...values },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  return {
    async take(holder, doing, until, now) {
      try {
        const { Attributes: before } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk },
            ConditionExpression: 'attribute_not_exists(holder) OR holder = :holder OR heldUntil < :now',
            UpdateExpression: 'SET holder = :holder, heldUntil = :until, batchId = :batch, batchNames = :names ADD fence :one',
            ExpressionAttributeValues: { ':holder': holder, ':until': until, ':now': now, ':batch': doing.batch, ':names': doing.names, ':one': 1 },
            ReturnValues: 'ALL_OLD',
          }),
        );
        const fence = Number(before?.['fence'] ?? 0) + 1;
        const mine = before?.['holder'] === holder;
        const batch: unknown = before?.['batchId'];
        const last: unknown = before?.['lastLoad'];
        const result = { fence, ...(typeof last === 'number' && { lastLoad: last }) };
        if (mine || typeof batch !== 'string') return result;
        return { ...result, unfinished: { batch, names: (before?.['batchNames'] as string[] | undefined) ?? [] } };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    release: (holder, lastLoad) =>
      lastLoad === undefined
        ? ifHeld(holder, 'REMOVE holder, heldUntil, batchId, batchNames')
        : ifHeld(holder, 'SET lastLoad = :last REMOVE holder, heldUntil, batchId, batchNames', { ':last': lastLoad }),
    abandon: (holder) => ifHeld(holder, 'SET heldUntil = :never', { ':never': 0 }),
  };
}

/** The same in memory, for tests. */
export function memoryLease(): Lease {
  let held: { holder: string; until: number; doing: Unfinished } | undefined;
  let fence = 0;
  let last: number | undefined;
  return {
    take(holder, doing, until, now) {
      if (held && held.holder !== holder && held.until >= now) return Promise.resolve(undefined);
      const before = held;
      held = { holder, until, doing };
      fence++;
      return Promise.resolve({ fence, ...(last !== undefined && { lastLoad: last }), ...(before && before.holder !== holder && { unfinished: before.doing }) });
    },
    release(holder, lastLoad) {
      if (held?.holder === holder) [held, last] = [undefined, lastLoad ?? last];
      return Promise.resolve();
    },
    abandon(holder) {
      if (held?.holder === holder) held = { ...held, until: 0 };
      return Promise.resolve();
    },
  };
}
