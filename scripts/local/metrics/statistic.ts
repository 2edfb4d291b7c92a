import { AwsError } from '../service.ts';

/** What is kept of the values of a minute, or of a longer period. */
export interface Summary {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** How many values fell into each class of size; for percentiles. */
  classes: Record<string, number>;
}

/** Classes grow by a hundredth: percentiles are right to 1 %. */
const GROWTH = Math.log(1.01);

/** `5` for 1.01⁵, `-5` for 1.01⁻⁵, `n5` for -1.01⁵, `zero`. */
const classOf = (value: number): string => (value === 0 ? 'zero' : `${value < 0 ? 'n' : ''}${Math.round(Math.log(Math.abs(value)) / GROWTH)}`);
function valueOf(name: string): number {
  if (name === 'zero') return 0;
  return name.startsWith('n') ? -Math.exp(Number(name.slice(1)) * GROWTH) : Math.exp(Number(name) * GROWTH);
}

export const emptySummary = (): Summary => ({ sum: 0, count: 0, min: Infinity, max: -Infinity, classes: {} });

/** Adds `count` values of that size. */
export function addValue(summary: Summary, value: number, count = 1): void {
  summary.sum += value * count;
  summary.count += count;
  if (value < summary.min) summary.min = value;
  if (value > summary.max) summary.max = value;
  const name = classOf(value);
  summary.classes[name] = (summary.classes[name] ?? 0) + count;
}

export function addSummary(summary: Summary, other: Summary): void {
  summary.sum += other.sum;
  summary.count += other.count;
  summary.min = Math.min(summary.min, other.min);
  summary.max = Math.max(summary.max, other.max);
  for (const [name, count] of Object.entries(other.classes)) summary.classes[name] = (summary.classes[name] ?? 0) + count;
}

function percentile(summary: Summary, percent: number): number {
  if (percent >= 100) return summary.max;
  if (percent <= 0) return summary.min;
  const sorted = Object.entries(summary.classes).map(([name, count]) => ({ value: valueOf(name), count })).sort((a, b) => a.value - b.value);
  let left = (percent / 100) * sorted.reduce((sum, one) => sum + one.count, 0);
  for (const { value, count } of sorted) {
    left -= count;
    if (left <= 0) return Math.min(summary.max, Math.max(summary.min, value));
  }
  return summary.max;
}

/** `Sum`, `SampleCount`, `Average`, `Minimum`, `Maximum` or a percentile (`p95`, `p99.9`). */
export function statistic(summary: Summary, stat: string): number {
  switch (stat) {
    case 'Sum': return summary.sum;
    case 'SampleCount': return summary.count;
    case 'Average': return summary.sum / summary.count;
    case 'Minimum': return summary.min;
    case 'Maximum': return summary.max;
  }
  const percent = /^p(\d{1,2}(?:\.\d{1,2})?|100)$/.exec(stat)?.[1];
  if (percent !== undefined) return percentile(summary, Number(percent));
  process.stderr.write(`local cloud: monitoring has no statistic ${stat}\n`);
  throw new AwsError('InvalidParameterValue', `The local cloud has no statistic ${stat}; it has Sum, SampleCount, Average, Minimum, Maximum and percentiles`);
}
