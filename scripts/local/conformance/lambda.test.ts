import {
  AddPermissionCommand, CreateFunctionCommand, DeleteFunctionCommand, DeleteFunctionConcurrencyCommand, DeleteFunctionEventInvokeConfigCommand, GetFunctionCommand, GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand, GetPolicyCommand, InvokeCommand, LambdaClient, ListFunctionsCommand, ListTagsCommand, ListVersionsByFunctionCommand, PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand, TagResourceCommand, UntagResourceCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { makeRole } from './role.ts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

const zip = (source: string): Uint8Array => zipSync({ 'index.js': strToU8(source) });
const ECHO = `let n = 0; exports.handler = async (event, context) => {
  n += 1;
  if (event.fail) throw new RangeError('asked to');
  if (event.leave) process.exit(2);
  if (event.large) return 'x'.repeat(6300000);
  if (event.wait) await new Promise((r) => setTimeout(r, event.wait));
  console.log('seen', JSON.stringify(event));
  return { event, n, variable: process.env.VARIABLE, client: context.clientContext };
};`;

describe('Lambda', () => {
  let target: ConformanceTarget;
  let lambda: LambdaClient;
  let sqs: SQSClient;
  let role: string;
  const made: string[] = [];

  const create = async (source: string, more: object = {}): Promise<string> => {
    const FunctionName = target.unique('function');
    await lambda.send(new CreateFunctionCommand({ FunctionName, Role: role, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip(source) }, Timeout: 3, ...more }));
    made.push(FunctionName);
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
    return FunctionName;
  };
  const updated = (FunctionName: string) => waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  const invoke = async (FunctionName: string, payload: unknown = {}, more: object = {}) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), ...more }));
    const text = answer.Payload?.transformToString() ?? '';
    return { ...answer, value: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown> };
  };
  /** A queue whose messages can be waited for. */
  const queue = async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: target.unique('queue') }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const next = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }))).Messages?.[0];
    return { arn: Attributes?.['QueueArn'] ?? '', next, remove: () => sqs.send(new DeleteQueueCommand({ QueueUrl })) };
  };

  beforeAll(async () => {
    target = await conformanceTarget();
    role = await makeRole(target, target.unique('role'), ['lambda.amazonaws.com'], ['logs:*', 'sqs:SendMessage', 'lambda:InvokeFunction']);
    lambda = new LambdaClient({ ...target.client, maxAttempts: 1 });
    sqs = new SQSClient(target.client);
  });
  afterAll(async () => {
    for (const FunctionName of made) await lambda.send(new DeleteFunctionCommand({ FunctionName })).catch(() => undefined);
    lambda.destroy();
    sqs.destroy();
    await target.close();
  });

  it('makes, shows, lists, changes and removes functions', async () => {
    const FunctionName = await create(ECHO, { Environment: { Variables: { VARIABLE: 'one' } }, Description: 'about', Tags: { a: '1' } });
    const { Configuration, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: role, MemorySize: 128, Timeout: 3, Description: 'about', Environment: { Variables: { VARIABLE: 'one' } }, State: 'Active', Version: '$LATEST', PackageType: 'Zip' });
    expect(Tags).toEqual({ a: '1' });
    expect(Configuration?.FunctionArn).toMatch(new RegExp(`:function:${FunctionName}$`));
    expect((await lambda.send(new ListFunctionsCommand({}))).Functions?.map((each) => each.FunctionName)).toContain(FunctionName);
    await expect(lambda.send(new CreateFunctionCommand({ FunctionName, Role: role, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip(ECHO) } }))).rejects.toMatchObject({ name: 'ResourceConflictException', $metadata: { httpStatusCode: 409 } });

    expect((await invoke(FunctionName)).value).toMatchObject({ n: 1, variable: 'one' });
    expect((await invoke(FunctionName)).value).toMatchObject({ n: 2 });
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { VARIABLE: 'two' } }, MemorySize: 256 }));
    await updated(FunctionName);
    expect((await invoke(FunctionName)).value).toMatchObject({ n: 1, variable: 'two' });
    const { CodeSha256 } = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('exports.handler = async () => "new";') }));
    await updated(FunctionName);
    expect((await invoke(FunctionName)).value).toBe('new');
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({ CodeSha256, MemorySize: 256, Description: 'about' });
    expect((await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }))).Versions?.map((each) => each.Version)).toEqual(['$LATEST']);

    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await expect(invoke(FunctionName)).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  it('answers, fails, leaves and logs as Lambda does', async () => {
    const FunctionName = await create(ECHO);
    const ClientContext = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const good = await invoke(FunctionName, { a: 1 }, { LogType: 'Tail', ClientContext });
    expect(good).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', value: { event: { a: 1 }, client: { custom: { a: 1 } } } });
    expect(good.FunctionError).toBeUndefined();
    const log = Buffer.from(good.LogResult ?? '', 'base64').toString();
    expect(log).toMatch(/START RequestId: [0-9a-f-]{36} Version: \$LATEST\n/);
    expect(log).toMatch(/\t[0-9a-f-]{36}\tINFO\tseen \{"a":1\}\n/);
    expect(log).toMatch(/END RequestId: [0-9a-f-]{36}\nREPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB/);
    const failed = await invoke(FunctionName, { fail: true });
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', value: { errorType: 'RangeError', errorMessage: 'asked to' } });
    expect((failed.value['trace'] as string[])[0]).toBe('RangeError: asked to');
    const left = await invoke(FunctionName, { leave: true });
    expect(left).toMatchObject({ FunctionError: 'Unhandled', value: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 2$/) as unknown } });
    expect((await invoke(FunctionName, { wait: 10_000 })).value).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 3.00 seconds') as unknown });
  });

  it('keeps its limits', async () => {
    const FunctionName = await create(ECHO);
    expect((await invoke(FunctionName, {}, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
    await expect(invoke(FunctionName, 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ name: 'RequestTooLargeException', ...status(413) });
    await expect(invoke(FunctionName, 'x'.repeat(1024 * 1024), { InvocationType: 'Event' })).rejects.toMatchObject({ name: 'RequestTooLargeException', ...status(413) });
    await expect(lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"a"') }))).rejects.toMatchObject({ name: 'InvalidRequestContentException', ...status(400) });
    expect(await invoke(FunctionName, { large: true })).toMatchObject({ FunctionError: 'Unhandled', value: { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size (6300002 bytes) exceeded maximum allowed payload size (6291556 bytes).' } });
    await expect(lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 901 }))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { AWS_REGION: 'x' } } }))).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'x', RevisionId: 'another' }))).rejects.toMatchObject({ name: 'PreconditionFailedException', ...status(412) });
  });

  it('reserves concurrency', async () => {
    const FunctionName = await create(ECHO);
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
    expect(await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({ ReservedConcurrentExecutions: 1 });
    const both = await Promise.allSettled([invoke(FunctionName, { wait: 300 }), invoke(FunctionName, { wait: 300 })]);
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: { name: 'TooManyRequestsException', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', $metadata: { httpStatusCode: 429 } } });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await expect(invoke(FunctionName)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await invoke(FunctionName)).StatusCode).toBe(200);
    await expect(lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 950 }))).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('sends the outcome of asynchronous invocations to their destinations', async () => {
    const [done, failed] = [await queue(), await queue()];
    const FunctionName = await create(ECHO, { DeadLetterConfig: { TargetArn: failed.arn } });
    const config = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnSuccess: { Destination: done.arn } } };
    await expect(lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...config }))).toMatchObject(config);
    expect((await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).LastModified).toBeInstanceOf(Date);
    expect((await invoke(FunctionName, { a: 1 }, { InvocationType: 'Event' })).StatusCode).toBe(202);
    const success = JSON.parse((await done.next())?.Body ?? '{}') as Record<string, unknown>;
    expect(success).toMatchObject({
      version: '1.0', requestContext: { condition: 'Success', approximateInvokeCount: 1, functionArn: expect.stringMatching(/:\$LATEST$/) as unknown }, requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' }, responsePayload: { event: { a: 1 } },
    });
    await invoke(FunctionName, { fail: true }, { InvocationType: 'Event' });
    const letter = await failed.next();
    expect(letter?.Body).toBe('{"fail":true}');
    expect(letter?.MessageAttributes).toMatchObject({ ErrorCode: { StringValue: '200' }, ErrorMessage: { StringValue: 'asked to' }, RequestID: { DataType: 'String' } });
    await expect(lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 }))).rejects.toThrow();
    await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await done.remove();
    await failed.remove();
  });

  it('keeps permissions and tags', async () => {
    const FunctionName = await create(ECHO);
    const { Statement } = await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:eu-west-1:000000000000:rule/r' }));
    expect(JSON.parse(Statement ?? '')).toMatchObject({ Sid: 's', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:000000000000:rule/r' } } });
    expect((JSON.parse((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy ?? '') as { Statement: unknown[] }).Statement).toHaveLength(1);
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 's' }));
    await expect(lambda.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { FunctionArn: Resource } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    await lambda.send(new TagResourceCommand({ Resource, Tags: { a: '1', b: '2' } }));
    await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
    expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
  });
});
