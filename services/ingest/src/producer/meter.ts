import type { Dimensions, Meter } from '@orderflow/shared/lambda';
import { distribution, type Distribution } from './distribution.ts';

export interface CountingMeter extends Meter {
  /** Writes what was measured since the last time, one CloudWatch embedded-metric line a set of dimensions. */
  report(): void;
}

/** A metric may have this many values in a line, and a line this many metrics. */
const most = 100;

interface Measured {
  readonly dimensions: Dimensions;
  readonly counts: Map<string, number>;
  readonly durations: Map<string, Distribution>;
}

/**
 * Figures gathered in memory and written now and then in CloudWatch's embedded metric format, under the same namespace
 * and service as the functions' metrics, so that one alarm watches producer and `receive`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countingMeter(write: (line: string) => void, clock: () => number, stage: string): CountingMeter {
  let measured = new Map<string, Measured>();
  const under = (dimensions: Dimensions): Measured => {
    const key = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`).join();
    let found = measured.get(key);
    if (!found) measured.set(key, (found = { dimensions, counts: new Map(), durations: new Map() }));
    return found;
  };
  const add = ({ counts }: Measured, name: string, value: number): void => void counts.set(name, (counts.get(name) ?? 0) + value);

  const line = ({ dimensions, counts, durations }: Measured): string => {
    const figures = { ...Object.fromEntries(counts), ...Object.fromEntries([...durations].map(([name, each]) => [name, each.values(most)])) };
    const directive = {
      Namespace: `orderflow-${stage}`,
      Dimensions: [['service', ...Object.keys(dimensions)]],
      Metrics: [...[...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })), ...[...durations.keys()].map((Name) => ({ Name, Unit: 'Milliseconds' }))].slice(0, most),
    };
    return `${JSON.stringify({
      _aws: { Timestamp: clock(), CloudWatchMetrics: [directive] }, service: 'orderflow-ingest', program: 'producer', ...dimensions, ...figures,
    })}\n`;
  };

  return {
    count(name, value = 1, by) {
      add(under({}), name, value);
      if (by) add(under(by), name, value);
    },
    milliseconds(name, value) {
      const { durations } = under({});
      let found = durations.get(name);
      if (!found) durations.set(name, (found = distribution()));
      found.add(value);
    },
    report() {
      const all = measured;
      measured = new Map();
      for (const each of all.values()) write(line(each));
    },
  };
}
