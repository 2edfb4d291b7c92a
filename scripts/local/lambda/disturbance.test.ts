import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Disturbance } from './disturbance.ts';
import { openRuntime, type RuntimeForTest } from './testing.ts';

let disturbance: Disturbance | undefined;
let test_: RuntimeForTest;
let calls = 0;
let run = 0;
const server = http.createServer((request, response) => {
  // a request that a killed function had still sent belongs to no later one
  if (request.url === `/${run}`) calls += 1;
  response.end('{}');
});
const id = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const killed = { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: Runtime exited with error: signal: killed` };
const disturbed = async (what: Disturbance, input: object = {}) => {
  calls = 0;
  run += 1;
  disturbance = what;
  const result = await test_.call('effects', { ...input, run }, { requestId: id });
  disturbance = undefined;
  return { ...result, calls };
};

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  test_ = openRuntime({ disturb: () => disturbance });
  // three calls one after the other, by http as the SDK does and by fetch
  test_.deploy('effects', `const http = require('node:http'); let n = 0;
    const get = (run) => new Promise((done, failed) => http.get('http://127.0.0.1:${port}/' + run, (r) => r.resume().on('end', done)).on('error', failed));
    exports.handler = async ({ wait, run }, context) => { const now = Date.now(); await get(run); await (await fetch('http://127.0.0.1:${port}/' + run)).text(); if (wait) await new Promise((r) => setTimeout(r, wait)); await get(run);
      return { n: ++n, now, date: new Date().getTime(), ok: new Date(0) instanceof Date && JSON.stringify(new Date(0)), left: context.getRemainingTimeInMillis() }; };`, { timeoutSeconds: 3 });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await test_.close();
});

test('a crash before: nothing has happened', async () => {
  expect(await disturbed({ kind: 'crash', when: 'before' })).toMatchObject({ functionError: 'Unhandled', value: killed, calls: 0 });
  expect((await test_.call('effects')).value).toMatchObject({ n: 1 });
});

test('a crash during: after some calls, or some time', async () => {
  for (const count of [1, 2]) expect(await disturbed({ kind: 'crash', when: 'during', calls: count })).toMatchObject({ value: killed, calls: count });
  const midway = await disturbed({ kind: 'crash', when: 'during', ms: 100 }, { wait: 60_000 });
  expect(midway).toMatchObject({ value: killed });
  expect(midway.calls).toBeLessThan(3);
  expect(await disturbed({ kind: 'crash', when: 'during', calls: 9 })).toMatchObject({ value: killed, calls: 3 });
  expect((await test_.call('effects')).value).toMatchObject({ n: 1 });
});

test('a crash after: all is done, and the caller does not know', async () => {
  expect(await disturbed({ kind: 'crash', when: 'after' })).toMatchObject({ functionError: 'Unhandled', value: killed, calls: 3 });
});

test('a time-out: the result never arrives', async () => {
  await test_.call('effects');
  const late = await disturbed({ kind: 'timeout', ms: 1500 });
  expect(late).toMatchObject({ functionError: 'Unhandled', value: { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${id} Error: Task timed out after 3.00 seconds` }, calls: 3 });
  expect(late.durationMs).toBeLessThan(2900);
});

test('a delay is within the invocation', async () => {
  const late = await disturbed({ kind: 'delay', ms: 120 });
  expect(late).not.toHaveProperty('functionError');
  expect(late.durationMs).toBeGreaterThan(110);
  expect(late.value['left']).toBeLessThan(2890);
});

test('skew: the function\'s clock is off, for that invocation', async () => {
  const { value } = await disturbed({ kind: 'skew', ms: -3_600_000 });
  const off = Date.now() - 3_600_000;
  for (const name of ['now', 'date']) expect(Math.abs((value[name] as number) - off)).toBeLessThan(20_000);
  expect(value).toMatchObject({ ok: '"1970-01-01T00:00:00.000Z"' });
  expect(value['left']).toBeGreaterThan(1000);
  expect(Math.abs(((await test_.call('effects')).value['now'] as number) - Date.now())).toBeLessThan(20_000);
});

test('a throttle in place of the invocation', async () => {
  await expect(disturbed({ kind: 'throttle' })).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  disturbance = undefined;
});

test('an error in place of the handler', async () => {
  expect(await disturbed({ kind: 'error', type: 'Injected', message: 'on purpose' })).toMatchObject({ functionError: 'Unhandled', value: { errorType: 'Injected', errorMessage: 'on purpose', trace: [] }, calls: 0 });
});
