import {
  CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, DescribeAlarmsForMetricCommand, DisableAlarmActionsCommand, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand,
  PutMetricAlarmCommand, PutMetricDataCommand, SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { policyFor } from './policies.ts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

describe('CloudWatch', () => {
  let target: ConformanceTarget;
  let cloudWatch: CloudWatchClient;
  let Namespace: string;
  const Dimensions = [{ Name: 'service', Value: 'orders' }];
  const span = () => ({ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000) });

  beforeAll(async () => {
    target = await conformanceTarget();
    cloudWatch = new CloudWatchClient({ ...target.client, maxAttempts: 1 });
    Namespace = target.unique('Conformance');
  });
  afterAll(async () => {
    cloudWatch.destroy();
    await target.close();
  });

  it('keeps what it is told', async () => {
    await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'accepted', Dimensions, Value: 2, Unit: 'Count' }, { MetricName: 'accepted', Dimensions, Unit: 'Count', Values: [3, 5], Counts: [1, 2] }, { MetricName: 'accepted', Dimensions, Unit: 'Count', StatisticValues: { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 } }] }));
    const query = (Stat: string) => ({ Id: Stat.toLowerCase(), MetricStat: { Metric: { Namespace, MetricName: 'accepted', Dimensions }, Period: 3600, Stat } });
    const { MetricDataResults } = await cloudWatch.send(new GetMetricDataCommand({ ...span(), MetricDataQueries: ['Sum', 'Maximum', 'Minimum', 'SampleCount'].map(query) }));
    const total = (id: string) => MetricDataResults?.find((one) => one.Id === id)?.Values?.reduce((sum, one) => sum + one, 0);
    expect(['sum', 'samplecount'].map(total)).toEqual([45, 6]);
    expect(MetricDataResults?.[0]?.Timestamps?.[0]).toBeInstanceOf(Date);
    const { Datapoints } = await cloudWatch.send(new GetMetricStatisticsCommand({ Namespace, MetricName: 'accepted', Dimensions, ...span(), Period: 3600, Statistics: ['Average', 'Maximum'] }));
    expect(Datapoints?.[0]).toMatchObject({ Average: 7.5, Maximum: 20, Unit: 'Count' });
    expect((await cloudWatch.send(new ListMetricsCommand({ Namespace }))).Metrics).toEqual([{ Namespace, MetricName: 'accepted', Dimensions }]);
    expect((await cloudWatch.send(new ListMetricsCommand({ Namespace, Dimensions: [{ Name: 'service', Value: 'other' }] }))).Metrics).toEqual([]);
  });

  it('refuses what is wrong', async () => {
    const put = (more: object) => cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1, ...more }] }));
    await expect(cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'm', Value: 1 }] }))).rejects.toThrow('AWS/');
    await expect(put({ Timestamp: new Date(Date.now() - 20 * 86_400_000) })).rejects.toThrow();
    await expect(put({ Values: [1, 2], Counts: [1] })).rejects.toThrow();
    await expect(cloudWatch.send(new GetMetricStatisticsCommand({ Namespace, MetricName: 'm', ...span(), Period: 90, Statistics: ['Sum'] }))).rejects.toThrow();
    await expect(cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'x' }))).rejects.toMatchObject({ name: expect.stringMatching(/^ResourceNotFound/) as unknown });
  });

  it('keeps alarms, and tells a topic when one changes', async () => {
    const [sns, sqs] = [new SNSClient(target.client), new SQSClient(target.client)];
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: target.unique('topic') }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: target.unique('queue'), Attributes: { Policy: policyFor('sns.amazonaws.com', 'sqs:SendMessage') } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] }));
    const AlarmName = target.unique('alarm');
    const alarm = {
      AlarmName, AlarmDescription: 'about', Namespace, MetricName: 'accepted', Dimensions, Statistic: 'Sum' as const, Period: 60, EvaluationPeriods: 3, DatapointsToAlarm: 2, Threshold: 1.5,
      ComparisonOperator: 'GreaterThanThreshold' as const, TreatMissingData: 'notBreaching', AlarmActions: [TopicArn ?? ''],
    };
    await cloudWatch.send(new PutMetricAlarmCommand(alarm));
    const shown = async () => (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms?.[0];
    expect(await shown()).toMatchObject({ ...alarm, ActionsEnabled: true, AlarmArn: expect.stringMatching(new RegExp(`:alarm:${AlarmName}$`)) as unknown });
    expect((await shown())?.StateUpdatedTimestamp).toBeInstanceOf(Date);
    expect((await cloudWatch.send(new DescribeAlarmsForMetricCommand({ Namespace, MetricName: 'accepted', Dimensions }))).MetricAlarms?.map((each) => each.AlarmName)).toEqual([AlarmName]);

    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'by hand' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const notice = JSON.parse(Messages?.[0]?.Body ?? '{}') as { Subject: string; Message: string };
    expect(notice.Subject).toBe(`ALARM: "${AlarmName}" in EU (Ireland)`);
    expect(JSON.parse(notice.Message)).toMatchObject({ AlarmName, NewStateValue: 'ALARM', NewStateReason: 'by hand', Trigger: { MetricName: 'accepted', Statistic: 'SUM', Dimensions: [{ name: 'service', value: 'orders' }], Threshold: 1.5 } });
    expect((await cloudWatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmNamePrefix: AlarmName }))).MetricAlarms).toHaveLength(1);
    const { AlarmHistoryItems } = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName }));
    expect(AlarmHistoryItems?.map((item) => item.HistoryItemType)).toEqual(expect.arrayContaining(['StateUpdate', 'ConfigurationUpdate', 'Action']));
    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
    expect((await shown())?.ActionsEnabled).toBe(false);

    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect(await shown()).toBeUndefined();
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    sns.destroy();
    sqs.destroy();
  });
});
