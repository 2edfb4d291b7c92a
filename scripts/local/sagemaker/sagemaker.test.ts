import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Documents } from '../documents.ts';
import { sageMakerService } from '../sagemaker.ts';
import type { AwsRequest } from '../service.ts';

let asked: { headers: http.IncomingHttpHeaders; body: string } | undefined;
let answer: (response: http.ServerResponse) => void;
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    asked = { headers: request.headers, body: Buffer.concat(chunks).toString() };
    answer(response);
  });
});
const folder = mkdtempSync(join(tmpdir(), 'sagemaker-'));
const documents = new Documents(join(folder, 'documents.db'));
const open = (modelUrl?: string) => sageMakerService({ endpoints: documents.collection('sagemaker-endpoint'), region: 'eu-west-1', accountId: '000000000000', limitMs: 150, ...(modelUrl === undefined ? {} : { modelUrl }) });
let service: ReturnType<typeof open>;

const call = async (more: Partial<AwsRequest>) => {
  const request: AwsRequest = { service: 'sagemaker', operation: '', method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0), accessKeyId: 'local', ...more };
  const { status, headers, body } = await service.handle(request);
  return { status, type: headers?.['x-amzn-errortype'], headers, body: body.toString(), value: body.length > 0 && body.toString().startsWith('{') ? (JSON.parse(body.toString()) as Record<string, unknown>) : {} };
};
const control = (operation: string, input: object) => call({ operation, body: Buffer.from(JSON.stringify(input)) });
const invoke = (body: string | Buffer, headers: Record<string, string> = {}, name = 'model') => call({ path: `/endpoints/${name}/invocations`, body: Buffer.from(body), headers });

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  service = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  documents.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an endpoint is there once it is made', async () => {
  expect(await invoke('{}')).toMatchObject({ status: 400, type: 'ValidationError', value: { message: 'Endpoint model of account 000000000000 not found.' } });
  expect((await control('CreateEndpoint', { EndpointName: 'model', EndpointConfigName: 'c' })).value).toEqual({ EndpointArn: 'arn:aws:sagemaker:eu-west-1:000000000000:endpoint/model' });
  expect((await control('CreateEndpoint', { EndpointName: 'model', EndpointConfigName: 'c' })).type).toBe('ValidationException');
  expect((await control('DescribeEndpoint', { EndpointName: 'model' })).value).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'c' });
  expect((await control('CreateTrainingJob', {})).type).toBe('UnknownOperationException');
});

test('the model\'s server is asked with the caller\'s body and types, and its answer comes back', async () => {
  answer = (response) => response.writeHead(200, { 'content-type': 'text/csv', 'x-amzn-sagemaker-custom-attributes': 'back' }).end('a,b');
  const reply = await invoke('{"x":1}', { 'content-type': 'application/json', accept: 'text/csv', 'x-amzn-sagemaker-custom-attributes': 'there' });
  expect(asked).toMatchObject({ body: '{"x":1}', headers: { 'content-type': 'application/json', accept: 'text/csv', 'x-amzn-sagemaker-custom-attributes': 'there' } });
  expect(reply).toMatchObject({ status: 200, body: 'a,b', headers: { 'content-type': 'text/csv', 'x-amzn-invoked-production-variant': 'first', 'x-amzn-sagemaker-custom-attributes': 'back' } });
});

test('what the model refuses, fails at or is late with is a ModelError; too large a body is none of its business', async () => {
  answer = (response) => response.writeHead(400).end('bad input');
  expect(await invoke('x')).toMatchObject({ status: 424, type: 'ModelError', value: { OriginalStatusCode: 400, OriginalMessage: 'bad input', message: expect.stringContaining('Received client error (400) from primary with message "bad input"') as unknown } });
  answer = (response) => response.writeHead(503).end();
  expect((await invoke('x')).value).toMatchObject({ OriginalStatusCode: 503, message: expect.stringContaining('server error (503)') as unknown });
  answer = () => undefined;
  expect(await invoke('x')).toMatchObject({ status: 424, value: { OriginalStatusCode: 0, message: expect.stringContaining('timed out') as unknown } });
  expect(await invoke(Buffer.alloc(4 * 1024 * 1024 + 1))).toMatchObject({ status: 400, type: 'ValidationError', value: { message: expect.stringMatching(/^Request [0-9a-f-]+ has oversize body\.$/) as unknown } });
  answer = (response) => response.end(Buffer.alloc(4 * 1024 * 1024 + 1));
  expect((await invoke('x')).type).toBe('ModelError');
});

test('without a server, or with one that is gone, the service is unavailable', async () => {
  const started = service;
  service = open('http://127.0.0.1:1');
  expect(await invoke('x')).toMatchObject({ status: 503, type: 'ServiceUnavailable' });
  service = open();
  expect(await invoke('x')).toMatchObject({ status: 503, type: 'ServiceUnavailable' });
  await control('DeleteEndpoint', { EndpointName: 'model' });
  expect((await invoke('x')).type).toBe('ValidationError');
  service = started;
});
