import { CloudWatchClient, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, DescribeLogGroupsCommand, DescribeLogStreamsCommand, FilterLogEventsCommand, GetLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand, SecretsManagerClient, UpdateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startForTest } from './started-for-test.ts';
import type { StartedForTest } from './started-for-test.ts';

let started: StartedForTest;
const clients: { destroy(): void }[] = [];
const open = <T extends { destroy(): void }>(make: new (options: object) => T): T => {
  const client = new make({ ...started.client, maxAttempts: 1 });
  clients.push(client);
  return client;
};

beforeAll(async () => void (started = await startForTest(__dirname)));
afterAll(async () => {
  for (const client of clients) client.destroy();
  await started.close();
});

test('secrets keep their versions by stage', async () => {
  const client = open(SecretsManagerClient);
  const SecretId = 'orderflow/local/sources/shopify/default';
  const { ARN, VersionId: first } = await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
  await expect(client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }))).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const value = async (VersionStage?: string) => (await client.send(new GetSecretValueCommand({ SecretId: ARN!, ...(VersionStage !== undefined && { VersionStage }) }))).SecretString;
  expect(await value()).toBe('one');
  const { VersionId: second } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  expect([await value(), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
  const { VersionId: third } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'three', VersionStages: ['AWSPENDING'] }));
  expect([await value(), await value('AWSPENDING')]).toEqual(['two', 'three']);
  await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: third!, RemoveFromVersionId: second! }));
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(VersionIdsToStages).toEqual({ [second!]: ['AWSPREVIOUS'], [third!]: ['AWSPENDING', 'AWSCURRENT'] });
  expect(VersionIdsToStages).not.toHaveProperty(first!);
  await client.send(new UpdateSecretCommand({ SecretId, SecretString: 'four' }));
  expect(started.services.secrets.value(SecretId)).toBe('four');
  expect((await client.send(new ListSecretsCommand({}))).SecretList!.map((one) => one.Name)).toEqual([SecretId]);
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(value()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  started.services.secrets.ensure('in process', 'x');
  started.services.secrets.ensure('in process', 'y');
  expect((await client.send(new GetSecretValueCommand({ SecretId: 'in process' }))).SecretString).toBe('x');
});

test('parameters by name and by path', async () => {
  const client = open(SSMClient);
  const put = (Name: string, Value: string, Overwrite = false) => client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));
  await put('/orderflow/local/a', '1');
  await put('/orderflow/local/deep/b', '2');
  await expect(put('/orderflow/local/a', '3')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('/orderflow/local/a', '3', true)).Version).toBe(2);
  expect((await client.send(new GetParameterCommand({ Name: '/orderflow/local/a' }))).Parameter).toMatchObject({ Value: '3', Version: 2 });
  expect(await client.send(new GetParametersCommand({ Names: ['/orderflow/local/a', 'none'] }))).toMatchObject({ Parameters: [{ Value: '3' }], InvalidParameters: ['none'] });
  const path = async (Recursive: boolean) => (await client.send(new GetParametersByPathCommand({ Path: '/orderflow/local', Recursive }))).Parameters!.map((one) => one.Value);
  expect([await path(false), await path(true)]).toEqual([['3'], ['3', '2']]);
  await expect(client.send(new GetParameterCommand({ Name: 'none' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('STS tells the account and gives keys', async () => {
  const client = open(STSClient);
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/local' });
  const { Credentials, AssumedRoleUser } = await client.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/deployer', RoleSessionName: 'me' }));
  expect(Credentials!.AccessKeyId).toMatch(/^assumed:deployer:me:\d+$/);
  expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::000000000000:assumed-role/deployer/me');
});

test('logs from this process and from clients are found by group, stream, time and word', async () => {
  const client = open(CloudWatchLogsClient);
  const logGroupName = '/aws/lambda/orders-consume';
  const now = Date.now();
  started.services.logs.append(logGroupName, 'a', 'START', now - 3000);
  started.services.logs.append(logGroupName, 'a', '{"level":"ERROR","code":"X1"}', now - 2000);
  await expect(client.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'b' }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 'b', logEvents: [{ timestamp: now - 1000, message: 'from a client' }] }));
  const filter = async (more = {}) => (await client.send(new FilterLogEventsCommand({ logGroupName, ...more }))).events!.map((one) => one.message);
  expect(await filter()).toEqual(['START', '{"level":"ERROR","code":"X1"}', 'from a client']);
  expect(await filter({ filterPattern: 'ERROR' })).toEqual(['{"level":"ERROR","code":"X1"}']);
  expect(await filter({ startTime: now - 1500 })).toEqual(['from a client']);
  expect(await filter({ logStreamNames: ['b'] })).toEqual(['from a client']);
  const first = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 2 }));
  expect(await filter({ nextToken: first.nextToken })).toEqual(['from a client']);
  expect((await client.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'a', startFromHead: true }))).events!.map((one) => one.message)).toEqual(['START', '{"level":"ERROR","code":"X1"}']);
  expect((await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda' }))).logGroups!.map((one) => one.logGroupName)).toEqual([logGroupName]);
  expect((await client.send(new DescribeLogStreamsCommand({ logGroupName }))).logStreams!.map((one) => one.logStreamName)).toEqual(['a', 'b']);
  await expect(client.send(new FilterLogEventsCommand({ logGroupName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('metrics from clients and from log lines add up', async () => {
  const client = open(CloudWatchClient);
  const Namespace = 'Orderflow';
  const Dimensions = [{ Name: 'service', Value: 'orders' }];
  const [StartTime, EndTime] = [new Date(Date.now() - 600_000), new Date(Date.now() + 60_000)];
  await client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'accepted', Dimensions, Value: 2 }, { MetricName: 'accepted', Dimensions, Values: [3, 5] }] }));
  const line = { service: 'orders', accepted: 10, _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace, Dimensions: [['service']], Metrics: [{ Name: 'accepted', Unit: 'Count' }] }] } };
  started.services.logs.append('/aws/lambda/x', 's', JSON.stringify(line));
  started.services.logs.append('/aws/lambda/x', 's', 'not json "CloudWatchMetrics"');
  const query = (Stat: string) => ({ Id: Stat.toLowerCase(), MetricStat: { Metric: { Namespace, MetricName: 'accepted', Dimensions }, Period: 3600, Stat } });
  const { MetricDataResults } = await client.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries: [query('Sum'), query('Maximum'), query('SampleCount')] }));
  const total = (id: string) => MetricDataResults!.find((one) => one.Id === id)!.Values!.reduce((sum, one) => sum + one, 0);
  expect([total('sum'), total('samplecount')]).toEqual([20, 4]);
  expect(MetricDataResults!.find((one) => one.Id === 'sum')!.Timestamps![0]).toBeInstanceOf(Date);
  expect((await client.send(new GetMetricStatisticsCommand({ Namespace, MetricName: 'accepted', Dimensions, StartTime, EndTime, Period: 3600, Statistics: ['Average'] }))).Datapoints![0]!.Average).toBe(5);
  expect((await client.send(new ListMetricsCommand({ Namespace }))).Metrics).toEqual([{ Namespace, MetricName: 'accepted', Dimensions }]);
  expect(started.services.metrics.statistic(Namespace, 'accepted', { service: 'orders' }, 'Sum', StartTime.getTime(), EndTime.getTime())).toBe(20);
});
