import { openRuntime, type RuntimeForTest } from './testing.ts';

let test_: RuntimeForTest;
const queue = (name: string): string => `arn:aws:sqs:eu-west-1:000000000000:${name}`;
const fails = 'exports.handler = async () => { throw new TypeError("never"); };';
const metric = (name: string, what: string): number => test_.metrics.filter((each) => each.name === name && each.metric === what).reduce((sum, each) => sum + each.value, 0);

beforeEach(() => void (test_ = openRuntime()));
afterEach(() => test_.close());

test('three tries, then the destination and the dead-letter queue', async () => {
  test_.deploy('bad', fails, { asyncConfig: { onFailure: queue('failed') }, deadLetterArn: queue('dead') });
  const id = await test_.runtime.invokeAsync('bad', '{"a":1}');
  await test_.until(() => test_.buried.length > 0);
  expect(test_.sent).toEqual([{
    destination: queue('failed'),
    record: {
      version: '1.0', timestamp: expect.stringMatching(/Z$/) as unknown,
      requestContext: { requestId: id, functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:bad:$LATEST', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { a: 1 }, responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' }, responsePayload: expect.objectContaining({ errorType: 'TypeError', errorMessage: 'never' }) as unknown,
    },
  }]);
  expect(test_.buried).toEqual([{ target: queue('dead'), payload: '{"a":1}', letter: { RequestID: id, ErrorCode: '200', ErrorMessage: 'never' } }]);
  expect(['Invocations', 'Errors', 'AsyncEventsReceived', 'AsyncEventsDropped'].map((what) => metric('bad', what))).toEqual([3, 3, 1, 0]);
});

test('success has its destination, too; the number of tries is the function\'s own', async () => {
  test_.deploy('good', 'exports.handler = async ({ a }) => ({ b: a });', { asyncConfig: { onSuccess: queue('done') } });
  test_.deploy('once', fails, { asyncConfig: { onFailure: queue('failed'), maximumRetryAttempts: 0 } });
  await test_.runtime.invokeAsync('good', '{"a":2}');
  await test_.runtime.invokeAsync('once', '{}');
  await test_.until(() => test_.sent.length === 2);
  expect(test_.sent.map(({ record }) => [record.requestContext.condition, record.requestContext.approximateInvokeCount, record.responsePayload])).toEqual(expect.arrayContaining([['Success', 1, { b: 2 }], ['RetriesExhausted', 1, expect.anything()]]));
});

test('throttled events are tried again and are no attempts; too old ones end', async () => {
  const slow = 'exports.handler = async ({ wait }) => { await new Promise((r) => setTimeout(r, wait)); };';
  test_.deploy('busy', slow, { reservedConcurrency: 1, asyncConfig: { onSuccess: queue('done'), maximumRetryAttempts: 0 } });
  await Promise.all([test_.runtime.invokeAsync('busy', '{"wait":40}'), test_.runtime.invokeAsync('busy', '{"wait":1}')]);
  await test_.until(() => test_.sent.length === 2);
  expect(test_.sent.map(({ record }) => record.requestContext.approximateInvokeCount)).toEqual([1, 1]);
  expect(metric('busy', 'Throttles')).toBeGreaterThan(0);
  test_.deploy('old', slow, { asyncConfig: { onFailure: queue('late'), maximumEventAgeSeconds: 60 }, deadLetterArn: queue('dead') });
  test_.journal.write("INSERT INTO async_invocation VALUES ('x', 'old', '{}', 0, 0, ?)", Date.now() - 61_000);
  test_.runtime.queue.resume();
  await test_.until(() => test_.buried.length === 1);
  expect(test_.sent.at(-1)?.record).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } });
  expect(test_.sent.at(-1)?.record).not.toHaveProperty('responseContext');
  expect(test_.buried[0]?.letter).toEqual({ RequestID: 'x', ErrorCode: '429', ErrorMessage: 'Rate Exceeded.' });
});

test('no concurrency at all: the event goes to the destination at once', async () => {
  test_.deploy('none', fails, { reservedConcurrency: 0, asyncConfig: { onFailure: queue('failed') } });
  await test_.runtime.invokeAsync('none', '{}');
  await test_.until(() => test_.sent.length === 1);
  expect(test_.sent[0]?.record.requestContext).toMatchObject({ condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 });
});

test('what was queued survives; it runs once', async () => {
  test_.deploy('later', 'exports.handler = async (event) => { console.log("ran", event.b); };');
  test_.journal.write("INSERT INTO async_invocation VALUES ('x', 'later', '{\"b\":2}', 0, 0, ?)", Date.now());
  await test_.reopen();
  test_.runtime.queue.resume();
  test_.runtime.queue.resume();
  await test_.until(() => test_.logs.some((line) => line.endsWith('ran 2')));
  await test_.until(() => test_.logs.some((line) => line.startsWith('REPORT')));
  expect(test_.logs.filter((line) => line.endsWith('ran 2'))).toHaveLength(1);
});

test('without anywhere to go a failed event is dropped, and counted', async () => {
  test_.deploy('bad', fails, { asyncConfig: { maximumRetryAttempts: 0 } });
  await test_.runtime.invokeAsync('bad', '{}');
  await test_.until(() => test_.logs.some((line) => line.startsWith('REPORT')));
  await new Promise((done) => setImmediate(done));
  expect(metric('bad', 'AsyncEventsDropped')).toBe(1);
});

test('a destination that cannot be reached is tried, then counted', async () => {
  await test_.close();
  test_ = openRuntime({ send: () => Promise.reject(new Error('AccessDenied')), metric: (name, what, value) => (test_.metrics.push({ name, metric: what, value }), test_.logs.push('')) });
  test_.deploy('bad', fails, { asyncConfig: { maximumRetryAttempts: 0, onFailure: queue('none') } });
  await test_.runtime.invokeAsync('bad', '{}');
  while (metric('bad', 'DestinationDeliveryFailures') === 0) await new Promise((done) => setImmediate(done));
  expect(test_.runtime.queue.depth).toBe(0);
});
