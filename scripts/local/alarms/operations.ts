import { text } from '../fields.ts';
import { dimensionsIn, dimensionsOut } from '../metrics/operations.ts';
import { timeIn, type Input, type Operation } from '../metrics/protocol.ts';
import { AwsError } from '../service.ts';
import { alarmFrom, type AlarmState } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import type { KeptAlarm } from './store.ts';

const STATES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const keyOf = (dimensions: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(dimensions).sort());

function page<T>(items: readonly T[], input: Input, most = 50): { readonly items: readonly T[]; readonly NextToken?: string } {
  const from = Number(text(input, 'NextToken') || 0);
  if (!Number.isInteger(from)) throw new AwsError('InvalidNextToken', 'The next token is not one of this service.');
  const size = Number(input['MaxRecords'] ?? most);
  return { items: items.slice(from, from + size), ...(items.length > from + size ? { NextToken: String(from + size) } : {}) };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, those of alarms. */
export function alarmOperations(alarms: Alarms): Readonly<Record<string, Operation>> {
  const shown = ({ alarm, state, reason, reasonData, stateAt, transitionedAt }: KeptAlarm): Input => ({
    AlarmName: alarm.name, AlarmArn: alarms.arnOf(alarm.name), AlarmDescription: alarm.description, AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt), ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK, AlarmActions: alarm.actions.ALARM, InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: state, StateReason: reason, StateReasonData: reasonData || undefined, StateUpdatedTimestamp: new Date(stateAt), StateTransitionedTimestamp: new Date(transitionedAt),
    MetricName: alarm.metric, Namespace: alarm.namespace, ...(alarm.extended ? { ExtendedStatistic: alarm.statistic } : { Statistic: alarm.statistic }), Dimensions: dimensionsOut(alarm.dimensions),
    Period: alarm.periodSeconds, Unit: alarm.unit, EvaluationPeriods: alarm.evaluationPeriods, DatapointsToAlarm: alarm.datapointsGiven ? alarm.datapointsToAlarm : undefined,
    Threshold: alarm.threshold, ComparisonOperator: alarm.comparison, TreatMissingData: alarm.missingGiven ? alarm.missing : undefined,
  });
  const enable = (input: Input, actionsEnabled: boolean): void => {
    for (const name of (input['AlarmNames'] ?? []) as string[]) {
      const kept = alarms.get(name);
      if (kept) alarms.put({ ...kept.alarm, actionsEnabled, configuredAt: Date.now() });
    }
  };
  const ofArn = (input: Input): KeptAlarm => {
    const arn = text(input, 'ResourceARN');
    const kept = alarms.get(arn.split(':alarm:')[1] ?? '');
    if (!kept) throw new AwsError('ResourceNotFoundException', `${arn} does not exist`, 404);
    return kept;
  };
  const setTags = ({ alarm }: KeptAlarm, tags: Readonly<Record<string, string>>): void => alarms.put({ ...alarm, tags });

  return {
    PutMetricAlarm: (input) => alarms.put(alarmFrom(input, Date.now())),
    DescribeAlarms(input) {
      const names = input['AlarmNames'] as string[] | undefined;
      const types = (input['AlarmTypes'] ?? ['MetricAlarm']) as string[];
      const prefix = text(input, 'AlarmNamePrefix');
      if (names && prefix) throw new AwsError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix must not both be given');
      const found = alarms.all().filter(({ alarm, state }) => (!names || names.includes(alarm.name)) && alarm.name.startsWith(prefix) && (input['StateValue'] === undefined || input['StateValue'] === state));
      const { items, NextToken } = page(types.includes('MetricAlarm') ? found : [], input);
      return { MetricAlarms: items.map(shown), CompositeAlarms: [], NextToken };
    },
    DescribeAlarmsForMetric: (input) => ({
      MetricAlarms: alarms.all()
        .filter(({ alarm }) => alarm.namespace === input['Namespace'] && alarm.metric === input['MetricName'] && (input['Dimensions'] === undefined || keyOf(alarm.dimensions) === keyOf(dimensionsIn(input['Dimensions']))))
        .map(shown),
    }),
    DeleteAlarms: (input) => alarms.remove((input['AlarmNames'] ?? []) as string[]),
    SetAlarmState(input) {
      const state = text(input, 'StateValue');
      if (!STATES.includes(state)) throw new AwsError('ValidationError', `1 validation error detected: Value '${state}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`);
      const data = text(input, 'StateReasonData');
      try {
        if (data !== '') JSON.parse(data);
      } catch {
        throw new AwsError('InvalidFormat', 'StateReasonData is not JSON');
      }
      alarms.setState(text(input, 'AlarmName'), state as AlarmState, text(input, 'StateReason'), data);
    },
    EnableAlarmActions: (input) => enable(input, true),
    DisableAlarmActions: (input) => enable(input, false),
    DescribeAlarmHistory(input) {
      const [from, to] = [input['StartDate'] === undefined ? 0 : timeIn(input, 'StartDate'), input['EndDate'] === undefined ? Infinity : timeIn(input, 'EndDate')];
      const found = alarms.history(input['AlarmName'] as string | undefined).filter((item) => item.at >= from && item.at <= to && (input['HistoryItemType'] === undefined || item.type === input['HistoryItemType']));
      if (input['ScanBy'] === 'TimestampAscending') found.reverse();
      const { items, NextToken } = page(found, input, 100);
      return { AlarmHistoryItems: items.map((item) => ({ AlarmName: item.name, AlarmType: 'MetricAlarm', Timestamp: new Date(item.at), HistoryItemType: item.type, HistorySummary: item.summary, HistoryData: item.data })), NextToken };
    },
    ListTagsForResource: (input) => ({ Tags: Object.entries(ofArn(input).alarm.tags).map(([Key, Value]) => ({ Key, Value })) }),
    TagResource: (input) => setTags(ofArn(input), { ...ofArn(input).alarm.tags, ...Object.fromEntries(((input['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])) }),
    UntagResource: (input) => setTags(ofArn(input), Object.fromEntries(Object.entries(ofArn(input).alarm.tags).filter(([key]) => !((input['TagKeys'] ?? []) as string[]).includes(key)))),
  };
}
