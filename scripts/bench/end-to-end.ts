import { cpus } from 'node:os';
import { freeBase, removeFolder, reportOption, startRun, temporaryFolder } from '../start/spawned.ts';
import type { Report } from '../start/report.ts';

type Say = (line: string) => void;

interface Outcome {
  readonly report: Report;
  /** From the start of the process to the first order in the warehouse, seconds. */
  readonly firstOrder: number;
}

async function once(root: string, args: readonly string[], say: Say): Promise<Outcome> {
  const dataDir = temporaryFolder();
  try {
    const began = Date.now();
    const run = startRun(root, [...args, '--exit', ...reportOption(dataDir)], { dataDir, portBase: await freeBase() });
    const status = await run.ended;
    if (status !== 0) throw new Error(`npm start ${args.join(' ')} ended with ${status}:\n${run.output().split('\n').slice(-12).join('\n')}`);
    const report = run.report();
    say(`npm start -- ${args.join(' ')}: ${report.throughputPerSecond} orders/s, p50 ${report.latencyMs.p50} ms, p99 ${report.latencyMs.p99} ms, ${report.apiCallsPerOrder} calls an order`);
    return { report, firstOrder: (report.firstCommitAt - began) / 1000 };
  } finally {
    removeFolder(dataDir);
  }
}

/**
 * The whole path, from the webhook to the committed row: peak throughput, latency at half of it, AWS calls an order, and
 * the time until the first order is loaded from a cold package cache and from a warm one.
 */
export async function endToEnd(root: string, say: Say): Promise<Record<string, number>> {
  say(`${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`);
  const packages = temporaryFolder();
  const first = ['--orders', '1', '--only', 'orders', '--packages', packages];
  const cold = await once(root, first, say);
  const cached = await once(root, first, say);
  removeFolder(packages);
  const peak = await once(root, ['--orders', '3000', '--only', 'orders'], say);
  const rate = Math.max(1, Math.round(peak.report.throughputPerSecond / 2));
  const half = await once(root, ['--orders', String(rate * 60), '--only', 'orders', '--rate', String(rate)], say);
  const mixed = await once(root, ['--orders', '500'], say);
  return {
    ordersPerSecond: peak.report.throughputPerSecond,
    halfRateOrdersPerSecond: rate,
    'halfRate latencyMs p50': half.report.latencyMs.p50,
    'halfRate latencyMs p99': half.report.latencyMs.p99,
    'peak latencyMs p99': peak.report.latencyMs.p99,
    callsPerOrder: half.report.apiCallsPerOrder,
    'callsPerOrder at peak': peak.report.apiCallsPerOrder,
    'callsPerOrder mixed': mixed.report.apiCallsPerOrder,
    'mixed ordersPerSecond': mixed.report.throughputPerSecond,
    costPerMillionOrdersUsd: half.report.costPerMillionOrdersUsd,
    'first order cold seconds': Number(cold.firstOrder.toFixed(1)),
    'first order cached seconds': Number(cached.firstOrder.toFixed(1)),
    peakRssMb: Math.max(peak.report.peakRssMb, mixed.report.peakRssMb),
  };
}
