import type { GatedCall } from '../gate.ts';
import { createJudge } from './judge.ts';
import type { Lookups } from './requirement.ts';
import { requirementsOf } from './requirements.ts';

const A = 'eu-west-1:000000000000';
const lookups: Lookups = {
  secretArn: (id) => (id === 'known' ? `arn:aws:secretsmanager:${A}:secret:known-abc123` : undefined), mailIdentity: (address) => (address.endsWith('@shop.example') ? 'shop.example' : undefined),
  machineOfToken: (token) => (token === 'mine' ? `arn:aws:states:${A}:stateMachine:m` : undefined), streamOfIterator: () => 'events', partitionKey: () => 'pk',
};
const call = (service: string, operation: string, input: object = {}, path = '/', query = '', headers: Record<string, string> = {}): GatedCall => ({ accessKeyId: 'k', service, operation, path, query: new URLSearchParams(query), headers, input: () => input as Record<string, unknown> });
const needs = (...args: Parameters<typeof call>) => requirementsOf(call(...args), lookups).map(({ action, resource }) => `${action} ${resource.replaceAll(A, '')}`);

it.each<[string, Parameters<typeof call>, string[]]>([
  ['an item', ['dynamodb', 'PutItem', { TableName: 't' }], ['dynamodb:PutItem arn:aws:dynamodb::table/t']],
  ['an index', ['dynamodb', 'Query', { TableName: 't', IndexName: 'due' }], ['dynamodb:Query arn:aws:dynamodb::table/t/index/due']],
  ['a table by its ARN', ['dynamodb', 'GetItem', { TableName: `arn:aws:dynamodb:${A}:table/t` }], ['dynamodb:GetItem arn:aws:dynamodb::table/t']],
  ['a batch', ['dynamodb', 'BatchWriteItem', { RequestItems: { a: [], b: [] } }], ['dynamodb:BatchWriteItem arn:aws:dynamodb::table/a', 'dynamodb:BatchWriteItem arn:aws:dynamodb::table/b']],
  ['a transaction', ['dynamodb', 'TransactWriteItems', { TransactItems: [{ Put: { TableName: 'a' } }, { ConditionCheck: { TableName: 'b' } }] }], ['dynamodb:PutItem arn:aws:dynamodb::table/a', 'dynamodb:ConditionCheckItem arn:aws:dynamodb::table/b']],
  ['a stream', ['kinesis', 'PutRecords', { StreamName: 'events' }], ['kinesis:PutRecords arn:aws:kinesis::stream/events']],
  ['an iterator', ['kinesis', 'GetRecords', { ShardIterator: 'x' }], ['kinesis:GetRecords arn:aws:kinesis::stream/events']],
  ['an object', ['s3', 'HeadObject', {}, '/b/a%20key/x'], ['s3:GetObject arn:aws:s3:::b/a key/x']],
  ['a version', ['s3', 'GetObject', {}, '/b/k', 'versionId=1'], ['s3:GetObjectVersion arn:aws:s3:::b/k']],
  ['a copy', ['s3', 'CopyObject', {}, '/b/k', '', { 'x-amz-copy-source': '/from/x%2Fy' }], ['s3:PutObject arn:aws:s3:::b/k', 's3:GetObject arn:aws:s3:::from/x/y']],
  ['a part', ['s3', 'UploadPart', {}, '/b/k', 'partNumber=1'], ['s3:PutObject arn:aws:s3:::b/k']],
  ['a listing', ['s3', 'ListObjectsV2', {}, '/b', 'prefix=x/'], ['s3:ListBucket arn:aws:s3:::b']],
  ['a queue', ['sqs', 'SendMessageBatch', { QueueUrl: 'http://127.0.0.1/000000000000/q' }], ['sqs:SendMessage arn:aws:sqs::q']],
  ['a topic', ['sns', 'PublishBatch', { TopicArn: `arn:aws:sns:${A}:t` }], ['sns:Publish arn:aws:sns::t']],
  ['a function', ['lambda', 'Invoke', {}, '/2015-03-31/functions/f/invocations'], ['lambda:InvokeFunction arn:aws:lambda::function:f']],
  ['a qualified function', ['lambda', 'Invoke', {}, '/2015-03-31/functions/f/invocations', 'Qualifier=live'], ['lambda:InvokeFunction arn:aws:lambda::function:f:live']],
  ['an execution', ['states', 'StartExecution', { stateMachineArn: `arn:aws:states:${A}:stateMachine:m` }], ['states:StartExecution arn:aws:states::stateMachine:m']],
  ['a task token', ['states', 'SendTaskSuccess', { taskToken: 'mine' }], ['states:SendTaskSuccess arn:aws:states::stateMachine:m']],
  ['a token of nobody', ['states', 'SendTaskSuccess', { taskToken: 'gone' }], []],
  ['a mail', ['ses', 'SendEmail', { FromEmailAddress: 'Shop <a@shop.example>', ConfigurationSetName: 'set' }, '/v2/email/outbound-emails'], ['ses:SendEmail arn:aws:ses::identity/shop.example', 'ses:SendEmail arn:aws:ses::configuration-set/set']],
  ['the suppression list', ['ses', 'PutSuppressedDestination', {}, '/v2/email/suppression/addresses'], ['ses:PutSuppressedDestination *']],
  ['a statement', ['redshift-data', 'ExecuteStatement', { WorkgroupName: 'w' }], ['redshift-data:ExecuteStatement arn:aws:redshift-serverless::workgroup/w', 'redshift-serverless:GetCredentials arn:aws:redshift-serverless::workgroup/w']],
  ['its result', ['redshift-data', 'GetStatementResult', { Id: 'x' }], ['redshift-data:GetStatementResult *']],
  ['a secret by name', ['secretsmanager', 'GetSecretValue', { SecretId: 'known' }], ['secretsmanager:GetSecretValue arn:aws:secretsmanager::secret:known-abc123']],
  ['a secret that is not there', ['secretsmanager', 'GetSecretValue', { SecretId: 'none' }], ['secretsmanager:GetSecretValue arn:aws:secretsmanager::secret:none']],
  ['parameters', ['ssm', 'GetParameters', { Names: ['/a', 'b'] }], ['ssm:GetParameters arn:aws:ssm::parameter/a', 'ssm:GetParameters arn:aws:ssm::parameter/b']],
  ['an endpoint', ['sagemaker', 'InvokeEndpoint', {}, '/endpoints/Model/invocations'], ['sagemaker:InvokeEndpoint arn:aws:sagemaker::endpoint/model']],
  ['a schedule', ['scheduler', 'GetSchedule', {}, '/schedules/s', 'groupName=g'], ['scheduler:GetSchedule arn:aws:scheduler::schedule/g/s']],
  ['events', ['events', 'PutEvents', { Entries: [{}, { EventBusName: 'b' }] }], ['events:PutEvents arn:aws:events::event-bus/default', 'events:PutEvents arn:aws:events::event-bus/b']],
  ['a log stream', ['logs', 'PutLogEvents', { logGroupName: '/g', logStreamName: 's' }], ['logs:PutLogEvents arn:aws:logs::log-group:/g:log-stream:s']],
  ['metrics', ['monitoring', 'PutMetricData', {}], ['cloudwatch:PutMetricData *']],
  ['who am I', ['sts', 'GetCallerIdentity'], []],
  ['a service that nobody thought of', ['ec2', 'RunInstances'], ['ec2:RunInstances *']],
])('%s', (_what, args, expected) => expect(needs(...args)).toEqual(expected));

describe('the judge', () => {
  const role = 'arn:aws:iam::000000000000:role/r';
  const me = { roleArn: role, session: 's' };
  const given = (...statements: object[]) => {
    const judge = createJudge();
    judge.set({ roles: { [role]: statements as never } });
    return judge;
  };
  const own = (more: object = {}) => ({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*', ...more });

  it('holds a caller to the partition keys that it names', () => {
    const judge = given(own({ Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } } }));
    const ask = (pk: string) => requirementsOf(call('dynamodb', 'GetItem', { TableName: 't', Key: { pk: { S: pk } } }), lookups).map(({ action, resource, context }) => judge.may(me, action, resource, context));
    expect([ask('mine'), ask('yours'), ask('mine')]).toEqual([['allowed'], ['not granted'], ['allowed']]);
  });
  it('finds them in conditions, batches and transactions', () => {
    const judge = given(own({ Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } } }));
    const ask = (operation: string, input: object) => requirementsOf(call('dynamodb', operation, input), lookups).map(({ action, resource, context }) => judge.may(me, action, resource, context)).join();
    const query = (pk: string) => ask('Query', { TableName: 't', KeyConditionExpression: 'sk = :s AND #p = :p', ExpressionAttributeNames: { '#p': 'pk' }, ExpressionAttributeValues: { ':s': { S: 'mine' }, ':p': { S: pk } } });
    const put = (pk: string) => ({ PutRequest: { Item: { pk: { S: pk } } } });
    expect([query('mine'), query('yours')]).toEqual(['allowed', 'not granted']);
    expect([ask('BatchWriteItem', { RequestItems: { t: [put('mine')] } }), ask('BatchWriteItem', { RequestItems: { t: [put('mine'), put('yours')] } })]).toEqual(['allowed', 'not granted']);
    expect(ask('TransactWriteItems', { TransactItems: [{ Put: { TableName: 't', Item: { pk: { S: 'mine' } } } }, { Delete: { TableName: 't', Key: { pk: { S: 'yours' } } } }] })).toBe('allowed,not granted');
  });
  it('forgets what it has judged when the rules change', () => {
    const judge = given(own());
    expect(judge.may(me, 'dynamodb:GetItem', 'arn:x')).toBe('allowed');
    judge.set({ roles: { [role]: [] } });
    expect(judge.may(me, 'dynamodb:GetItem', 'arn:x')).toBe('not granted');
  });
  it('takes either the role\'s own or the resource\'s policy, and any denial', () => {
    const bucket = 'arn:aws:s3:::b';
    const judge = given(own());
    expect(judge.may(me, 's3:GetObject', `${bucket}/k`)).toBe('not granted');
    judge.set({ resources: { [bucket]: [{ Effect: 'Allow', Principal: { AWS: role }, Action: 's3:GetObject', Resource: `${bucket}/*` }] } });
    expect(judge.may(me, 's3:GetObject', `${bucket}/k`)).toBe('allowed');
    judge.set({ resources: { [bucket]: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${bucket}/*`, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] } });
    expect(judge.may(me, 's3:GetObject', `${bucket}/k`)).toBe('not granted'); // what is said of plain HTTP does not hold here
  });
  it('lets a service act only as the resource says, and for whom', () => {
    const fn = `arn:aws:lambda:${A}:function:f`;
    const judge = given();
    judge.set({ resources: { [fn]: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: fn, Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:events:${A}:rule/mine` } } }] } });
    const ask = (service: string, source: string) => judge.mayService(service, 'lambda:InvokeFunction', fn, source);
    expect([ask('events.amazonaws.com', `arn:aws:events:${A}:rule/mine`), ask('events.amazonaws.com', `arn:aws:events:${A}:rule/yours`), ask('s3.amazonaws.com', `arn:aws:events:${A}:rule/mine`)]).toEqual(['allowed', 'not granted', 'not granted']);
  });
  it('counts what each grant let through and what was refused, and tells it once', () => {
    const judge = given(own({ Action: ['dynamodb:GetItem', 'dynamodb:PutItem'] }));
    judge.may(me, 'dynamodb:GetItem', 'arn:x');
    judge.may(me, 'dynamodb:GetItem', 'arn:y');
    judge.may(me, 'dynamodb:DeleteItem', 'arn:y');
    expect(judge.counts()).toEqual({ used: [{ role, action: 'dynamodb:GetItem', resource: '*', calls: 2 }], denied: [{ role, action: 'dynamodb:DeleteItem', resource: 'arn:y', calls: 1 }] });
    expect(judge.counts()).toEqual({ used: [], denied: [] });
  });
});
