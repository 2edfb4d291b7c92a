import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudFormationClient, DescribeStacksCommand, ListExportsCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamSummaryCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeStateMachineCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** What differs between two deployments of the same: when, where the machine listens, ids that services draw. */
const PASSING = /(Date|Time|Timestamp|LastModified|TimestampMillis|createdAt|creationDate|updateDate|LastUpdated\w*|RevisionId|revisionId|MessageId|TableId|StackId|SubscriptionArn|LastProcessingResult|StateTransitionReason|Created\w*|modifiedAt)$/i;

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value === 'string') return value.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://here').replaceAll(/(stack\/[\w-]+\/)[\w-]{36}/g, '$1id').replaceAll(/(:sns:[^"]*?:[\w-]+):[0-9a-f-]{36}/g, '$1:id').replaceAll(/serverless\/[\w-]+\/\w+\/\d+-[\dTZ:.-]+\//g, 'serverless/');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !PASSING.test(name) && name !== '$metadata').map(([name, child]) => [name, steady(child)]));
}
const byText = (values: readonly unknown[]): unknown[] => values.map(steady).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));

/** What the services say of everything that stacks have made, without what differs from one deployment to the next. */
export async function deployed(endpoint: string): Promise<Record<string, unknown>> {
  const common = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const cloud = new CloudFormationClient(common);
  const monitoring = new CloudWatchClient(common);
  const lambda = new LambdaClient(common);
  const kinesis = new KinesisClient(common);
  const dynamodb = new DynamoDBClient(common);
  const sqs = new SQSClient(common);
  const sns = new SNSClient(common);
  const states = new SFNClient(common);
  const scheduler = new SchedulerClient(common);
  const logs = new CloudWatchLogsClient(common);
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const rules = async (): Promise<unknown[]> => {
    const ask = async (operation: string, input: object): Promise<Record<string, unknown[]>> => (await (await fetch(endpoint, { method: 'POST', body: JSON.stringify(input), headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSEvents.${operation}`, authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/events/aws4_request, SignedHeaders=host, Signature=local' } })).json()) as Record<string, unknown[]>;
    return Promise.all(((await ask('ListRules', {}))['Rules'] as { Name: string }[]).map(async (rule) => ({ ...rule, targets: (await ask('ListTargetsByRule', { Rule: rule.Name }))['Targets'] })));
  };
  try {
    const stacks = (await cloud.send(new DescribeStacksCommand({}))).Stacks ?? [];
    const resources = stacks.map(async ({ StackName: name }) => ({ name, resources: (await cloud.send(new ListStackResourcesCommand({ StackName: name }))).StackResourceSummaries?.map(({ LogicalResourceId, PhysicalResourceId, ResourceType }) => [LogicalResourceId, ResourceType, steady(PhysicalResourceId)].join(' ')).sort() }));
    const streams = (await kinesis.send(new ListStreamsCommand({}))).StreamNames ?? [];
    const tables = (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
    const queues = (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [];
    const machines = (await states.send(new ListStateMachinesCommand({}))).stateMachines ?? [];
    const schedules = (await scheduler.send(new ListSchedulesCommand({}))).Schedules ?? [];
    return {
      stacks: byText(stacks.map(({ StackName, Outputs }) => ({ StackName, Outputs: byText(Outputs ?? []) }))),
      resources: byText(await Promise.all(resources)),
      exports: byText(((await cloud.send(new ListExportsCommand({}))).Exports ?? []).map(({ Name, Value }) => ({ Name, Value }))),
      functions: byText((await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }))).Functions ?? []),
      mappings: byText((await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? []),
      streams: byText(await Promise.all(streams.map(async (StreamName) => (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary))),
      tables: byText(await Promise.all(tables.map(async (TableName) => [(await dynamodb.send(new DescribeTableCommand({ TableName }))).Table, (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription]))),
      queues: byText(await Promise.all(queues.map(async (QueueUrl) => [QueueUrl, (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes]))),
      topics: byText((await sns.send(new ListTopicsCommand({}))).Topics ?? []),
      subscriptions: byText((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []),
      machines: byText(await Promise.all(machines.map(({ stateMachineArn }) => states.send(new DescribeStateMachineCommand({ stateMachineArn }))))),
      alarms: byText((await monitoring.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? []),
      rules: byText(await rules()),
      schedules: byText(await Promise.all(schedules.map(({ Name }) => scheduler.send(new GetScheduleCommand({ Name }))))),
      roles: byText((await (await fetch(`${endpoint}/_local/roles`)).json()) as unknown[]),
      logGroups: byText(((await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? []).map(({ logGroupName, retentionInDays }) => ({ logGroupName, retentionInDays }))),
      buckets: byText(((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name)),
    };
  } finally {
    for (const client of [cloud, monitoring, lambda, kinesis, dynamodb, sqs, sns, states, scheduler, logs, s3]) client.destroy();
  }
}
