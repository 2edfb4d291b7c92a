import { AwsError } from '../service.ts';
import { text } from '../fields.ts';
import { dimensionsIn, periodIn } from '../metrics/operations.ts';
import type { Input } from '../metrics/protocol.ts';
import type { Dimensions } from '../metrics/store.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export interface Alarm {
  readonly name: string;
  readonly description?: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  /** `Sum`, `p99` … */
  readonly statistic: string;
  readonly extended: boolean;
  readonly unit?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** As it was given: shown only then. */
  readonly datapointsGiven: boolean;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missing: MissingData;
  readonly missingGiven: boolean;
  readonly actionsEnabled: boolean;
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly configuredAt: number;
}

export type Comparison = 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

export const COMPARISONS: Readonly<Record<Comparison, { readonly words: string; readonly breaches: (value: number, threshold: number) => boolean }>> = {
  GreaterThanThreshold: { words: 'greater than', breaches: (value, threshold) => value > threshold },
  GreaterThanOrEqualToThreshold: { words: 'greater than or equal to', breaches: (value, threshold) => value >= threshold },
  LessThanThreshold: { words: 'less than', breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: 'less than or equal to', breaches: (value, threshold) => value <= threshold },
};
const MISSING: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/** An alarm as PutMetricAlarm or a template describes it. */
export function alarmFrom(input: Input, now: number): Alarm {
  const name = text(input, 'AlarmName');
  if (name === '' || name.length > 255) throw invalid(`1 validation error detected: Value '${name}' at 'alarmName' failed to satisfy constraint: Member must have length between 1 and 255`);
  if (input['Metrics'] !== undefined || input['ThresholdMetricId'] !== undefined) {
    process.stderr.write(`local cloud: alarm ${name} is over an expression, which monitoring does not have\n`);
    throw invalid('The local cloud has alarms over one metric only, not over expressions');
  }
  if (text(input, 'EvaluateLowSampleCountPercentile') === 'ignore') {
    process.stderr.write(`local cloud: alarm ${name}: EvaluateLowSampleCountPercentile is not here\n`);
    throw invalid('The local cloud evaluates percentiles of few samples as of many');
  }
  const comparison = text(input, 'ComparisonOperator');
  if (!Object.hasOwn(COMPARISONS, comparison)) throw invalid(`1 validation error detected: Value '${comparison}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(COMPARISONS).join(', ')}]`);
  for (const each of ['Namespace', 'MetricName', 'Threshold', 'EvaluationPeriods', 'Period']) if (input[each] === undefined) throw new AwsError('MissingParameter', `The parameter ${each} is required.`);
  const [statistic, extended] = [text(input, 'Statistic'), text(input, 'ExtendedStatistic')];
  if ((statistic === '') === (extended === '')) throw new AwsError('InvalidParameterCombination', 'Must specify either Statistic or ExtendedStatistic, not both');
  if (statistic !== '' && !STATISTICS.includes(statistic)) throw invalid(`1 validation error detected: Value '${statistic}' at 'statistic' failed to satisfy constraint: Member must satisfy enum value set: [${STATISTICS.join(', ')}]`);
  if (extended !== '' && !/^p\d/.test(extended)) throw new AwsError('InvalidParameterValue', `The local cloud has percentiles, not ${extended}`);
  const evaluationPeriods = Number(input['EvaluationPeriods']);
  const datapoints = input['DatapointsToAlarm'] === undefined ? evaluationPeriods : Number(input['DatapointsToAlarm']);
  if (!(evaluationPeriods >= 1)) throw invalid(`1 validation error detected: Value '${evaluationPeriods}' at 'evaluationPeriods' failed to satisfy constraint: Member must have value greater than or equal to 1`);
  if (!(datapoints >= 1 && datapoints <= evaluationPeriods)) throw invalid('DatapointsToAlarm must be between 1 and EvaluationPeriods');
  const missing = text(input, 'TreatMissingData', 'missing');
  if (!MISSING.includes(missing)) throw new AwsError('InvalidParameterValue', `Invalid value for TreatMissingData: ${missing}`);
  const list = (field: string): string[] => (input[field] as string[] | undefined) ?? [];
  const periodSeconds = periodIn(input);
  if (periodSeconds * evaluationPeriods > (periodSeconds >= 3600 ? 604_800 : 86_400)) throw invalid('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
  return {
    name, namespace: text(input, 'Namespace'), metric: text(input, 'MetricName'), dimensions: dimensionsIn(input['Dimensions']),
    statistic: statistic || extended, extended: extended !== '', periodSeconds, evaluationPeriods, datapointsToAlarm: datapoints, datapointsGiven: input['DatapointsToAlarm'] !== undefined,
    threshold: Number(input['Threshold']), comparison: comparison as Comparison, missing: missing as MissingData, missingGiven: input['TreatMissingData'] !== undefined,
    actionsEnabled: input['ActionsEnabled'] === undefined || input['ActionsEnabled'] === true || input['ActionsEnabled'] === 'true',
    actions: { OK: list('OKActions'), ALARM: list('AlarmActions'), INSUFFICIENT_DATA: list('InsufficientDataActions') },
    tags: Object.fromEntries(((input['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])), configuredAt: now,
    ...(input['AlarmDescription'] === undefined ? {} : { description: text(input, 'AlarmDescription') }), ...(input['Unit'] === undefined ? {} : { unit: text(input, 'Unit') }),
  };
}
