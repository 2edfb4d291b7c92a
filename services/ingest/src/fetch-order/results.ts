import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '@orderflow/shared/lambda';
import type { ResultsPort } from './ports.ts';

const keptSeconds = 30 * 86_400;

/** Results of notices in the cursor table: `notice#<event id>`. Ids and counts only. */
export const dynamoResults = (client: Pick<DynamoDBDocumentClient, 'send'>, TableName: string, clock: Clock): ResultsPort => ({
  async put(notice, result, events) {
    const now = clock();
    const Item = {
      pk: `notice#${notice.id}`, result, events: events.map(({ id }) => id), at: new Date(now).toISOString(),
      expiresAt: Math.floor(now / 1_000) + keptSeconds,
    };
    await client.send(new PutCommand({ TableName, Item }));
  },
});
