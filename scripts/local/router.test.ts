import net from 'node:net';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { SFNClient, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListTablesCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDataServices } from './data-services.ts';
import { startForTest } from './started-for-test.ts';
import type { StartedForTest } from './started-for-test.ts';

let started: StartedForTest;
beforeAll(async () => void (started = await startForTest(__dirname)));
afterAll(() => started.close());

test('one port takes HTTP/1.1 and HTTP/2 with prior knowledge, and counts calls by key, operation and status', async () => {
  const streams = new KinesisClient(started.client);
  const tables = new DynamoDBClient({ ...started.client, credentials: { accessKeyId: 'function', secretAccessKey: 'x' } });
  expect((await streams.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  expect((await tables.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  await started.services.settleCalls();
  const counts: object[] = (await (await fetch(`${started.client.endpoint}/_local/calls`)).json()) as object[];
  expect(counts).toContainEqual(expect.objectContaining({ accessKeyId: 'local', service: 'kinesis', operation: 'ListStreams', status: 200, calls: 1 }));
  expect(counts).toContainEqual(expect.objectContaining({ accessKeyId: 'function', service: 'dynamodb', operation: 'ListTables', status: 200, calls: 1, requestBytes: 2 }));
  streams.destroy();
  tables.destroy();
});

test('a preface that comes in pieces is still HTTP/2, and a POST is not mistaken for one', async () => {
  const [ask, answered] = [Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), (socket: net.Socket) => new Promise<Buffer>((resolve) => socket.once('data', resolve))];
  const socket = net.connect(started.services.ports.aws, '127.0.0.1');
  socket.setNoDelay(true);
  socket.write(ask.subarray(0, 2));
  await new Promise((resolve) => setTimeout(resolve, 20)); // two segments on the wire: nothing tells when the first has come
  socket.write(ask.subarray(2));
  expect((await answered(socket))[3]).toBe(4); // a SETTINGS frame
  socket.destroy();
  const plain = net.connect(started.services.ports.aws, '127.0.0.1');
  plain.write('P');
  await new Promise((resolve) => setTimeout(resolve, 20));
  plain.write('OST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  expect((await answered(plain)).toString()).toMatch(/^HTTP\/1\.1 403/);
  plain.destroy();
});

test('a service that is not here is an error in the caller\'s protocol, said aloud', async () => {
  const loud = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const query = new CloudFormationClient({ ...started.client, maxAttempts: 1 });
  const json = new SFNClient({ ...started.client, maxAttempts: 1 });
  await expect(query.send(new ListStacksCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException', message: 'the local cloud has no service cloudformation (ListStacks)' });
  await expect(json.send(new ListStateMachinesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  expect((await fetch(started.client.endpoint)).status).toBe(403);
  expect(loud).toHaveBeenCalledTimes(3);
  loud.mockRestore();
  query.destroy();
  json.destroy();
});

test('other parts add services and pages of their own', async () => {
  started.services.router.register({ names: ['states'], handle: (request) => Promise.resolve({ status: 200, body: JSON.stringify({ stateMachines: [], seen: request.operation }) }), close: () => Promise.resolve() });
  started.services.router.admin('status', (_request, response) => (response as { end(text: string): void }).end('fine'));
  const client = new SFNClient(started.client);
  expect((await client.send(new ListStateMachinesCommand({}))).stateMachines).toEqual([]);
  expect(await (await fetch(`${started.client.endpoint}/_local/status`)).text()).toBe('fine');
  expect((await fetch(`${started.client.endpoint}/_local/nothing`)).status).toBe(404);
  client.destroy();
});

test('a busy port is one clear line, and nothing stays open', async () => {
  const again = startDataServices({ dataDir: `${started.dataDir}/other`, port: started.services.ports.aws, mailPort: 0, codeDir: __dirname });
  await expect(again).rejects.toThrow(`port ${started.services.ports.aws} is in use: stop what listens there or choose another with --port-base`);
});
