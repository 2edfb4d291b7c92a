import type { FunctionDefinition } from './function.ts';
import { invocationRecord } from './invocation-record.ts';
import { lambdaOutcomes, objectKey } from './outcomes.ts';

const definition = { name: 'f', arn: 'arn:aws:lambda:eu-west-1:000000000000:function:f', accessKeyId: 'key' } as FunctionDefinition;
const done: unknown[][] = [];
const note = (...what: unknown[]): Promise<void> => {
  done.push(what);
  return Promise.resolve();
};
const outcomes = lambdaOutcomes({ deliver: (...what) => note('deliver', ...what), putObject: (...what) => note('object', ...what) }, (...what) => note('event', ...what));
const record = invocationRecord(definition, { requestId: 'r', payload: '{"a":1}', invocations: 3, condition: 'RetriesExhausted', at: Date.UTC(2026, 10, 22, 10, 11, 12), result: { requestId: 'r', payload: '{"errorMessage":"no"}', functionError: 'Unhandled', durationMs: 1 } });
beforeEach(() => void (done.length = 0));

test('the object of a failure has the documented key', () => {
  expect(objectKey('f', '2026-11-22T10:11:12.345Z')).toMatch(/^aws\/lambda\/async\/f\/2026\/11\/22\/2026-11-22T10\.11\.12-[0-9a-f-]{36}$/);
});

test('each kind of destination gets the record in its own way, with the function\'s rights', async () => {
  for (const kind of ['sqs:eu-west-1:000000000000:q', 'sns:eu-west-1:000000000000:t', 'lambda:eu-west-1:000000000000:function:g']) await outcomes.send(`arn:aws:${kind}`, record, definition);
  expect(done).toEqual(['sqs:eu-west-1:000000000000:q', 'sns:eu-west-1:000000000000:t', 'lambda:eu-west-1:000000000000:function:g'].map((kind) => ['deliver', `arn:aws:${kind}`, JSON.stringify(record), { as: 'key' }]));
  done.length = 0;
  await outcomes.send('arn:aws:s3:::failures', record, definition);
  expect(done).toEqual([['object', 'arn:aws:s3:::failures', expect.stringMatching(/^aws\/lambda\/async\/f\/2026\/11\/22\/2026-11-22T10\.11\.12-/), JSON.stringify(record), 'key']]);
  done.length = 0;
  const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/b';
  await outcomes.send(bus, record, definition);
  expect(done).toEqual([['event', bus, { source: 'lambda', 'detail-type': 'Lambda Function Invocation Result - Failure', resources: [bus, `${definition.arn}:$LATEST`], detail: record }, 'key']]);
});

test('a dead letter is the event itself, with what went wrong as attributes', async () => {
  await outcomes.bury('arn:aws:sns:eu-west-1:000000000000:dead', '{"a":1}', { RequestID: 'r', ErrorCode: '200', ErrorMessage: 'no' }, definition);
  expect(done).toEqual([['deliver', 'arn:aws:sns:eu-west-1:000000000000:dead', '{"a":1}', { as: 'key', attributes: { RequestID: { DataType: 'String', StringValue: 'r' }, ErrorCode: { DataType: 'Number', StringValue: '200' }, ErrorMessage: { DataType: 'String', StringValue: 'no' } } }]]);
});
