import { DatabaseSync } from 'node:sqlite';
import { AwsError, jsonProtocol } from './service.ts';
import type { LocalService } from './service.ts';

type Input = Record<string, unknown>;
interface Dimension {
  readonly Name: string;
  readonly Value: string;
}
interface Series {
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** Metrics, for this process. */
export interface MetricStore {
  /** One value at `at` (epoch milliseconds). */
  record(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, value: number, at?: number): void;
  /** Takes the metrics of a log line in the embedded metric format; other lines have none. */
  fromLog(message: string, at: number): void;
  /** A statistic over a span of time (epoch milliseconds), undefined without data. */
  statistic(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, stat: string, from: number, to: number): number | undefined;
}

const MINUTE = 60_000;
const SAVE_MS = 1000;
const KEPT_MS = 15 * 24 * 3_600_000;

const labelled = (dimensions: readonly Dimension[] = []): Record<string, string> => Object.fromEntries(dimensions.map((one) => [one.Name, one.Value]));
const canonical = (dimensions: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));

/** CloudWatch metrics in small: a row a minute and series with sum, count, least and most; no percentiles, no expressions. */
export function metricsService(file: string): LocalService & { readonly store: MetricStore } {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS point (namespace TEXT, name TEXT, dimensions TEXT, minute INTEGER, sum REAL, count REAL, min REAL, max REAL, PRIMARY KEY (namespace, name, dimensions, minute)) WITHOUT ROWID`);
  database.prepare('DELETE FROM point WHERE minute < ?').run((Date.now() - KEPT_MS) / MINUTE);
  const add = database.prepare(`INSERT INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    sum = sum + excluded.sum, count = count + excluded.count, min = min(min, excluded.min), max = max(max, excluded.max)`);
  let waiting = new Map<string, Series>();

  const take = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>, at: number, series: Series): void => {
    const key = JSON.stringify([namespace, name, canonical(dimensions), Math.floor(at / MINUTE)]);
    const known = waiting.get(key);
    if (!known) waiting.set(key, { ...series });
    else Object.assign(known, { sum: known.sum + series.sum, count: known.count + series.count, min: Math.min(known.min, series.min), max: Math.max(known.max, series.max) });
  };
  const save = (): void => {
    if (waiting.size === 0) return;
    database.exec('BEGIN');
    for (const [key, { sum, count, min, max }] of waiting) add.run(...(JSON.parse(key) as [string, string, string, number]), sum, count, min, max);
    database.exec('COMMIT');
    waiting = new Map();
  };
  const timer = setInterval(save, SAVE_MS);
  timer.unref();

  const record: MetricStore['record'] = (namespace, name, dimensions, value, at = Date.now()) => take(namespace, name, dimensions, at, { sum: value, count: 1, min: value, max: value });

  const points = (namespace: unknown, name: unknown, dimensions: Readonly<Record<string, string>>, from: number, to: number, period: number): { at: number; series: Series }[] => {
    save();
    const minutes = Math.max(1, Math.round(period / 60));
    return database.prepare(`SELECT minute / ? * ? AS slot, sum(sum) AS sum, sum(count) AS count, min(min) AS min, max(max) AS max FROM point
      WHERE namespace = ? AND name = ? AND dimensions = ? AND minute >= ? AND minute < ? GROUP BY slot ORDER BY slot`)
      .all(minutes, minutes, String(namespace), String(name), canonical(dimensions), Math.floor(from / MINUTE), Math.ceil(to / MINUTE))
      .map((row) => ({ at: Number(row['slot']) * 60, series: row as unknown as Series }));
  };
  const statistic = (series: Series, stat: string): number => {
    const value = ({ Sum: series.sum, SampleCount: series.count, Average: series.sum / series.count, Minimum: series.min, Maximum: series.max } as Record<string, number>)[stat];
    if (value === undefined) throw new AwsError('InvalidParameterValue', `The local cloud has no statistic ${stat}; it has Sum, SampleCount, Average, Minimum and Maximum`);
    return value;
  };
  const ms = (seconds: unknown): number => Number(seconds) * 1000;

  return {
    ...jsonProtocol(['monitoring'], {
      PutMetricData: (input) => {
        for (const one of input['MetricData'] as Input[]) {
          const at = one['Timestamp'] === undefined ? Date.now() : ms(one['Timestamp']);
          const dimensions = labelled(one['Dimensions'] as Dimension[] | undefined);
          const set = one['StatisticValues'] as { SampleCount: number; Sum: number; Minimum: number; Maximum: number } | undefined;
          if (set) take(String(input['Namespace']), String(one['MetricName']), dimensions, at, { sum: set.Sum, count: set.SampleCount, min: set.Minimum, max: set.Maximum });
          else for (const value of (one['Values'] as number[] | undefined) ?? [Number(one['Value'])]) record(String(input['Namespace']), String(one['MetricName']), dimensions, value, at);
        }
      },
      GetMetricData: (input) => ({
        MetricDataResults: (input['MetricDataQueries'] as Input[]).map((query) => {
          const stat = query['MetricStat'] as { Metric: Input; Stat: string; Period: number } | undefined;
          if (!stat) throw new AwsError('InvalidParameterValue', 'The local cloud has no metric expressions');
          const found = points(stat.Metric['Namespace'], stat.Metric['MetricName'], labelled(stat.Metric['Dimensions'] as Dimension[] | undefined), ms(input['StartTime']), ms(input['EndTime']), stat.Period);
          if (input['ScanBy'] !== 'TimestampAscending') found.reverse();
          return { Id: query['Id'], Label: query['Label'] ?? stat.Metric['MetricName'], StatusCode: 'Complete', Timestamps: found.map((one) => one.at), Values: found.map((one) => statistic(one.series, stat.Stat)) };
        }),
      }),
      GetMetricStatistics: (input) => ({
        Label: input['MetricName'],
        Datapoints: points(input['Namespace'], input['MetricName'], labelled(input['Dimensions'] as Dimension[] | undefined), ms(input['StartTime']), ms(input['EndTime']), Number(input['Period']))
          .map((one) => ({ Timestamp: one.at, ...Object.fromEntries((input['Statistics'] as string[]).map((stat) => [stat, statistic(one.series, stat)])) })),
      }),
      ListMetrics: (input) => {
        save();
        return { Metrics: database.prepare('SELECT DISTINCT namespace, name, dimensions FROM point WHERE (? IS NULL OR namespace = ?) AND (? IS NULL OR name = ?) LIMIT 500')
          .all((input['Namespace'] as string | undefined) ?? null, (input['Namespace'] as string | undefined) ?? null, (input['MetricName'] as string | undefined) ?? null, (input['MetricName'] as string | undefined) ?? null)
          .map((row) => ({ Namespace: row['namespace'], MetricName: row['name'], Dimensions: (JSON.parse(row['dimensions'] as string) as [string, string][]).map(([Name, Value]) => ({ Name, Value })) })) };
      },
    }, '1.0'),
    store: {
      record,
      fromLog: (message, at) => embedded(message, (namespace, name, dimensions, value) => record(namespace, name, dimensions, value, at)),
      statistic: (namespace, name, dimensions, stat, from, to) => {
        const [all] = points(namespace, name, dimensions, from, to, 1e9);
        return all && statistic(all.series, stat);
      },
    },
    close: () => {
      clearInterval(timer);
      save();
      database.close();
      return Promise.resolve();
    },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function embedded(message: string, record: (namespace: string, name: string, dimensions: Record<string, string>, value: number) => void): void {
  if (!message.includes('"CloudWatchMetrics"')) return;
  let line: Input;
  try {
    line = JSON.parse(message) as Input;
  } catch {
    return;
  }
  const directives = (line['_aws'] as { CloudWatchMetrics?: { Namespace: string; Dimensions?: string[][]; Metrics: { Name: string }[] }[] } | undefined)?.CloudWatchMetrics ?? [];
  for (const directive of directives) {
    for (const names of directive.Dimensions?.length ? directive.Dimensions : [[]]) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
      for (const { Name: name } of directive.Metrics) {
        for (const value of [line[name]].flat()) if (typeof value === 'number') record(directive.Namespace, name, dimensions, value);
      }
    }
  }
}
