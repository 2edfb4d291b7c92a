import { distribution } from './distribution.ts';
import { seldomLog } from '../intake/seldom-log.ts';
import { lineLog } from './log.ts';
import { countingMeter } from './meter.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const written = () => {
  const lines: string[] = [];
  return { lines, write: (line: string) => void lines.push(line), read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

describe('the producer’s metrics', () => {
  it('are written in the embedded metric format, in whole and by dimension, and once', () => {
    const { write, read } = written();
    const meter = countingMeter(write, () => noon, 'dev');
    meter.count('accepted', 2, { source: 'shopify' });
    meter.count('accepted', 1, { source: 'stripe' });
    meter.count('events', 5);
    meter.milliseconds('latency', 12);
    meter.milliseconds('latency', 8);
    meter.report();
    meter.report();
    const about = (dimensions: string[], names: string[]) => ({ Timestamp: noon, CloudWatchMetrics: [{
      Namespace: 'orderflow-dev', Dimensions: [dimensions], Metrics: names.map((Name) => ({ Name, Unit: Name === 'latency' ? 'Milliseconds' : 'Count' })),
    }] });
    expect(read()).toEqual([
      { _aws: about(['service'], ['accepted', 'events', 'latency']), service: 'orderflow-ingest', program: 'producer', accepted: 3, events: 5, latency: [8, 12] },
      { _aws: about(['service', 'source'], ['accepted']), service: 'orderflow-ingest', program: 'producer', source: 'shopify', accepted: 2 },
      { _aws: about(['service', 'source'], ['accepted']), service: 'orderflow-ingest', program: 'producer', source: 'stripe', accepted: 1 },
    ]);
  });

  it('give the percentiles of many observations by a hundred values', () => {
    const latency = distribution();
    for (let n = 1; n <= 100_000; n++) latency.add(n / 100);
    const values = latency.values(100);
    expect(values).toHaveLength(100);
    expect([values[0], values[99]]).toEqual([0.01, 1_000]);
    for (const [at, expected] of [[49, 495], [94, 945], [98, 985]] as const) expect(Math.abs((values[at] ?? 0) / expected - 1)).toBeLessThan(0.015);
    expect(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))).toBe(true);
  });

  it('give all of few, zero among them, and nothing of none', () => {
    const few = distribution();
    for (const value of [7, 0, 7]) few.add(value);
    expect(few.values(100).map(Math.round)).toEqual([0, 7, 7]);
    expect(distribution().values(100)).toEqual([]);
  });
});

describe('the producer’s log', () => {
  it('holds codes and ids, one JSON line each, from the level on that is wanted', () => {
    const { write, read } = written();
    const log = lineLog(write, () => noon, 'WARN');
    log.info('INTAKE_IGNORED');
    log.warn('INTAKE_REJECTED', { status: 401 });
    expect(read()).toEqual([{ level: 'WARN', time: '2026-11-22T12:00:00.000Z', code: 'INTAKE_REJECTED', status: 401 }]);
  });

  it('says once a second what a flood repeats, with its count', () => {
    const { write, read } = written();
    let now = noon;
    const log = seldomLog(lineLog(write, () => now), () => now);
    for (let n = 0; n < 10_000; n++) {
      log.warn('INTAKE_REJECTED', { reason: 'signature-wrong', source: 'shopify' });
      if (n < 3) log.warn('INTAKE_REJECTED', { reason: 'signature-wrong', source: 'stripe' });
    }
    now += 1_000;
    log.warn('INTAKE_REJECTED', { reason: 'signature-wrong', source: 'shopify' });
    log.flush();
    log.flush();
    expect(read().map(({ source, more }) => [source, more])).toEqual([['shopify', undefined], ['stripe', undefined], ['shopify', 9_999], ['stripe', 2]]);
  });

  it('keeps its memory small whatever is written', () => {
    const { write, lines } = written();
    const log = seldomLog(lineLog(write, () => noon), () => noon);
    for (let n = 0; n < 5_000; n++) log.warn('INTAKE_REJECTED', { reason: String(n) });
    expect(lines).toHaveLength(5_000);
  });
});
