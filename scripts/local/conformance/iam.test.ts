import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, DeleteStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, DeleteFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, DeleteTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { strToU8, zipSync } from 'fflate';
import { conformanceTarget, type ConformanceTarget } from './target.ts';
import { until } from './until.ts';

type Statement = Readonly<Record<string, unknown>>;
const document = (...Statement: Statement[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[], more: Statement = {}): Statement => ({ Effect: 'Allow', Action, Resource, ...more });
const refused = (name: string, action: string, role: string) => ({ name, message: expect.stringMatching(new RegExp(`assumed-role/${role}/me is not authorized to perform: ${action} on resource: .* because no identity-based policy allows the ${action} action`)) as string });

let target: ConformanceTarget;
let iam: IAMClient;
const roles: string[] = [];
beforeAll(async () => {
  target = await conformanceTarget();
  iam = new IAMClient(target.client);
});
afterAll(async () => {
  for (const RoleName of roles) {
    for (const PolicyName of (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? []) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
  await target.close();
});

/** A role with these statements, and a client configuration that works under it. */
async function roleWith(...statements: Statement[]) {
  const { Account = '' } = await new STSClient(target.client).send(new GetCallerIdentityCommand({}));
  const RoleName = target.unique('role');
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${Account}:root`, Service: 'lambda.amazonaws.com' } }) }));
  roles.push(RoleName);
  if (statements.length > 0) await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document(...statements) }));
  const { Credentials } = await new STSClient(target.client).send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'me' }));
  const credentials = { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '', sessionToken: Credentials?.SessionToken ?? '' };
  return { name: RoleName, arn: Role?.Arn ?? '', client: { ...target.client, credentials, maxAttempts: 1 } };
}

it('tells who a role is, and refuses it what it does not grant, each service in its own words', async () => {
  const { name, client } = await roleWith();
  expect((await new STSClient(client).send(new GetCallerIdentityCommand({}))).Arn).toMatch(new RegExp(`:assumed-role/${name}/me$`));
  await expect(new DynamoDBClient(client).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }))).rejects.toMatchObject(refused('AccessDeniedException', 'dynamodb:GetItem', name));
  await expect(new KinesisClient(client).send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: Buffer.from('x') }))).rejects.toMatchObject(refused('AccessDeniedException', 'kinesis:PutRecord', name));
  await expect(new LambdaClient(client).send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({ ...refused('AccessDeniedException', 'lambda:InvokeFunction', name), $metadata: { httpStatusCode: 403 } });
  const { QueueUrl } = await new SQSClient(target.client).send(new CreateQueueCommand({ QueueName: target.unique('queue') }));
  await expect(new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) as string, $metadata: { httpStatusCode: 403 } });
  const { TopicArn } = await new SNSClient(target.client).send(new CreateTopicCommand({ Name: target.unique('topic') }));
  await expect(new SNSClient(client).send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({ name: expect.stringMatching(/^AuthorizationError/) as string, $metadata: { httpStatusCode: 403 } });
  await new SQSClient(target.client).send(new DeleteQueueCommand({ QueueUrl }));
  await new SNSClient(target.client).send(new DeleteTopicCommand({ TopicArn }));
});

it('grants an action on a table and nothing beside it; a transaction needs the rights of its parts', async () => {
  const own = new DynamoDBClient(target.client);
  const TableName = target.unique('table');
  const { TableDescription } = await own.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }));
  const { name, client } = await roleWith(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TableDescription?.TableArn ?? ''), { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: TableDescription?.TableArn ?? '' });
  const db = new DynamoDBClient(client);
  const Item = { pk: { S: 'a' } };
  expect((await db.send(new GetItemCommand({ TableName, Key: Item }))).Item).toBeUndefined();
  await expect(db.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('explicit deny') as string });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: document(allow('dynamodb:PutItem', TableDescription?.TableArn ?? '')) }));
  await db.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] }));
  await expect(db.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: Item } }] }))).rejects.toMatchObject(refused('AccessDeniedException', 'dynamodb:DeleteItem', name));
  await expect(db.send(new GetItemCommand({ TableName, Key: Item }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: document(allow('dynamodb:GetItem', TableDescription?.TableArn ?? '', { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } } })) }));
  expect((await db.send(new GetItemCommand({ TableName, Key: Item }))).Item).toEqual(Item);
  await expect(db.send(new GetItemCommand({ TableName, Key: { pk: { S: 'b' } } }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await own.send(new DeleteTableCommand({ TableName }));
});

it('grants a prefix of a bucket; who may not list is not told what is absent; keys are deleted one by one', async () => {
  const Bucket = target.unique('bucket');
  const own = new S3Client({ ...target.client, forcePathStyle: true });
  await own.send(new CreateBucketCommand({ Bucket }));
  const arn = `arn:aws:s3:::${Bucket}`;
  const { name, client } = await roleWith(allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `${arn}/mine/*`));
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'mine/a', Body: 'x' }));
  await own.send(new PutObjectCommand({ Bucket, Key: 'yours/a', Body: 'x' }));
  await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'yours/a', Body: 'x' }))).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'mine/none' }))).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'mine/a' }, { Key: 'yours/a' }] } }));
  expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([['mine/a'], [['yours/a', 'AccessDenied']]]);
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'list', PolicyDocument: document(allow('s3:ListBucket', arn, { Condition: { StringLike: { 's3:prefix': 'mine/*' } } })) }));
  expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'mine/' }))).KeyCount).toBe(0);
  await expect(s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'yours/' }))).rejects.toMatchObject({ name: 'AccessDenied' });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'list', PolicyDocument: document(allow('s3:ListBucket', arn)) }));
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'mine/none' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  await own.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'yours/a' }] } }));
  await own.send(new DeleteBucketCommand({ Bucket }));
});

it('keeps roles and their policies, and refuses malformed ones', async () => {
  const { name, arn } = await roleWith(allow('s3:GetObject', 'arn:aws:s3:::b/*'));
  expect((await iam.send(new GetRoleCommand({ RoleName: name }))).Role).toMatchObject({ Arn: arn, RoleName: name });
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: 'own' }));
  expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({ Statement: [{ Action: 's3:GetObject' }] });
  const bad = (PolicyDocument: string) => expect(iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'bad', PolicyDocument }))).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  await bad('{');
  await bad(document(allow('s3:GetObject', 'bucket/*')));
  await bad(document(allow('s3:GetObject', '*', { Condition: { StringMatches: { 'aws:SourceArn': 'x' } } })));
  await expect(iam.send(new DeleteRoleCommand({ RoleName: name }))).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await expect(iam.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

it('lets no service assume a role that does not trust it', async () => {
  const { arn } = await roleWith();
  const zip = zipSync({ 'index.js': strToU8('exports.handler = async () => 1;') });
  const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
  await expect(new SFNClient(target.client).send(new CreateStateMachineCommand({ name: target.unique('machine'), roleArn: arn, definition }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(new SchedulerClient(target.client).send(new CreateScheduleCommand({ Name: target.unique('tick'), ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:q', RoleArn: arn } }))).rejects.toMatchObject({ name: 'ValidationException' });
  const lambda = new LambdaClient(target.client);
  await expect(lambda.send(new CreateFunctionCommand({ FunctionName: target.unique('f'), Role: `${arn}-none`, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip } }))).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: expect.stringContaining('cannot be assumed by Lambda') as string });
});

it('a function may do what its role grants, from the first call, and is counted', async () => {
  if (!target.own) return; // without a client in its package the function signs nothing
  const stream = target.unique('stream');
  await new KinesisClient(target.client).send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  const { name, arn } = await roleWith(allow(['kinesis:PutRecord', 'kinesis:DescribeStream'], `arn:aws:kinesis:eu-west-1:000000000000:stream/${stream}`));
  const source = `exports.handler = async ({ StreamName }) => {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: JSON.stringify({ StreamName, PartitionKey: 'k', Data: 'eA==' }),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecord', authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/eu-west-1/kinesis/aws4_request' } });
    return [answer.status, (await answer.json()).__type ?? 'done']; };`;
  const lambda = new LambdaClient(target.client);
  const FunctionName = target.unique('f');
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role: arn, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zipSync({ 'index.js': strToU8(source) }) } }));
  const ask = async (StreamName: string): Promise<unknown> => JSON.parse((await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ StreamName })) }))).Payload?.transformToString() ?? '');
  expect([await ask(stream), await ask('another')]).toEqual([[200, 'done'], [400, 'AccessDeniedException']]);
  const use = await until(async () => {
    const all = (await (await fetch(`${target.client.endpoint}/_local/access`)).json()) as { granted: { role: string; action: string; calls: number }[]; denied: { role: string; action: string }[] };
    return all.denied.length > 0 ? all : undefined;
  });
  expect(use.granted.filter(({ role }) => role === name)).toMatchObject([{ action: 'kinesis:PutRecord', calls: 1 }, { action: 'kinesis:DescribeStream', calls: 0 }]);
  expect(use.denied.filter(({ role }) => role === name).map(({ action }) => action)).toContain('logs:CreateLogStream');
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  await new KinesisClient(target.client).send(new DeleteStreamCommand({ StreamName: stream }));
});

it('lets nobody in without a signature', async () => {
  const answer = await fetch(target.client.endpoint, { method: 'POST', body: '{}', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' } });
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ __type: expect.stringContaining('MissingAuthenticationToken') as string })]);
});

it('keys of AssumeRole are known by their form', async () => {
  if (!target.own) return;
  const as = (accessKeyId: string) => new DynamoDBClient({ ...target.client, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'x' } }).send(new GetItemCommand({ TableName: 'nowhere', Key: { pk: { S: 'a' } } }));
  await expect(as('assumed:nobody:me:4102444800')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  await expect(as('assumed:nobody:me:1')).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  await expect(as('AKIAANYBODY')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
