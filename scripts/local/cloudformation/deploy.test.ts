import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelUpdateStackCommand, CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, ListStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type CloudProcess } from '../testing/cloud-process.ts';
import { deployed } from '../testing/deployed.ts';
import { writePackage } from '../testing/fixture-package.ts';

jest.setTimeout(60_000);
const root = join(__dirname, '../../..');
let folder: string;
let cloud: CloudProcess | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'deploy-'))));
afterEach(async () => {
  await cloud?.stop('SIGKILL');
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const arn = (logical: string) => ({ 'Fn::GetAtt': [logical, 'Arn'] });
const own = `exports.handler = async (event) => { if (event.ResponseURL) await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'own', Data: { Times: event.RequestType } }) }); return 'ok'; };`;
const sources = { consume: 'exports.handler = async () => ({ batchItemFailures: [] });', own };
const resources = {
  ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  Events: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'fix-events', ShardCount: 2, RetentionPeriodHours: 48 } },
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'ConsumeLambdaFunction' }, EventSourceArn: arn('Events'), BatchSize: 7, StartingPosition: 'TRIM_HORIZON', FunctionResponseTypes: ['ReportBatchItemFailures'] } },
  Items: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'fix-items', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } } },
  Dead: { Type: 'AWS::SQS::Queue' },
  Notices: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 40, RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 } } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'fix' } },
  ToQueue: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: arn('Notices'), RawMessageDelivery: true, FilterPolicy: { kind: ['a'] } } },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: arn('OwnRole'), DefinitionString: { 'Fn::Sub': [JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource: '${Fn}', End: true } } }), { Fn: arn('OwnLambdaFunction') }] } } },
  Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 'a', Arn: arn('OwnLambdaFunction') }] } },
  Tick: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: arn('OwnLambdaFunction'), RoleArn: arn('OwnRole') } } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/fix', RetentionInDays: 7 } },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'fix', ProtocolType: 'HTTP' } },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'fix-alarm', Namespace: 'fix', MetricName: 'Beat', Statistic: 'Sum', Period: 300, EvaluationPeriods: 3, Threshold: 1, ComparisonOperator: 'LessThanThreshold', AlarmActions: [{ Ref: 'Topic' }] } },
  Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: { Ref: 'Topic' } }] } } },
  Inert: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } },
  Own: { Type: 'Custom::Own', Properties: { ServiceToken: arn('OwnLambdaFunction'), Version: 1 } },
};
const outputs = { Outputs: { Own: { Value: { 'Fn::GetAtt': ['Own', 'Times'] } }, Stream: { Value: arn('Events'), Export: { Name: 'fix-stream' } }, Notices: { Value: { Ref: 'Notices' } }, Bucket: { Value: { Ref: 'ServerlessDeploymentBucket' } } } };
const packages = (): string => join(folder, 'packages');
const templateFile = (): string => join(packages(), 'fix/cloudformation-template-update-stack.json');
const write = (more: Readonly<Record<string, unknown>> = {}): void => {
  writePackage(packages(), 'fix', sources, { ...resources, ...more }, outputs);
  // as the framework packages: from its bucket, by a role that is made for what it needs
  writeFileSync(templateFile(), readFileSync(templateFile(), 'utf8').replaceAll('"Code":{"S3Key"', '"Code":{"S3Bucket":{"Ref":"ServerlessDeploymentBucket"},"S3Key"').replaceAll('"AssumeRolePolicyDocument":{}', '"AssumeRolePolicyDocument":{"Statement":[{"Effect":"Allow","Principal":{"Service":["states.amazonaws.com","scheduler.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}]}'));
};
const common = () => ({ endpoint: cloud!.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
const status = async (name: string): Promise<string> => (await new CloudFormationClient(common()).send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!.StackStatus!;
async function settled(name: string): Promise<string> {
  for (;;) {
    const now = await status(name);
    if (!now.endsWith('_IN_PROGRESS')) return now;
    await new Promise((done) => setTimeout(done, 20));
  }
}
const events = async (name: string): Promise<string[]> => ((await new CloudFormationClient(common()).send(new DescribeStackEventsCommand({ StackName: name }))).StackEvents ?? []).reverse().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);

/** The steps of `serverless deploy`: a stack with the bucket, the artefacts, the stack whole. */
async function deployForReal(): Promise<void> {
  const client = new CloudFormationClient(common());
  const s3 = new S3Client({ ...common(), forcePathStyle: true });
  const template = JSON.parse(readFileSync(templateFile(), 'utf8')) as { Resources: Record<string, unknown> };
  const bucket = { Resources: { ServerlessDeploymentBucket: template.Resources['ServerlessDeploymentBucket'] }, Outputs: { Bucket: outputs.Outputs.Bucket } };
  await client.send(new CreateStackCommand({ StackName: 'fix-local', TemplateBody: JSON.stringify(bucket), OnFailure: 'DELETE' }));
  expect(await settled('fix-local')).toBe('CREATE_COMPLETE');
  const Bucket = (await client.send(new DescribeStacksCommand({ StackName: 'fix-local' }))).Stacks![0]!.Outputs![0]!.OutputValue!;
  for (const name of Object.keys(sources)) await s3.send(new PutObjectCommand({ Bucket, Key: `serverless/x/${name}.zip`, Body: readFileSync(join(packages(), 'fix', `${name}.zip`)) }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'serverless/x/template.json', Body: readFileSync(templateFile()) }));
  await client.send(new UpdateStackCommand({ StackName: 'fix-local', TemplateURL: `https://s3.eu-west-1.amazonaws.com/${Bucket}/serverless/x/template.json`, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] }));
}

it('both ways end in the same resources; inert types are told', async () => {
  write();
  cloud = await startCloud(root, join(folder, 'short'), packages());
  const short = await deployed(cloud.endpoint);
  expect(cloud.output()).toContain('does nothing here: ');
  await cloud.stop('SIGTERM');
  cloud = await startCloud(root, join(folder, 'real'), undefined);
  await deployForReal();
  expect(await settled('fix-local')).toBe('UPDATE_COMPLETE');
  const real = await deployed(cloud.endpoint);
  expect(cloud.output()).toContain('stack fix-local: does nothing here: AWS::KMS::Key');
  for (const what of Object.keys(short)) expect([what, real[what]]).toEqual([what, short[what]]);
  expect(Object.values(short).every((each) => (each as unknown[]).length > 0)).toBe(true);
});

it('a restart makes nothing anew; what changed in the package, and only that, is updated', async () => {
  write();
  cloud = await startCloud(root, join(folder, 'data'), packages());
  const before = await deployed(cloud.endpoint);
  const first = await events('fix-local');
  await cloud.stop('SIGKILL');
  cloud = await startCloud(root, join(folder, 'data'), packages());
  expect(await deployed(cloud.endpoint)).toEqual(before);
  expect(await events('fix-local')).toEqual(first);
  await cloud.stop('SIGTERM');
  write({ Dead: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 99 } }, Logs: undefined, Own: { ...resources.Own, Properties: { ...resources.Own.Properties, Version: 2 } } });
  cloud = await startCloud(root, join(folder, 'data'), packages());
  const touched = (await events('fix-local')).slice(first.length).filter((event) => event.endsWith('COMPLETE'));
  expect(touched.sort()).toEqual(['Dead UPDATE_COMPLETE', 'Logs DELETE_COMPLETE', 'Own UPDATE_COMPLETE', 'fix-local UPDATE_COMPLETE']);
  await cloud.stop('SIGTERM');
  // without packages everything goes on as it stands
  cloud = await startCloud(root, join(folder, 'data'), undefined);
  const lambda = new LambdaClient(common());
  expect(Buffer.from((await lambda.send(new InvokeCommand({ FunctionName: 'fix-local-own' }))).Payload!).toString()).toBe('"ok"');
  lambda.destroy();
});

it('a deployment that is killed half way is rolled back by the next start, and can be made again', async () => {
  const slow = `exports.handler = async (event) => { if (event.RequestType !== 'Delete') { await new Promise(() => undefined); } await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS' }) }); };`;
  const template = (extra: object = {}): string => JSON.stringify({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] } } },
      Kept: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', Properties: { TableName: 'killed-items', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'killed', Timeout: 60, MemorySize: 128, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: arn('Role'), Code: { ZipFile: slow } } },
      ...extra,
    },
  });
  const never = { Never: { Type: 'Custom::Never', DependsOn: ['Kept'], Properties: { ServiceToken: arn('Function') } } };
  const capabilities = { Capabilities: ['CAPABILITY_IAM' as const] };
  const waiting = async (name: string, since?: string): Promise<void> => {
    for (let told: string[] = []; !told.slice(since === undefined ? 0 : told.lastIndexOf(since)).includes('Never CREATE_IN_PROGRESS'); told = await events(name)) {
      const now = await status(name);
      if (!now.endsWith('_IN_PROGRESS')) throw new Error(`${name} is ${now}: ${told.join(', ')}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  const again = async (): Promise<void> => {
    await cloud!.stop('SIGKILL');
    cloud = await startCloud(root, join(folder, 'data'), undefined);
  };
  cloud = await startCloud(root, join(folder, 'data'), undefined);
  await new CloudFormationClient(common()).send(new CreateStackCommand({ StackName: 'killed', TemplateBody: template(never), ...capabilities }));
  await waiting('killed');
  await again();
  expect(await status('killed')).toBe('ROLLBACK_COMPLETE');
  expect((await deployed(cloud.endpoint))['tables']).toEqual([]);
  await new CloudFormationClient(common()).send(new CreateStackCommand({ StackName: 'fine', TemplateBody: template(), ...capabilities }));
  expect(await settled('fine')).toBe('CREATE_COMPLETE');
  await new CloudFormationClient(common()).send(new UpdateStackCommand({ StackName: 'fine', TemplateBody: template(never).replace('"MemorySize":128', '"MemorySize":256'), ...capabilities }));
  await waiting('fine');
  await again();
  expect(await status('fine')).toBe('UPDATE_ROLLBACK_COMPLETE');
  const lambda = new LambdaClient(common());
  expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'killed' }))).toMatchObject({ MemorySize: 128 });
  lambda.destroy();
  await new CloudFormationClient(common()).send(new UpdateStackCommand({ StackName: 'fine', TemplateBody: template({ Extra: { Type: 'AWS::SQS::Queue' } }), ...capabilities }));
  expect(await settled('fine')).toBe('UPDATE_COMPLETE');
  // the same function keeps operations waiting until they are called off
  const client = new CloudFormationClient(common());
  await client.send(new UpdateStackCommand({ StackName: 'fine', TemplateBody: template(never), ...capabilities }));
  await waiting('fine', 'fine UPDATE_COMPLETE');
  await client.send(new CancelUpdateStackCommand({ StackName: 'fine' }));
  expect(await settled('fine')).toBe('UPDATE_ROLLBACK_COMPLETE');
  await client.send(new DeleteStackCommand({ StackName: 'killed' }));
  await client.send(new CreateStackCommand({ StackName: 'unwanted', TemplateBody: template(never).replaceAll('"killed', '"unwanted'), ...capabilities }));
  await waiting('unwanted');
  await client.send(new DeleteStackCommand({ StackName: 'unwanted' }));
  for (let left = 3; left > 2; left = (await client.send(new DescribeStacksCommand({}))).Stacks!.length + 1) await new Promise((done) => setTimeout(done, 20));
  const { StackSummaries } = await new CloudFormationClient(common()).send(new ListStacksCommand({}));
  expect(StackSummaries!.map((stack) => `${stack.StackName} ${stack.StackStatus}`).sort()).toEqual(['fine UPDATE_ROLLBACK_COMPLETE', 'killed DELETE_COMPLETE', 'unwanted DELETE_COMPLETE']);
});
