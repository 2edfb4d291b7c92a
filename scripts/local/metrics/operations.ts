import { text } from '../fields.ts';
import { AwsError } from '../service.ts';
import { timeIn, type Input, type Operation } from './protocol.ts';
import { addValue, emptySummary, statistic, type Summary } from './statistic.ts';
import type { Dimensions, MetricFile, MetricName } from './store.ts';

interface Dimension { readonly Name: string; readonly Value?: string }

const HOUR_MS = 3_600_000;
const MOST_DATA = 1000;
const MOST_VALUES = 150;
const MOST_DIMENSIONS = 30;
const MOST_DATAPOINTS = 1440;
const PAGE = 500;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

export const dimensionsIn = (given: unknown): Dimensions => Object.fromEntries(((given ?? []) as Dimension[]).map(({ Name, Value }) => [Name, Value ?? '']));
export const dimensionsOut = (dimensions: Dimensions): Dimension[] => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

export function periodIn(input: Input): number {
  const period = Number(input['Period']);
  if ([1, 5, 10, 20, 30].includes(period)) {
    process.stderr.write(`local cloud: monitoring keeps minutes; a period of ${period} s is refused\n`);
    throw invalid(`The local cloud keeps metrics by the minute: Period ${period} is not here`);
  }
  if (!(period > 0) || period % 60 !== 0) throw invalid('The parameter Period must be a multiple of 60.');
  return period;
}

function metricIn(input: Input): MetricName {
  return { namespace: text(input, 'Namespace'), name: text(input, 'MetricName'), dimensions: dimensionsIn(input['Dimensions']) };
}

/** One entry of PutMetricData as a summary: a value, values with counts, or a statistic set. */
function valuesIn(datum: Input): Summary {
  const set = datum['StatisticValues'] as { SampleCount: number; Sum: number; Minimum: number; Maximum: number } | undefined;
  const summary = emptySummary();
  if (set) {
    // its single values are not known: percentiles see the average
    if (set.SampleCount > 0) addValue(summary, set.Sum / set.SampleCount, set.SampleCount);
    return { ...summary, sum: set.Sum, count: set.SampleCount, min: set.Minimum, max: set.Maximum };
  }
  const values = (datum['Values'] as number[] | undefined) ?? [datum['Value'] as number];
  const counts = datum['Counts'] as number[] | undefined;
  if (values.length > MOST_VALUES) throw invalid(`The collection MetricData.member.Values must not have a size greater than ${MOST_VALUES}.`);
  if (counts && counts.length !== values.length) throw invalid('The parameters MetricData.member.Values and MetricData.member.Counts must be of the same size.');
  for (const [at, value] of values.entries()) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid('The value for parameter MetricData.member.Value is invalid: it must be a finite number.');
    addValue(summary, value, counts?.[at] ?? 1);
  }
  return summary;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, those of metrics. */
export function metricOperations(file: MetricFile): Readonly<Record<string, Operation>> {
  return {
    PutMetricData(input) {
      const namespace = text(input, 'Namespace');
      const data = (input['MetricData'] ?? []) as Input[];
      if (namespace === '') throw new AwsError('MissingParameter', 'The parameter Namespace is required.');
      if (namespace.startsWith('AWS/')) throw invalid('The value AWS/ for parameter Namespace is invalid.');
      if (data.length > MOST_DATA) throw invalid(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
      const now = Date.now();
      const taken = data.map((datum) => {
        const dimensions = dimensionsIn(datum['Dimensions']);
        if (Object.keys(dimensions).length > MOST_DIMENSIONS) throw invalid(`The collection MetricData.member.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
        if (text(datum, 'MetricName') === '') throw new AwsError('MissingParameter', 'The parameter MetricData.member.1.MetricName is required.');
        const at = datum['Timestamp'] === undefined ? now : timeIn(datum, 'Timestamp');
        if (at < now - 14 * 24 * HOUR_MS || at > now + 2 * HOUR_MS) throw invalid('The parameter MetricData.member.Timestamp must be between 2 weeks ago and 2 hours from now.');
        return { metric: { namespace, name: text(datum, 'MetricName'), dimensions }, values: valuesIn(datum), at, unit: text(datum, 'Unit', 'None') };
      });
      for (const { metric, values, at, unit } of taken) file.add(metric, values, at, unit);
      return undefined;
    },
    GetMetricData(input) {
      const queries = (input['MetricDataQueries'] ?? []) as Input[];
      return {
        MetricDataResults: queries.filter((query) => query['ReturnData'] !== false).map((query) => {
          const stat = query['MetricStat'] as { Metric: Input; Stat: string; Period: number } | undefined;
          if (!stat) {
            process.stderr.write('local cloud: monitoring has no metric expressions\n');
            throw new AwsError('ValidationError', 'The local cloud has no metric expressions');
          }
          const metric = metricIn(stat.Metric);
          const points = file.points(metric, timeIn(input, 'StartTime'), timeIn(input, 'EndTime'), periodIn({ Period: stat.Period }));
          if (input['ScanBy'] !== 'TimestampAscending') points.reverse();
          return { Id: query['Id'], Label: query['Label'] ?? metric.name, StatusCode: 'Complete', Timestamps: points.map((one) => new Date(one.at)), Values: points.map((one) => statistic(one.summary, stat.Stat)) };
        }),
        Messages: [],
      };
    },
    GetMetricStatistics(input) {
      const [from, to, period] = [timeIn(input, 'StartTime'), timeIn(input, 'EndTime'), periodIn(input)];
      const plain = (input['Statistics'] ?? []) as string[];
      const percentiles = (input['ExtendedStatistics'] ?? []) as string[];
      if (plain.length + percentiles.length === 0) throw new AwsError('MissingParameter', 'Must specify either Statistics or ExtendedStatistics');
      if (to <= from) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
      if ((to - from) / 1000 / period > MOST_DATAPOINTS) throw new AwsError('InvalidParameterCombination', `You have requested up to ${Math.ceil((to - from) / 1000 / period)} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`);
      const metric = metricIn(input);
      const unit = file.unitOf(metric);
      // what was put under another unit is another metric
      const points = input['Unit'] !== undefined && unit !== 'None' && input['Unit'] !== unit ? [] : file.points(metric, from, to, period);
      return {
        Label: input['MetricName'],
        Datapoints: points.map(({ at, summary }) => ({
          Timestamp: new Date(at), ...Object.fromEntries(plain.map((stat) => [stat, statistic(summary, stat)])), Unit: unit,
          ...(percentiles.length > 0 ? { ExtendedStatistics: Object.fromEntries(percentiles.map((stat) => [stat, statistic(summary, stat)])) } : {}),
        })),
      };
    },
    ListMetrics(input) {
      const wanted = (input['Dimensions'] ?? []) as Dimension[];
      const all = file.list(input['Namespace'] as string | undefined, input['MetricName'] as string | undefined)
        .filter(({ dimensions }) => wanted.every(({ Name, Value }) => dimensions[Name] !== undefined && (Value === undefined || dimensions[Name] === Value)));
      const from = Number(text(input, 'NextToken') || 0);
      return {
        Metrics: all.slice(from, from + PAGE).map((metric) => ({ Namespace: metric.namespace, MetricName: metric.name, Dimensions: dimensionsOut(metric.dimensions) })),
        ...(all.length > from + PAGE ? { NextToken: String(from + PAGE) } : {}),
      };
    },
  };
}
