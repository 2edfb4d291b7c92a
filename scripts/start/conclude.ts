import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costOf, type Prices } from './cost.ts';
import type { Baseline } from './finite.ts';
import { callsSince } from './local-cloud.ts';
import type { Options } from './options.ts';
import { faultsOf, reportOf, type Facts } from './report.ts';
import type { RunDeps } from './run-deps.ts';
import type { Stage } from './stage.ts';
import { byOperation, lambdaSince, productCalls, totalCalls } from './usage.ts';
import { emailsIn, noticesByTopic } from './watch.ts';

/** What the counters of the local cloud say of a run. */
export async function measured(stage: Stage, baseline: Baseline, root: string) {
  const prices = JSON.parse(readFileSync(join(root, 'scripts/start/prices.json'), 'utf8')) as Prices;
  const calls = callsSince(baseline.calls, await stage.cloud.calls());
  const lambda = lambdaSince(baseline.usage, await stage.cloud.usage());
  const product = productCalls(calls);
  const usage = { calls: product, lambdaInvocations: lambda.invocations, lambdaGbSeconds: lambda.gbSeconds, stateTransitions: lambda.stateTransitions };
  return {
    faultHits: await stage.cloud.faultHits(),
    emails: emailsIn(calls),
    notifications: noticesByTopic(calls),
    apiCalls: totalCalls(product),
    apiCallsByOperation: byOperation(product),
    lambdaInvocations: lambda.invocations,
    dollars: costOf(usage, prices),
    pricesAsOf: prices.asOf,
    usage: { ...usage, access: await stage.cloud.access() },
  };
}

/** Prints and writes what a finite run has found. @returns the exit status */
export function conclude(facts: Facts, usage: unknown, options: Options, { display }: RunDeps): number {
  const report = reportOf(facts);
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.usage !== undefined) writeFileSync(options.usage, `${JSON.stringify(usage, undefined, 2)}\n`);
  const { settled, reasons } = report;
  display.say(`${report.deliveries} deliveries = ${report.accepted} accepted + ${report.duplicates} duplicates + ${report.rejected} rejected + ${report.ignored} ignored`);
  display.say(`${report.accepted} accepted + ${report.derived} derived${report.polled > 0 ? ` (${report.polled} of them only polled)` : ''} = ${settled.warehouse} in the warehouse + ${settled.quarantine} in quarantine + ${settled.parked} parked + ${settled.fetched} notices fetched + ${settled.inFlight} in flight`);
  for (const [home, why] of Object.entries(reasons)) {
    if (Object.keys(why).length > 0) display.say(`  ${home}: ${Object.entries(why).map(([reason, n]) => `${reason} ${n}`).join(', ')}`);
  }
  if (report.bySource) display.say(`  ${Object.entries(report.bySource).map(([source, { deliveries, orders }]) => `${source} ${orders} of ${deliveries}`).join(', ')} (orders of deliveries)`);
  display.say(`lost ${report.lost} · duplicated ${report.duplicated} · unexpected ${report.unexpected} · recovered ${report.recovered}`);
  for (const { what, currency, sent, warehouse, waiting, quarantine, balanced } of report.reconciliation) {
    display.say(`  ${what} ${currency}: sent ${sent.count} = ${sent.money}; warehouse ${warehouse.count} = ${warehouse.money}; waiting ${waiting.count} = ${waiting.money}; quarantine ${quarantine.count} = ${quarantine.money} ${balanced ? '✓' : '✗'}`);
  }
  for (const [rule, hits] of Object.entries(report.faultHits)) display.say(`  fault on demand ${rule}: struck ${hits} times`);
  display.say(`${report.emails} e-mails · ${Object.values(report.notifications).reduce((a, b) => a + b, 0)} staff notices · ${report.apiCallsPerOrder} AWS calls an order (${report.apiCallsMix}) · $${report.costPerMillionOrdersUsd} a million orders`);
  display.say(`${report.throughputPerSecond} orders/s over ${report.seconds} s · intake → commit p50 ${report.latencyMs.p50} ms, p99 ${report.latencyMs.p99} ms · ${report.peakRssMb} MB at most`);
  const faults = faultsOf(facts);
  for (const fault of faults) display.say(`NOT RIGHT: ${fault}`);
  display.say(faults.length === 0 ? 'everything is accounted for' : `${faults.length} things are not right: exit status 1`);
  return faults.length === 0 ? 0 : 1;
}
