import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedMetrics } from './embedded-format.ts';
import { addValue, emptySummary, statistic } from './statistic.ts';
import { openMetricFile, type MetricFile } from './store.ts';

let folder: string;
let file: MetricFile;
const NOW = Math.floor(Date.now() / 60_000) * 60_000;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  file = openMetricFile(join(folder, 'metrics.db'));
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

test('values add up by minute and period, also over a restart', () => {
  for (const [minute, value] of [[0, 1], [0, 3], [1, 5]] as const) file.record('n', 'm', { b: '2', a: '1' }, value, NOW + minute * 60_000);
  file.close();
  file = openMetricFile(join(folder, 'metrics.db'));
  file.record('n', 'm', { a: '1', b: '2' }, 7, NOW);
  const metric = { namespace: 'n', name: 'm', dimensions: { a: '1', b: '2' } };
  expect(file.points(metric, NOW, NOW + 120_000, 60).map((point) => [point.at, point.summary.sum, point.summary.count, point.summary.min, point.summary.max])).toEqual([[NOW, 11, 3, 1, 7], [NOW + 60_000, 5, 1, 5, 5]]);
  expect(file.statistic('n', 'm', { a: '1', b: '2' }, 'Average', NOW, NOW + 120_000)).toBe(4);
  expect(file.statistic('n', 'm', { a: '1' }, 'Sum', NOW, NOW + 120_000)).toBeUndefined();
  expect(file.list('n')).toEqual([metric]);
  file.record('n', 'm', {}, Number.NaN);
  expect(file.list('n')).toHaveLength(1);
});

test('percentiles are right to a hundredth, for negative values too', () => {
  const summary = emptySummary();
  for (let value = -50; value <= 1000; value += 1) addValue(summary, value);
  for (const [stat, expected] of [['p50', 475], ['p95', 947], ['p99', 990], ['p1', -40]] as const) expect(Math.abs(statistic(summary, stat) - expected)).toBeLessThan(Math.abs(expected) * 0.012 + 1);
  expect([statistic(summary, 'p100'), statistic(summary, 'p0')]).toEqual([1000, expect.closeTo(-50, 0)]);
  expect(() => statistic(summary, 'TM90')).toThrow('no statistic TM90');
});

test('the embedded format: sets of dimensions, lists of values, its own time; broken lines have no metrics', () => {
  const found: unknown[] = [];
  const take = (line: unknown) => embeddedMetrics(typeof line === 'string' ? line : JSON.stringify(line), 5, (...values) => void found.push(values));
  const metrics = (more: object) => ({ _aws: { Timestamp: 9, CloudWatchMetrics: [{ Namespace: 'n', Dimensions: [['s'], []], Metrics: [{ Name: 'a' }, { Name: 'b' }], ...more }] }, s: 'x', a: 1, b: [2, 3] });
  take(metrics({}));
  expect(found).toEqual([['n', 'a', { s: 'x' }, 1, 9], ['n', 'b', { s: 'x' }, 2, 9], ['n', 'b', { s: 'x' }, 3, 9], ['n', 'a', {}, 1, 9], ['n', 'b', {}, 2, 9], ['n', 'b', {}, 3, 9]]);
  found.length = 0;
  take(metrics({ Dimensions: [['missing']] }));
  take(metrics({ Namespace: 7 }));
  take(metrics({ Metrics: 'no' }));
  take('{"CloudWatchMetrics"');
  take({ _aws: null, CloudWatchMetrics: [] });
  expect(found).toEqual([]);
});
