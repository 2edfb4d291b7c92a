import { openRuntime, type RuntimeForTest } from './testing.ts';

let test_: RuntimeForTest;
beforeAll(() => void (test_ = openRuntime()));
afterAll(() => test_.close());
const id = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const failing = async (source: string, more: object = {}, input: unknown = {}) => {
  const name = `f${Math.random().toString(36).slice(2)}`;
  test_.deploy(name, source, more);
  return test_.call(name, input, { requestId: id });
};

test('an error of the handler is told with type, message and trace, and logged', async () => {
  const failed = await failing('exports.handler = async () => { throw new RangeError("too far"); };');
  expect(failed).toMatchObject({ functionError: 'Unhandled', value: { errorType: 'RangeError', errorMessage: 'too far', trace: ['RangeError: too far', expect.stringMatching(/^ {4}at exports\.handler \(\/var\/task\/src\/index\.js:1:\d+\)$/), ...Array.from({ length: 5 }, () => expect.anything() as unknown)] } });
  expect(failed.logTail).toContain(`\t${id}\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"too far","stack":["RangeError: too far"`);
  expect((await failing('exports.handler = async () => { throw "text"; };')).value).toEqual({ errorType: 'string', errorMessage: 'text', trace: [] });
  expect((await failing('exports.handler = async () => 1n;')).value).toMatchObject({ errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' });
});

test('what loads badly fails every invocation', async () => {
  expect((await failing('throw new TypeError("no");')).value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  expect((await failing('exports.handler = {')).value).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
  expect((await failing('require("./none");')).value).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining("Error: Cannot find module './none'") as unknown });
  expect((await failing('', { handler: 'src/none.handler' })).value).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find module 'none'" });
  expect((await failing('exports.other = 1;')).value).toMatchObject({ errorType: 'Runtime.HandlerNotFound', errorMessage: 'src/index.handler is undefined or not exported' });
  expect((await failing('', { handler: 'none' })).value).toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
});

test('callbacks are gone with Node.js 24', async () => {
  const source = 'exports.handler = (event, context, callback) => callback(null, 1);';
  expect((await failing(source)).value).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  expect((await failing(source, { runtime: 'nodejs22.x' })).value).toBe(1);
});

test('leaving, rejecting and throwing aside end the environment', async () => {
  expect((await failing('exports.handler = async () => { console.log("last words"); process.exit(3); };'))).toMatchObject({
    value: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: Runtime exited with error: exit status 3` }, logTail: expect.stringContaining('last words') as unknown,
  });
  expect((await failing('exports.handler = async () => process.exit(0);')).value).toMatchObject({ errorMessage: `RequestId: ${id} Error: Runtime exited without providing a reason` });
  expect((await failing('exports.handler = async () => { Promise.reject(new Error("aside")); await new Promise(() => undefined); };')).value).toMatchObject({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: aside' });
  expect((await failing('exports.handler = async () => { setTimeout(() => { throw new Error("later"); }); await new Promise(() => undefined); };')).value).toMatchObject({ errorType: 'Error', errorMessage: 'later' });
  test_.deploy('again', 'let n = 0; exports.handler = async ({ leave }) => { if (leave) process.exit(1); return ++n; };');
  expect([(await test_.call('again')).value, (await test_.call('again')).value, (await test_.call('again', { leave: true })).functionError, (await test_.call('again')).value]).toEqual([1, 2, 'Unhandled', 1]);
});

test('the memory limit is the function\'s own: heap and buffers', async () => {
  const memory = { errorType: 'Runtime.OutOfMemory', errorMessage: `RequestId: ${id} Error: Runtime exited with error: signal: killed` };
  expect((await failing('exports.handler = async () => { const held = []; for (;;) held.push(new Array(1e5).fill(Math.random())); };')).value).toEqual(memory);
  expect((await failing('const held = []; exports.handler = async () => { held.push(Buffer.alloc(100 << 20, 1)); for (;;) await new Promise((r) => setTimeout(r, 5)); };')).value).toEqual(memory);
});

test('the time-out is enforced, also in a loop that never yields', async () => {
  const late = await failing('exports.handler = async () => { for (;;); };', { timeoutSeconds: 0.2 });
  expect(late).toMatchObject({ functionError: 'Unhandled', value: { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${id} Error: Task timed out after 0.20 seconds` } });
  expect(late.logTail).toMatch(new RegExp(`Z ${id} Task timed out after 0.20 seconds\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: (?:199|2\\d\\d)\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 64 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\tStatus: timeout`));
});

test('a response over 6 MB is an error', async () => {
  expect((await failing('exports.handler = async () => "x".repeat(6 * 1024 * 1024 + 99);')).value).toEqual({ errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).' });
  expect((await failing('exports.handler = async () => "x".repeat(6 * 1024 * 1024);'))).not.toHaveProperty('functionError');
});
