import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { openJournal, type Journal } from '../journal.ts';
import type { InvocationRecord } from './async-queue.ts';
import { createLambdaRuntime, type LambdaOptions, type LambdaRuntime } from './runtime.ts';

let folder: string;
let journal: Journal;
let runtime: LambdaRuntime;
const logs: string[] = [];
const sent: { destination: string; record: InvocationRecord }[] = [];
let onSent = (): void => undefined;

const open = (more: Partial<LambdaOptions> = {}): LambdaRuntime =>
  createLambdaRuntime({
    bootstrap: join(process.cwd(), 'scripts/local/lambda/bootstrap.ts'), cacheDir: join(folder, 'cache'), addresses: { region: 'eu-west-1', endpoints: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } },
    journal, clock: systemClock, log: (_group, _stream, text) => logs.push(text), asyncRetryDelayMs: 5,
    async send(destination, record) {
      sent.push({ destination, record });
      onSent();
    },
    ...more,
  });

const deploy = (name: string, source: string, more: object = {}): void => {
  const code = join(folder, name);
  mkdirSync(join(code, 'src'), { recursive: true });
  writeFileSync(join(code, 'src/index.js'), source);
  runtime.deploy({
    name, arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`, handler: 'src/index.handler', runtime: 'nodejs24.x', folder: code, codeSha256: '', codeSize: 1, memoryMb: 64,
    timeoutSeconds: 5, environment: { OWN: name }, role: 'role', accessKeyId: name, logGroup: `/aws/lambda/${name}`, ...more,
  });
};
const call = async (name: string, input: unknown = {}) => {
  const result = await runtime.invoke(name, JSON.stringify(input));
  return { ...result, value: JSON.parse(result.payload) as Record<string, unknown> };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  journal = openJournal(join(folder, 'compute.sqlite'));
  logs.length = 0;
  sent.length = 0;
  runtime = open();
});
afterEach(async () => {
  await runtime.close();
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a function has its own environment variables and keeps its globals while warm', async () => {
  deploy('a', 'let n = 0; exports.handler = async () => ({ n: ++n, own: process.env.OWN, key: process.env.AWS_ACCESS_KEY_ID, path: process.env.PATH ?? "none" });');
  deploy('b', 'exports.handler = (event, context, callback) => callback(null, { own: process.env.OWN });');
  expect((await call('a')).value).toEqual({ n: 1, own: 'a', key: 'a', path: 'none' });
  expect((await call('arn:aws:lambda:eu-west-1:000000000000:function:a:$LATEST')).value).toMatchObject({ n: 2 });
  expect((await call('b')).value).toEqual({ own: 'b' });
});

test('one invocation at a time in an environment', async () => {
  deploy('a', 'let inside = 0; exports.handler = async () => { inside += 1; await new Promise((r) => setTimeout(r, 5)); const seen = inside; inside -= 1; return { seen }; };');
  const all = await Promise.all(Array.from({ length: 10 }, () => call('a')));
  expect(all.map(({ value }) => value['seen'])).toEqual(Array.from({ length: 10 }, () => 1));
});

test('what loads badly, throws, leaves or eats its memory fails that invocation only', async () => {
  deploy('broken', 'throw new SyntaxError("no");');
  deploy('exits', 'exports.handler = async () => process.exit(3);');
  deploy('eats', 'exports.handler = async ({ eat }) => { if (!eat) return {}; const held = []; for (;;) held.push(new Array(1e5).fill(Math.random())); };');
  deploy('leaks', 'exports.handler = async () => { setTimeout(() => { throw new Error("later"); }); await new Promise(() => undefined); };');
  expect((await call('broken')).value).toMatchObject({ errorType: 'SyntaxError' });
  expect((await call('exits')).value).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect((await call('leaks')).value).toMatchObject({ errorMessage: 'later' });
  expect((await call('eats', { eat: true })).value).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
  expect(await call('eats')).not.toHaveProperty('functionError');
});

test('a slow invocation does not hold up the others', async () => {
  deploy('a', 'exports.handler = async ({ slow }) => { await new Promise((r) => setTimeout(r, slow ?? 0)); return {}; };');
  await runtime.close();
  runtime = open({ environmentsPerFunction: 1 });
  deploy('a', 'exports.handler = async ({ slow }) => { await new Promise((r) => setTimeout(r, slow ?? 0)); return {}; };');
  const order: string[] = [];
  await Promise.all([call('a', { slow: 6000 }).then(() => order.push('slow')), call('a').then(() => order.push('quick'))]);
  expect(order).toEqual(['quick', 'slow']);
});

test('asynchronous invocations are tried three times, then go to the destination; what was queued survives', async () => {
  deploy('bad', 'exports.handler = async () => { throw new TypeError("never"); };', { asyncConfig: { onFailure: 'arn:aws:sqs:eu-west-1:000000000000:dead' } });
  const arrived = new Promise<void>((done) => (onSent = done));
  await runtime.invokeAsync('bad', '{"a":1}');
  await arrived;
  expect(sent[0]).toMatchObject({ destination: 'arn:aws:sqs:eu-west-1:000000000000:dead', record: { requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 }, requestPayload: { a: 1 }, responsePayload: { errorType: 'TypeError' } } });

  deploy('later', 'exports.handler = async (event) => { console.log("ran", event.b); };');
  journal.write("INSERT INTO async_invocation VALUES ('x', 'later', '{\"b\":2}', 0, 0, ?)", Date.now());
  const logged = new Promise<void>((done) => {
    const push = logs.push.bind(logs);
    logs.push = (...lines) => (done(), push(...lines));
  });
  runtime.queue.resume();
  await logged;
  expect(logs.join('')).toContain('ran 2');
});
