import { AwsError } from '../service.ts';
import type { Json } from './paths.ts';
import { parseResource, resourceProblem } from './resource.ts';
import { runTask, type TaskPorts } from './tasks.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
const ORIGIN = ['execution', 'machine'];
const run = (resource: string, input: Json, ports: Partial<TaskPorts>): Promise<Json> =>
  runTask(parseResource(resource), input, { invoke: () => Promise.reject(new Error('not asked')), call: () => Promise.reject(new Error('not asked')), ...ports }, 'states.m', ORIGIN);

test.each<[string, string, string]>([
  ['lambda:invoke', 'TooManyRequestsException', 'Lambda.TooManyRequestsException'],
  ['lambda:invoke', 'ServiceException', 'Lambda.ServiceException'],
  ['lambda:invoke', 'AccessDeniedException', 'Lambda.AWSLambdaException'],
  ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
  ['aws-sdk:dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDb.ConditionalCheckFailedException'],
  ['sns:publish', 'NotFound', 'SNS.NotFoundException'],
  ['aws-sdk:sns:publish', 'NotFound', 'Sns.NotFoundException'],
  ['states:startExecution', 'ExecutionAlreadyExists', 'StepFunctions.ExecutionAlreadyExistsException'],
  ['aws-sdk:sfn:describeExecution', 'ExecutionDoesNotExist', 'Sfn.ExecutionDoesNotExistException'],
])('%s names %s as %s', async (resource, code, error) => {
  const refuse = () => Promise.reject(new AwsError(code, 'why'));
  await expect(run(`arn:aws:states:::${resource}`, { FunctionName: 'f' }, { invoke: refuse, call: refuse })).rejects.toMatchObject({ error, cause: 'why' });
});

test('what a function throws is named by its type, or unknown', async () => {
  const failing = (payload: string) => run(FUNCTION, {}, { invoke: () => Promise.resolve({ payload, functionError: 'Unhandled', requestId: 'r' }) });
  await expect(failing('{"errorType":"Mine","errorMessage":"m"}')).rejects.toMatchObject({ error: 'Mine', cause: '{"errorType":"Mine","errorMessage":"m"}' });
  await expect(failing('{"errorMessage":"timed out"}')).rejects.toMatchObject({ error: 'Lambda.Unknown', cause: expect.stringContaining('Returned payload: {"errorMessage":"timed out"}') as string });
});

test('calls are made under the machine\'s key, their text fields as text', async () => {
  const calls: unknown[] = [];
  const call = (answer: Json): Partial<TaskPorts> => ({ call: async (...given) => (calls.push(given), answer) });
  await run('arn:aws:states:::sqs:sendMessage', { QueueUrl: 'q', MessageBody: { a: 1 } }, call({}));
  await run('arn:aws:states:::sns:publish', { TopicArn: 't', Message: { a: 1 } }, call({}));
  const started = await run('arn:aws:states:::states:startExecution', { StateMachineArn: 'm', Name: 'n', Input: { a: 1 } }, call({ executionArn: 'e', startDate: 1 }));
  await run('arn:aws:states:::events:putEvents', { Entries: [{ Source: 's', Detail: { a: 1 } }] }, call({ FailedEntryCount: 0 }));
  expect(calls).toEqual([
    ['sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: '{"a":1}' }, 'states.m'],
    ['sns', 'Publish', { TopicArn: 't', Message: '{"a":1}' }, 'states.m'],
    ['states', 'StartExecution', { stateMachineArn: 'm', name: 'n', input: '{"a":1}' }, 'states.m'],
    ['events', 'PutEvents', { Entries: [{ Source: 's', Detail: '{"a":1}', Resources: ORIGIN }] }, 'states.m'],
  ]);
  expect(started).toMatchObject({ ExecutionArn: 'e', StartDate: '1970-01-01T00:00:01.000Z' });
  await expect(run('arn:aws:states:::events:putEvents', { Entries: [] }, call({ FailedEntryCount: 1 }))).rejects.toMatchObject({ error: 'EventBridge.FailedEntry' });
});

test.each<[string, string | undefined]>([
  [FUNCTION, undefined],
  [`${FUNCTION}:live`, undefined],
  ['arn:aws:states:::lambda:invoke.waitForTaskToken', undefined],
  ['arn:aws:states:::aws-sdk:sqs:deleteMessage', undefined],
  ['arn:aws:states:::dynamodb:putItem.waitForTaskToken', 'SCHEMA_VALIDATION_FAILED'],
  ['arn:aws:states:::states:startExecution.sync', 'UNSUPPORTED_BY_LOCAL_CLOUD'],
  ['arn:aws:states:::aws-sdk:athena:startQueryExecution', 'UNSUPPORTED_BY_LOCAL_CLOUD'],
  ['arn:aws:states:eu-west-1:000000000000:activity:a', 'UNSUPPORTED_BY_LOCAL_CLOUD'],
  ['nonsense', 'SCHEMA_VALIDATION_FAILED'],
])('resource %s: %s', (resource, code) => {
  expect(resourceProblem(resource, 'STANDARD')?.code).toBe(code);
});
