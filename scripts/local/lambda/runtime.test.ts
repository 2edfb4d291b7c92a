import { openRuntime, type RuntimeForTest } from './testing.ts';

let test_: RuntimeForTest;
const arn = (name: string): string => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;

beforeAll(() => void (test_ = openRuntime()));
afterAll(() => test_.close());

test('a function has its own environment variables and keeps its globals while warm', async () => {
  test_.deploy('a', 'let n = 0; exports.handler = async () => ({ n: ++n, own: process.env.OWN, key: process.env.AWS_ACCESS_KEY_ID, home: process.env.HOME ?? "none" });');
  test_.deploy('b', 'globalThis.n = 7; exports.handler = async () => ({ own: process.env.OWN, seen: typeof n });');
  expect((await test_.call('a')).value).toEqual({ n: 1, own: 'a', key: 'a', home: 'none' });
  expect((await test_.call(`${arn('a')}:$LATEST`)).value).toMatchObject({ n: 2 });
  expect((await test_.call('b')).value).toEqual({ own: 'b', seen: 'number' });
  expect((await test_.call('a')).value).toMatchObject({ n: 3 });
});

test('the context and the variables are those that Lambda documents', async () => {
  test_.deploy('context', `exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(),
    variables: Object.keys(process.env), trace: process.env._X_AMZN_TRACE_ID });`, { timeoutSeconds: 3 });
  const { value } = await test_.call('context', {}, { requestId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', clientContext: '{"custom":{"a":1}}' });
  expect(value).toMatchObject({
    functionName: 'context', functionVersion: '$LATEST', invokedFunctionArn: arn('context'), memoryLimitInMB: '64', awsRequestId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', logGroupName: '/aws/lambda/context',
    clientContext: { custom: { a: 1 } }, trace: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/) as unknown,
  });
  expect(value['logStreamName']).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  expect(value['left']).toBeGreaterThan(2000);
  expect(value['left']).toBeLessThanOrEqual(3000);
  expect(value['variables']).toEqual(expect.arrayContaining(['_HANDLER', 'TZ', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY_ID', 'LAMBDA_TASK_ROOT']));
});

test('an environment has a /tmp of its own, kept while it is warm', async () => {
  const source = `const fs = require('node:fs'); const { readFile, writeFile } = require('node:fs/promises'); const os = require('node:os');
    exports.handler = async ({ write }) => {
      const path = os.tmpdir() + '/kept.txt';
      if (write) await writeFile(path, write);
      const there = fs.existsSync('/tmp/kept.txt');
      if (there) fs.renameSync('/tmp/kept.txt', '/tmp/other.txt'), fs.copyFileSync('/tmp/other.txt', path);
      return { text: there ? await readFile(path, 'utf8') : null, list: fs.readdirSync('/tmp') };
    };`;
  test_.deploy('keeper', source);
  test_.deploy('other', source);
  expect((await test_.call('keeper', { write: 'x' })).value).toEqual({ text: 'x', list: ['kept.txt', 'other.txt'] });
  expect((await test_.call('keeper')).value).toEqual({ text: 'x', list: ['kept.txt', 'other.txt'] });
  expect((await test_.call('other')).value).toEqual({ text: null, list: [] });
});

test('one invocation at a time in an environment, which is frozen in between', async () => {
  test_.deploy('one', 'let inside = 0; exports.handler = async () => { inside += 1; await new Promise((r) => setTimeout(r, 5)); const seen = inside; inside -= 1; return { seen }; };');
  const all = await Promise.all(Array.from({ length: 6 }, () => test_.call('one')));
  expect(all.map(({ value }) => value['seen'])).toEqual(Array.from({ length: 6 }, () => 1));
  test_.deploy('ticks', 'let ticks = 0; setInterval(() => { ticks += 1; }, 1); exports.handler = async () => ({ ticks });');
  const first = (await test_.call('ticks')).value['ticks'] as number;
  await new Promise((done) => setTimeout(done, 60));
  expect((await test_.call('ticks')).value['ticks']).toBeLessThan(first + 10);
});

test('a slow invocation does not hold up the others', async () => {
  await test_.reopen({ environmentsPerFunction: 1 });
  test_.deploy('slow', 'exports.handler = async ({ slow }) => { await new Promise((r) => setTimeout(r, slow ?? 0)); return {}; };');
  const order: string[] = [];
  await Promise.all([test_.call('slow', { slow: 1500 }).then(() => order.push('slow')), test_.call('slow').then(() => order.push('quick'))]);
  expect(order).toEqual(['quick', 'slow']);
});

test('new code: what runs ends with the old, what comes gets the new; settings leave environments warm', async () => {
  const answers = (what: string): string => `let n = 0; exports.handler = async ({ wait }) => { await new Promise((r) => setTimeout(r, wait ?? 0)); return { what: '${what}', n: ++n }; };`;
  test_.deploy('live', answers('old'), { asyncConfig: { maximumRetryAttempts: 0 } });
  const running = test_.call('live', { wait: 100 });
  test_.deploy('live', answers('new'));
  const [old, next] = await Promise.all([running, test_.call('live')]);
  expect([old.value['what'], next.value]).toEqual(['old', { what: 'new', n: 1 }]);
  test_.runtime.update('live', { description: 'about', reservedConcurrency: 5 });
  expect((await test_.call('live')).value).toEqual({ what: 'new', n: 2 });
  expect(test_.runtime.find('live')).toMatchObject({ description: 'about', asyncConfig: { maximumRetryAttempts: 0 } });
  test_.runtime.update('live', { memoryMb: 65, reservedConcurrency: undefined });
  expect((await test_.call('live')).value).toEqual({ what: 'new', n: 1 });
  expect(test_.runtime.find('live')).not.toHaveProperty('reservedConcurrency');
  test_.runtime.remove('live');
  await expect(test_.call('live')).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
});

test('functions are there again after a restart', async () => {
  test_.deploy('stays', 'exports.handler = async () => 1;');
  test_.deploy('goes', 'exports.handler = async () => 1;');
  test_.runtime.remove('goes');
  await test_.reopen();
  expect((await test_.runtime.invoke('stays', '{}')).payload).toBe('1');
  await expect(test_.runtime.invoke('goes', '{}')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('reserved concurrency throttles what is above it; none at all throttles everything', async () => {
  test_.deploy('two', 'exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return {}; };', { reservedConcurrency: 2 });
  const all = await Promise.allSettled([1, 2, 3].map(() => test_.call('two')));
  expect(all.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(all[2]).toMatchObject({ reason: { code: 'TooManyRequestsException', status: 429, extra: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' } } });
  test_.runtime.update('two', { reservedConcurrency: 0 });
  await expect(test_.call('two')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  expect(test_.metrics.filter((each) => each.name === 'two' && each.metric === 'Throttles')).toHaveLength(2);
});
