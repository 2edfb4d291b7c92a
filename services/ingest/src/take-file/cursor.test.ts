import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cursorContract } from '../testing/cursor-contract.ts';
import { memoryCursors } from '../testing/memory-files.ts';
import { memoryObjects } from '../testing/memory.ts';
import { dynamoCursors } from './cursor.ts';

cursorContract('cursors in memory', memoryCursors);

// it has no types of its own
const dynalite: (options: object) => Server = jest.requireActual('dynalite');
let server: Server;
let client: DynamoDBClient;

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

cursorContract('cursors in DynamoDB', (clock) =>
  dynamoCursors(DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), 'cursors', memoryObjects(), 'intake', clock));
