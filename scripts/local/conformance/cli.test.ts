import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCloud } from '../testing/cloud-process.ts';
import type { CloudProcess } from '../testing/cloud-process.ts';
import { writePackage } from '../testing/fixture-package.ts';

/** Version 2 of the AWS CLI, as Debian packages it (2.9: SQS by its query protocol, S3 without trailing checksums). */
function installedCli(): string | undefined {
  return ['/usr/bin/aws', 'aws'].find((program) => {
    try {
      return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).startsWith('aws-cli/2.');
    } catch {
      return false;
    }
  });
}

const cli = installedCli();
const arn = (logical: string) => ({ 'Fn::GetAtt': [logical, 'Arn'] });
const ASSUMED = (service: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] });
const machine = { StartAt: 'Greet', States: { Greet: { Type: 'Task', Resource: '${Fn}', Next: 'Done' }, Done: { Type: 'Succeed' } } };
const resources = {
  MachineRole: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'cli-machine', AssumeRolePolicyDocument: ASSUMED('states.amazonaws.com'), Policies: [{ PolicyName: 'invoke', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn('GreetLambdaFunction') }] } }] },
  },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'cli-machine', RoleArn: arn('MachineRole'), DefinitionString: { 'Fn::Sub': [JSON.stringify(machine), { Fn: arn('GreetLambdaFunction') }] } } },
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'cli-stream', ShardCount: 2 } },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'cli-table', BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'cli-queue' } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'cli-topic' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'cli-bucket' } },
  SchedulerRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'cli-scheduler', AssumeRolePolicyDocument: ASSUMED('scheduler.amazonaws.com'), Policies: [] } },
  Tick: { Type: 'AWS::Scheduler::Schedule', Properties: { Name: 'cli-tick', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: arn('GreetLambdaFunction'), RoleArn: arn('SchedulerRole') } } },
  Identity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'shop.example' } },
};

/** Where there is no CLI these tests are skipped; the same operations are tested with the SDK's clients beside this file. */
(cli === undefined ? describe.skip : describe)('the AWS CLI', () => {
  let folder: string;
  let cloud: CloudProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-'));
    writePackage(join(folder, 'packages'), 'cli', { greet: 'exports.handler = async (event) => { console.log(`greeting ${event.name}`); return { hello: event.name }; };' }, resources, { Outputs: { StreamArn: { Value: arn('Stream'), Export: { Name: 'cli-stream-arn' } } } });
    cloud = await startCloud(process.cwd(), join(folder, 'data'), join(folder, 'packages'));
  });
  afterAll(async () => {
    await cloud.stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]): Promise<string> => {
    const environment = { PATH: '/usr/bin:/bin', HOME: folder, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' };
    const { stdout } = await promisify(execFile)(cli ?? 'aws', ['--endpoint-url', cloud.endpoint, ...args], { env: environment, maxBuffer: 1 << 24 });
    return stdout;
  };
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await run(...args, '--output', 'json')) || '{}') as T;

  it('kinesis: put-record, list-shards, get-records', async () => {
    const { ShardId, SequenceNumber } = await json<{ ShardId: string; SequenceNumber: string }>('kinesis', 'put-record', '--stream-name', 'cli-stream', '--partition-key', 'a', '--data', Buffer.from('hello').toString('base64'));
    const { Shards } = await json<{ Shards: { ShardId: string }[] }>('kinesis', 'list-shards', '--stream-name', 'cli-stream');
    expect(Shards.map((shard) => shard.ShardId)).toContain(ShardId);
    expect(Shards).toHaveLength(2);
    const { ShardIterator } = await json<{ ShardIterator: string }>('kinesis', 'get-shard-iterator', '--stream-name', 'cli-stream', '--shard-id', ShardId, '--shard-iterator-type', 'TRIM_HORIZON');
    const { Records, MillisBehindLatest } = await json<{ Records: { Data: string; SequenceNumber: string; PartitionKey: string }[]; MillisBehindLatest: number }>('kinesis', 'get-records', '--shard-iterator', ShardIterator);
    expect(Records).toMatchObject([{ Data: Buffer.from('hello').toString('base64'), SequenceNumber, PartitionKey: 'a' }]);
    expect(MillisBehindLatest).toBe(0);
  });

  it('dynamodb: put-item, scan, query', async () => {
    for (const pk of ['a', 'b']) await run('dynamodb', 'put-item', '--table-name', 'cli-table', '--item', JSON.stringify({ pk: { S: pk }, n: { N: '1' } }));
    expect(await json('dynamodb', 'scan', '--table-name', 'cli-table')).toMatchObject({ Count: 2, ScannedCount: 2 });
    const found = await json('dynamodb', 'query', '--table-name', 'cli-table', '--key-condition-expression', 'pk = :pk', '--expression-attribute-values', '{":pk":{"S":"b"}}');
    expect(found).toMatchObject({ Items: [{ pk: { S: 'b' }, n: { N: '1' } }], Count: 1 });
  });

  it('stepfunctions: start-execution, list-executions, describe-execution, get-execution-history', async () => {
    const { stateMachines } = await json<{ stateMachines: { stateMachineArn: string; name: string }[] }>('stepfunctions', 'list-state-machines');
    const machineArn = stateMachines.find((one) => one.name === 'cli-machine')?.stateMachineArn ?? '';
    const { executionArn } = await json<{ executionArn: string }>('stepfunctions', 'start-execution', '--state-machine-arn', machineArn, '--name', 'first', '--input', '{"name":"Ann"}');
    const described = async (): Promise<{ status: string; output?: string }> => json('stepfunctions', 'describe-execution', '--execution-arn', executionArn);
    let execution = await described();
    while (execution.status === 'RUNNING') execution = await described();
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"hello":"Ann"}' });
    const { executions } = await json<{ executions: object[] }>('stepfunctions', 'list-executions', '--state-machine-arn', machineArn, '--status-filter', 'SUCCEEDED');
    expect(executions).toMatchObject([{ name: 'first', status: 'SUCCEEDED', executionArn }]);
    const { events } = await json<{ events: { id: number; type: string }[] }>('stepfunctions', 'get-execution-history', '--execution-arn', executionArn);
    expect(events.map((event) => event.id)).toEqual(events.map((_event, at) => at + 1));
    expect(events.map((event) => event.type)).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded', 'TaskStateExited', 'SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded',
    ]);
  });

  it('sqs: send-message, receive-message, delete-message', async () => {
    const { QueueUrl } = await json<{ QueueUrl: string }>('sqs', 'get-queue-url', '--queue-name', 'cli-queue');
    await run('sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'hello', '--message-attributes', '{"kind":{"DataType":"String","StringValue":"greeting"}}');
    const { Messages } = await json<{ Messages: { Body: string; ReceiptHandle: string }[] }>('sqs', 'receive-message', '--queue-url', QueueUrl, '--attribute-names', 'All', '--message-attribute-names', 'All');
    expect(Messages).toMatchObject([{ Body: 'hello', MessageAttributes: { kind: { StringValue: 'greeting', DataType: 'String' } }, Attributes: { ApproximateReceiveCount: '1' } }]);
    await run('sqs', 'delete-message', '--queue-url', QueueUrl, '--receipt-handle', Messages[0]?.ReceiptHandle ?? '');
    expect((await json<{ Attributes: object }>('sqs', 'get-queue-attributes', '--queue-url', QueueUrl, '--attribute-names', 'All')).Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  it('sns: list-topics, publish', async () => {
    const { Topics } = await json<{ Topics: { TopicArn: string }[] }>('sns', 'list-topics');
    const topic = Topics.find((one) => one.TopicArn.endsWith(':cli-topic'))?.TopicArn ?? '';
    expect((await json<{ MessageId: string }>('sns', 'publish', '--topic-arn', topic, '--message', 'hello')).MessageId).toMatch(/^[\da-f-]{36}$/);
  });

  it('s3: cp both ways, also in parts, ls, rm', async () => {
    const small = join(folder, 'small.txt');
    const large = join(folder, 'large.bin');
    writeFileSync(small, 'hello');
    writeFileSync(large, Buffer.alloc(9 * 1024 * 1024, 7));
    await run('s3', 'cp', small, 's3://cli-bucket/in/small.txt');
    await run('s3', 'cp', large, 's3://cli-bucket/in/large.bin');
    expect(await run('s3', 'ls', 's3://cli-bucket/in/')).toMatch(/ 9437184 large\.bin\n.* 5 small\.txt\n/);
    await run('s3', 'cp', 's3://cli-bucket/in/large.bin', `${large}.back`);
    expect(readFileSync(`${large}.back`).equals(readFileSync(large))).toBe(true);
    await run('s3', 'rm', 's3://cli-bucket/in/', '--recursive');
    expect((await run('s3', 'ls')).trim()).toMatch(/ cli-bucket$/m);
  });

  it('redshift-data: execute-statement, describe-statement, get-statement-result', async () => {
    const { Id } = await json<{ Id: string }>('redshift-data', 'execute-statement', '--workgroup-name', 'orderflow-local', '--database', 'orderflow', '--sql', 'SELECT :n::int + 1 AS two', '--parameters', 'name=n,value=1');
    const described = async (): Promise<{ Status: string; Error?: string }> => json('redshift-data', 'describe-statement', '--id', Id);
    let statement = await described();
    while (['SUBMITTED', 'PICKED', 'STARTED'].includes(statement.Status)) statement = await described();
    expect(statement).toMatchObject({ Status: 'FINISHED' });
    expect(await json('redshift-data', 'get-statement-result', '--id', Id)).toMatchObject({ Records: [[{ longValue: 2 }]], TotalNumRows: 1, ColumnMetadata: [{ name: 'two' }] });
  });

  it('sesv2: send-email', async () => {
    const sent = await json<{ MessageId: string }>('sesv2', 'send-email', '--from-email-address', 'orders@shop.example', '--destination', 'ToAddresses=ann@mail.example', '--content', '{"Simple":{"Subject":{"Data":"Order"},"Body":{"Text":{"Data":"hello"}}}}');
    const { emails } = (await (await fetch(`http://127.0.0.1:${cloud.ports['mail']}/store`)).json()) as { emails: { messageId: string; subject: string }[] };
    expect(emails.find((one) => one.messageId === sent.MessageId)?.subject).toBe('Order');
  });

  it('lambda: invoke; logs: tail and filter-log-events', async () => {
    const file = join(folder, 'answer.json');
    expect(await json('lambda', 'invoke', '--function-name', 'cli-local-greet', '--cli-binary-format', 'raw-in-base64-out', '--payload', '{"name":"Bob"}', file)).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ hello: 'Bob' });
    const group = '/aws/lambda/cli-local-greet';
    expect(await run('logs', 'tail', group, '--since', '10m')).toMatch(/greeting Bob/);
    expect((await json<{ events: { message: string }[] }>('logs', 'filter-log-events', '--log-group-name', group, '--filter-pattern', 'greeting')).events.map((event) => event.message)).toContainEqual(expect.stringContaining('greeting Bob'));
  });

  it('scheduler: list-schedules', async () => {
    expect(await json('scheduler', 'list-schedules')).toMatchObject({ Schedules: [{ Name: 'cli-tick', State: 'ENABLED', GroupName: 'default' }] });
  });

  it('cloudformation: describe-stacks', async () => {
    const { Stacks } = await json<{ Stacks: object[] }>('cloudformation', 'describe-stacks');
    expect(Stacks).toMatchObject([{ StackStatus: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) as string, Outputs: [{ OutputKey: 'StreamArn', ExportName: 'cli-stream-arn', OutputValue: expect.stringContaining('stream/cli-stream') as string }] }]);
    await expect(run('cloudformation', 'describe-stacks', '--stack-name', 'none')).rejects.toMatchObject({ stderr: expect.stringContaining('(ValidationError)') as string });
  });
});
