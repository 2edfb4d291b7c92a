import type { Alarm, AlarmState } from './alarm.ts';
import type { KeptAlarm } from './store.ts';

/** A change of state, as actions and events tell it. */
export interface Transition {
  readonly alarm: Alarm;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  readonly before: KeptAlarm;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly at: number;
}

const REGION_NAMES: Readonly<Record<string, string>> = { 'eu-west-1': 'EU (Ireland)' };
const plusZero = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

/** What a topic is sent. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export function topicMessage({ alarm, arn, region, accountId, before, state, reason, at }: Transition): { readonly subject: string; readonly message: string } {
  const place = REGION_NAMES[region] ?? region;
  return {
    subject: `${state}: "${alarm.name}" in ${place}`.slice(0, 100),
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: alarm.description ?? null,
      AWSAccountId: accountId,
      AlarmConfigurationUpdatedTimestamp: plusZero(alarm.configuredAt),
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: plusZero(at),
      Region: place,
      AlarmArn: arn,
      OldStateValue: before.state,
      OKActions: alarm.actions.OK,
      AlarmActions: alarm.actions.ALARM,
      InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
      Trigger: {
        MetricName: alarm.metric,
        Namespace: alarm.namespace,
        ...(alarm.extended ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: alarm.statistic } : { StatisticType: 'Statistic', Statistic: statisticName(alarm.statistic) }),
        Unit: alarm.unit ?? null,
        Dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ value, name })),
        Period: alarm.periodSeconds,
        EvaluationPeriods: alarm.evaluationPeriods,
        ...(alarm.datapointsGiven ? { DatapointsToAlarm: alarm.datapointsToAlarm } : {}),
        ComparisonOperator: alarm.comparison,
        Threshold: alarm.threshold,
        TreatMissingData: alarm.missingGiven ? alarm.missing : '',
        EvaluateLowSampleCountPercentile: '',
      },
    }),
  };
}

const statisticName = (statistic: string): string => statistic.replace('SampleCount', 'SAMPLE_COUNT').toUpperCase();

const configuration = ({ alarm }: Transition): Record<string, unknown> => ({
  ...(alarm.description === undefined ? {} : { description: alarm.description }),
  metrics: [{
    id: alarm.name.replaceAll(/\W/g, '_').toLowerCase(), returnData: true,
    metricStat: { metric: { namespace: alarm.namespace, name: alarm.metric, dimensions: alarm.dimensions }, period: alarm.periodSeconds, stat: alarm.statistic },
  }],
});

/** What EventBridge is told. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function stateChangeEvent(transition: Transition): { readonly source: string; readonly 'detail-type': string; readonly resources: string[]; readonly detail: unknown } {
  const { alarm, arn, before, state, reason, reasonData, at } = transition;
  return {
    source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', resources: [arn],
    detail: {
      alarmName: alarm.name, configuration: configuration(transition),
      state: { value: state, reason, reasonData, timestamp: plusZero(at) },
      previousState: { value: before.state, reason: before.reason, reasonData: before.reasonData, timestamp: plusZero(before.stateAt) },
    },
  };
}

/** What a function is invoked with. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export function functionEvent(transition: Transition): string {
  const { alarm, arn, region, accountId, before, state, reason, reasonData, at } = transition;
  return JSON.stringify({
    source: 'aws.cloudwatch', alarmArn: arn, accountId, time: plusZero(at), region,
    alarmData: {
      alarmName: alarm.name, state: { value: state, reason, reasonData, timestamp: plusZero(at) },
      previousState: { value: before.state, reason: before.reason, reasonData: before.reasonData, timestamp: plusZero(before.stateAt) }, configuration: configuration(transition),
    },
  });
}
