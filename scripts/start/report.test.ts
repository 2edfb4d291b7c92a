import { faultsOf, percentile, reportOf, type Facts } from './report.ts';
import { callsSince } from './local-cloud.ts';
import { costOf } from './cost.ts';
import prices from './prices.json' with { type: 'json' };

const facts = (over: Partial<Facts> = {}): Facts => ({
  deliveries: 10, accepted: 6, duplicates: 2, rejected: 1, ignored: 1, derived: 1, polled: 1, byType: { 'order.created': 4, 'order.updated': 3 },
  settled: { warehouse: 5, quarantine: 1, parked: 1, inFlight: 0, fetched: 0 }, reasons: { parked: {}, quarantine: {} }, lost: [], duplicated: [], unexpected: [], recovered: [],
  faultHits: {}, emails: 3, notifications: { packaging: 4 }, apiCalls: 64, apiCallsByOperation: {}, lambdaInvocations: 20, orders: 4, dollars: 0.001, pricesAsOf: '2026-11-22',
  latencies: [100, 300, 200], seconds: 2, firstCommitAt: 0, peakRssMb: 512.4, balances: [], wrong: [], timedOut: false, ordersOnly: true, ...over,
});

describe('report', () => {
  it('has the fields of the contract', () => {
    expect(reportOf(facts())).toMatchObject({
      accepted: 6, duplicates: 2, rejected: 1, ignored: 1, derived: 1, polled: 1, byType: { 'order.created': 4 }, settled: { warehouse: 5 },
      lost: 0, duplicated: 0, unexpected: 0, recovered: 0, samples: { lost: [] }, emails: 3, notifications: { packaging: 4 }, apiCalls: 64,
      apiCallsPerOrder: 16, costPerMillionOrdersUsd: 250, latencyMs: { p50: 200, p99: 300 }, seconds: 2, throughputPerSecond: 2, peakRssMb: 512,
    });
    expect(faultsOf(facts())).toEqual([]);
  });

  it.each<[string, Partial<Facts>]>([
    ['deliveries', { deliveries: 11 }],
    ['settled', { settled: { warehouse: 4, quarantine: 1, parked: 1, inFlight: 0, fetched: 0 } }],
    ['by type', { byType: { 'order.created': 4 } }],
    ['in flight', { settled: { warehouse: 4, quarantine: 1, parked: 1, inFlight: 1, fetched: 0 } }],
    ['lost', { lost: ['a'] }],
    ['duplicated', { duplicated: ['a'] }],
    ['unexpected', { unexpected: ['a'] }],
    ['differ', { wrong: ['a: no row'] }],
    ['time-out', { timedOut: true }],
    ['orders in EUR', { balances: [{ what: 'orders', currency: 'EUR', sent: { count: 1, money: '1' }, warehouse: { count: 0, money: '0' }, waiting: { count: 0, money: '0' }, quarantine: { count: 0, money: '0' }, balanced: false }] }],
  ])('does not let pass: %s', (word, over) => {
    expect(faultsOf(facts(over)).join('\n')).toContain(word);
  });

  it('lists at most twenty keys of each set and counts them all', () => {
    const report = reportOf(facts({ lost: Array.from({ length: 30 }, (_, at) => `k${at}`) }));
    expect(report.lost).toBe(30);
    expect(report.samples.lost).toHaveLength(20);
  });

  it('lets what was recovered pass', () => expect(faultsOf(facts({ recovered: ['a'] }))).toEqual([]));

  it('takes percentiles by nearest rank', () => {
    expect(percentile([], 0.5)).toBe(0);
    expect(percentile([5], 0.99)).toBe(5);
    expect(percentile(Array.from({ length: 100 }, (_, at) => at + 1), 0.99)).toBe(99);
  });
});

describe('counted calls', () => {
  const call = (operation: string, calls: number, bytes = calls * 100) => ({ accessKeyId: 'k', service: 'dynamodb', operation, status: 200, calls, requestBytes: bytes, responseBytes: bytes });

  it('are those between two readings', () => {
    expect(callsSince([call('Query', 3)], [call('Query', 5), call('PutItem', 1), call('Scan', 0)])).toEqual([call('Query', 2), call('PutItem', 1)]);
  });

  it('cost what the dated prices say', () => {
    const usage = { calls: [call('TransactWriteItems', 1_000_000), call('Query', 1_000_000)], lambdaInvocations: 0, lambdaGbSeconds: 0, stateTransitions: 0 };
    // a transaction writes twice
    expect(costOf(usage, prices)).toBeCloseTo(2 * 0.705 + 0.141, 6);
    expect(prices.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
