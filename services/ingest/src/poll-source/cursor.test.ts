import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { memoryPollCursors } from '../testing/memory-poll-cursors.ts';
import { pollCursorContract } from '../testing/poll-cursor-contract.ts';
import { dynamoPollCursors } from './dynamo-cursors.ts';

pollCursorContract('poll cursors in memory', memoryPollCursors);

// it has no types of its own
const dynalite: (options: object) => Server = jest.requireActual('dynalite');
let server: Server;
let client: DynamoDBClient;
const documents = () => DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

beforeAll(async () => {
  server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateTableCommand({
    TableName: 'cursors', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  }));
});
afterAll(() => {
  client.destroy();
  server.close();
});

pollCursorContract('poll cursors in DynamoDB', (clock) => dynamoPollCursors(documents(), 'cursors', clock));

it('asks again for the keys that DynamoDB left', async () => {
  const asked: number[] = [];
  const standing = { highWater: 1, dueAt: 2, leaseUntil: 3 };
  const cursors = dynamoPollCursors({
    send: async ({ input: { RequestItems: { cursors: { Keys } } } }: { input: { RequestItems: { cursors: { Keys: object[] } } } }) => {
      asked.push(Keys.length);
      const [first, ...rest] = Keys;
      return { Responses: { cursors: [{ ...first, ...standing }] }, UnprocessedKeys: rest.length > 0 ? { cursors: { Keys: rest } } : {} };
    },
  } as Pick<DynamoDBDocumentClient, 'send'>, 'cursors', () => 0, 'poll', 0);
  expect(await cursors.standings([{ source: 's', account: 'a' }, { source: 's', account: 'b' }])).toEqual([standing, standing]);
  expect(asked).toEqual([2, 1]);
  await expect(cursors.standings(Array.from({ length: 20 }, (_, n) => ({ source: 's', account: String(n) })))).rejects.toThrow('leaves poll cursors unread');
});

