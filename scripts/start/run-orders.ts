import { join } from 'node:path';
import { demoChannels } from '../demo/channels.ts';
import { conclude, measured } from './conclude.ts';
import { accountFor, begin, finish, judge, sendAll, untoldSince, worldOf } from './finite.ts';
import type { Live } from './live.ts';
import type { Input, Options } from './options.ts';
import { pollLeftovers, pollVendors } from './poll-vendors.ts';
import { watchMemory } from './process-tree.ts';
import type { RunDeps } from './run-deps.ts';
import { settled } from './settle.ts';
import type { Stage } from './stage.ts';
import { countsOf } from './watch.ts';

/** Everything a stop of the run must end besides its own time-out. */
const withTimeout = (signal: AbortSignal, seconds: number): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);

/** Generated orders: sends them, waits for rest, scans, reports. @returns the exit status */
export async function runOrders(stage: Stage, options: Options, input: Extract<Input, { kind: 'orders' }>, deps: RunDeps, live: Live, onTotal: (events: number) => void): Promise<number> {
  const { display, now, signal } = deps;
  const { orders } = input;
  const memory = watchMemory(process.pid);
  const limit = withTimeout(signal, options.timeoutSeconds);

  live.state('waiting until what an earlier run left has come to rest');
  await pollLeftovers(stage, untoldSince({ epoch: now() }), limit);
  await settled(stage, { now, signal: limit });
  // with other shops the same words would mean another stream
  const shops = demoChannels().map(({ source, account }) => `${source}:${account}`);
  const begun = await begin(stage, join(options.dataDir, 'sender'), JSON.stringify([input, options.seed, shops]), now());
  const world = worldOf(begun.record, options.seed, orders, input.only === 'orders');
  live.startFrom(begun.baseline.counts);
  const before = await accountFor(stage, begun, world, orders);
  if (begun.resumed) display.say(`resuming the run that was killed: ${before.deliveries} deliveries have their answer already`);
  live.accepted(before.accepted + before.derived);
  onTotal(before.expected.length);

  live.state(`sending ${orders} orders and what belongs to them`);
  await sendAll(stage, begun, { world, orders, rate: options.rate, now, signal: limit, onAnswer: live.answered });
  if (input.only !== 'orders') {
    live.state('all sent; polling for what no notice told of');
    await pollVendors(stage, untoldSince(begun.record), limit);
  }
  live.state('all sent; waiting until everything has come to rest');
  const quiet = await settled(stage, { now, signal: limit, onWait: (why) => live.state(`waiting: ${why}`) });
  if (signal.aborted) return 130;

  live.state('scanning warehouse, quarantine and table');
  if (options.beforeScan !== undefined) await stage.warehouse.run(options.beforeScan);
  const account = await accountFor(stage, begun, world, orders);
  const { settlement, money, latencies, orders: settledOrders, lastCommitAt, firstCommitAt } = await judge(stage, account, begun.baseline);
  const { usage, ...figures } = await measured(stage, begun.baseline, deps.root);
  memory.stop();
  const code = conclude({
    ...account, ...settlement, ...figures,
    orders: settledOrders, latencies, firstCommitAt,
    seconds: account.firstAnswerAt === undefined ? 0 : Math.max(0, lastCommitAt - account.firstAnswerAt) / 1000,
    peakRssMb: memory.peakMb(), balances: money.balances, wrong: money.wrong, timedOut: !quiet, ordersOnly: input.only === 'orders',
  }, usage, options, deps);
  live.counted(await countsOf(stage));
  // one that ran out of time may be taken up again
  if (quiet) finish(begun);
  live.state(code === 0 ? 'the run has ended; everything is accounted for' : 'the run has ended; not everything is right');
  return code;
}
