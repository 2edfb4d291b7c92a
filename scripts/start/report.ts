import type { Balance } from './scan/money.ts';
import type { Home } from './scan/settle.ts';

export interface Keys {
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly unexpected: readonly string[];
  readonly recovered: readonly string[];
}

/** Everything that a finite run has found out about itself. Field names and meanings: CONTRACTS "A finite run". */
export interface Facts extends Keys {
  readonly deliveries: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly ignored: number;
  readonly derived: number;
  /** Of those derived: no notice told of them, polling alone has found them. */
  readonly polled: number;
  readonly byType: Readonly<Record<string, number>>;
  /** By source, of a run of generated orders: deliveries taken, orders that came of them. */
  readonly bySource?: Readonly<Record<string, { readonly deliveries: number; readonly orders: number }>>;
  readonly settled: Readonly<Record<Home, number>>;
  readonly reasons: { readonly parked: Readonly<Record<string, number>>; readonly quarantine: Readonly<Record<string, number>> };
  /** Faults on demand, by rule: how often each has struck; empty without `--faults`. */
  readonly faultHits: Readonly<Record<string, number>>;
  readonly emails: number;
  readonly notifications: Readonly<Record<string, number>>;
  readonly apiCalls: number;
  readonly apiCallsByOperation: Readonly<Record<string, number>>;
  readonly lambdaInvocations: number;
  /** order.created that are settled. */
  readonly orders: number;
  readonly dollars: number;
  readonly pricesAsOf: string;
  /** Milliseconds from intake to commit, one for each order.created that was not parked. */
  readonly latencies: readonly number[];
  readonly seconds: number;
  /** When the first order was committed, milliseconds since 1970; 0 if none was. */
  readonly firstCommitAt: number;
  readonly peakRssMb: number;
  readonly balances: readonly Balance[];
  /** What differs row by row; each makes the run fail. */
  readonly wrong: readonly string[];
  readonly timedOut: boolean;
  readonly ordersOnly: boolean;
}

/** The value below which `share` of the sorted values lie (nearest rank); 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, one) => all + one, 0);

/** One line for every identity or condition that does not hold; none means exit 0. */
export function faultsOf(facts: Facts): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, line: string): void => {
    if (!holds) faults.push(line);
  };
  const { accepted, duplicates, rejected, ignored, derived, deliveries } = facts;
  must(!facts.timedOut, 'the time-out came before the end');
  must(deliveries === accepted + duplicates + rejected + ignored, `deliveries ${deliveries} ≠ accepted ${accepted} + duplicates ${duplicates} + rejected ${rejected} + ignored ${ignored}`);
  must(accepted + derived === sum(facts.settled), `accepted ${accepted} + derived ${derived} ≠ settled ${sum(facts.settled)}`);
  must(accepted + derived === sum(facts.byType), `accepted ${accepted} + derived ${derived} ≠ sum by type ${sum(facts.byType)}`);
  must(facts.settled.inFlight === 0, `${facts.settled.inFlight} events are still in flight`);
  for (const name of ['lost', 'duplicated', 'unexpected'] as const) must(facts[name].length === 0, `${name}: ${facts[name].length} (${facts[name].slice(0, 3).join(', ')})`);
  for (const balance of facts.balances) {
    must(balance.balanced, `${balance.what} in ${balance.currency}: sent ${balance.sent.count} worth ${balance.sent.money}, warehouse ${balance.warehouse.count} worth ${balance.warehouse.money}, waiting ${balance.waiting.count} worth ${balance.waiting.money}, quarantine ${balance.quarantine.count} worth ${balance.quarantine.money}`);
  }
  must(facts.wrong.length === 0, `${facts.wrong.length} rows differ: ${facts.wrong.slice(0, 3).join('; ')}`);
  return faults;
}

/** The JSON of `--report`. */
export function reportOf(facts: Facts) {
  const samples = (keys: readonly string[]): string[] => [...keys].slice(0, 20);
  const perOrder = facts.orders > 0 ? facts.apiCalls / facts.orders : 0;
  return {
    accepted: facts.accepted,
    duplicates: facts.duplicates,
    rejected: facts.rejected,
    ignored: facts.ignored,
    deliveries: facts.deliveries,
    derived: facts.derived,
    polled: facts.polled,
    byType: facts.byType,
    ...(facts.bySource && { bySource: facts.bySource }),
    settled: facts.settled,
    reasons: facts.reasons,
    lost: facts.lost.length,
    duplicated: facts.duplicated.length,
    unexpected: facts.unexpected.length,
    recovered: facts.recovered.length,
    samples: { lost: samples(facts.lost), duplicated: samples(facts.duplicated), unexpected: samples(facts.unexpected), recovered: samples(facts.recovered) },
    faultHits: facts.faultHits,
    emails: facts.emails,
    notifications: facts.notifications,
    apiCalls: facts.apiCalls,
    apiCallsPerOrder: round(perOrder, 2),
    apiCallsMix: facts.ordersOnly ? 'paid order.created only' : 'mixed',
    apiCallsByOperation: facts.apiCallsByOperation,
    lambdaInvocations: facts.lambdaInvocations,
    costPerMillionOrdersUsd: facts.orders > 0 ? round((facts.dollars / facts.orders) * 1e6, 2) : 0,
    pricesAsOf: facts.pricesAsOf,
    latencyMs: { p50: Math.round(percentile(facts.latencies, 0.5)), p99: Math.round(percentile(facts.latencies, 0.99)) },
    firstCommitAt: facts.firstCommitAt,
    seconds: round(facts.seconds, 3),
    throughputPerSecond: facts.seconds > 0 ? round(facts.orders / facts.seconds, 2) : 0,
    peakRssMb: Math.round(facts.peakRssMb),
    reconciliation: facts.balances,
    faults: faultsOf(facts),
  };
}

export type Report = ReturnType<typeof reportOf>;
