import { enqueueWith } from '../start/enqueue.ts';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { demoChannels } from '../demo/channels.ts';
import type { Delivery } from '../demo/delivery.ts';
import { random } from '../demo/random.ts';
import type { Sale } from '../demo/sale.ts';
import { keyOf } from '../demo/says.ts';
import { demoStream, type Step } from '../demo/stream.ts';
import { fetchedEvents, fetchOf } from '../start/fetchable.ts';
import { untoldSince } from '../start/finite.ts';
import { pollVendors } from '../start/poll-vendors.ts';
import { handedOut } from '../start/scan/notices.ts';
import { send } from '../start/sender.ts';
import { checkInvariants } from './invariants/check.ts';
import { executions } from './world/look.ts';
import type { Rule } from './world/fault-rules.ts';
import { quiet, runSchedule } from './world/quiet.ts';
import type { World } from './world/world.ts';

export interface Soak {
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly at: (what: string) => void;
}

const minute = 60_000;
const ordersAtOnce = 60;
const services = [['orders', 'reprocess'], ['updates', 'reprocess'], ['returns', 'reprocess'], ['ingest', 'drain-overflow'], ['failure-watch', 'find-failures']] as const;

/** What may go wrong in the soak, each by chance. Mails whose reply is lost are never sent again: their outcome is unknown by design. */
function mix(seed: number, round: number): Rule[] {
  const r = random(seed, 'soak', round);
  const chance = (most: number): number => Number((0.002 + r.next() * most).toFixed(4));
  const call = (service: string, operation: string, kind: string, most: number, more: object = {}): Rule =>
    ({ id: `${service}-${operation}-${kind}`, service, operation, caller: operation === 'PutRecords' ? '*' : 'orderflow-*', probability: chance(most), seed: seed + round, fault: { kind, ...more } });
  const run = (kind: string, most: number, more: object = {}): Rule =>
    ({ id: `function-${kind}`, function: 'orderflow-*-local-*', probability: chance(most), seed: seed + round, fault: { kind, ...more } });
  return [
    call('dynamodb', '*', 'throttle', 0.03), call('dynamodb', '*', 'reply-lost', 0.02), call('dynamodb', '*', 'delay', 0.03, { ms: r.whole(20, 200) }),
    call('kinesis', 'PutRecords', 'reply-lost', 0.05), call('kinesis', 'PutRecords', 'partial', 0.05), call('kinesis', 'PutRecords', 'throttle', 0.05),
    call('s3', '*', 'throttle', 0.03), call('s3', '*', 'delay', 0.05, { ms: r.whole(20, 200) }), call('states', 'StartExecution', 'reply-lost', 0.03),
    call('redshift-data', '*', 'throttle', 0.03), call('sns', 'Publish', 'throttle', 0.05), call('ses', 'SendEmail', 'throttle', 0.05),
    run('crash', 0.01, { when: r.pick(['before', 'after']) }), run('delay', 0.02, { ms: r.whole(50, 400) }), run('skew', 0.05, { ms: r.whole(-60, 60) * 1000 }),
  ];
}

/** What one delivery of the demo shops must leave behind. */
function note(world: World, delivery: Delivery, sale: Sale | undefined, status: number): void {
  if (delivery.kind === 'bad-signature' || delivery.kind === 'ping') return;
  delivery.says.forEach((said, position) => {
    // a source that tells the whole order again makes no second one
    const again = said.type === 'order.created' && (sale === undefined || said.key !== keyOf(sale));
    world.ledger.one('soak', delivery.ids[position] ?? '', again ? { type: 'order.updated', key: said.key } : said, status < 300);
  });
}

/** What the vendors' own stores say must have been fetched or polled: all was sent, so all is acknowledged. */
async function noteFetched({ stage, ledger }: World, steps: readonly Step[]): Promise<void> {
  const fetches = steps.flatMap(({ deliveries, ending }) => deliveries.flatMap((delivery) => (delivery.kind === 'repeat' ? [] : fetchOf(delivery, true, ending) ?? [])));
  for (const { id, said, first } of fetchedEvents(fetches, await handedOut(stage.vendors))) {
    // a later version tells the whole order again, and is no second one
    ledger.add({ id, said: first || said.type !== 'order.created' ? said : { type: 'order.updated', key: said.key }, acknowledged: true, fault: 'soak' });
  }
}

/**
 * A seeded storm over all sources: the demo shops with their repeats and disorder, each round under another mix of
 * faults. At each quiet point the schedules that mend what was left are run, and every invariant is checked.
 * @returns what was not true
 */
export async function soak(world: World, { minutes, seed, say, at }: Soak): Promise<string[]> {
  const end = Date.now() + minutes * minute;
  let orders = 0;
  for (let round = 1; ; round++) {
    await world.rules.add(...mix(seed, round));
    const epoch = Date.now() + round * 1000;
    const shops = { seed: seed + round, epoch, onlyOrders: false, placedAt: (n: number) => epoch - 36 * 60 * minute + n * 1000, channels: demoChannels() };
    at(`round ${round}: ${ordersAtOnce} orders under a mix of faults`);
    const endings = new Map<string, Parameters<World['ledger']['ends']>[1]>();
    const steps = [...demoStream(shops, ordersAtOnce)];
    for (const { deliveries, sale, ending } of steps) {
      // before it is answered it may be there already
      for (const delivery of deliveries) note(world, delivery, sale, 503);
      if (sale && ending && !ending.waits) endings.set(keyOf(sale), ending);
    }
    await send(steps, { port: world.stage.webhookPort, vendors: world.stage.vendors, enqueue: enqueueWith(world.stage.sqs), rate: undefined, now: Date.now, signal: world.signal, answered: () => false, onAnswer: ({ status }, delivery) => note(world, delivery, undefined, status) });
    orders += ordersAtOnce;
    if (random(seed, 'kill', round).chance(0.3)) await world.killProducer();
    // the work itself meets the faults, not only the intake
    await quiet(world, 3 * minute);
    const struck = (await world.rules.shown()).reduce((sum, { hits }) => sum + hits, 0);
    await world.rules.clear();
    await pollVendors(world.stage, untoldSince({ epoch }), world.signal);
    await calm(world);
    await noteFetched(world, steps);
    for (const [key, ending] of endings) world.ledger.ends(key, ending);
    const wrong = await checkInvariants(world);
    say(`round ${round}: ${orders} orders in all, ${struck} faults struck, ${wrong.length === 0 ? 'every invariant holds' : `${wrong.length} broken`}`);
    if (wrong.length > 0 || Date.now() >= end) return wrong;
  }
}

/** The schedules that take up what a crash has left, looking from a quarter of an hour ahead, until nothing moves. */
async function calm(world: World): Promise<void> {
  await quiet(world);
  for (const [service, name] of services) {
    await world.rules.add({ id: `ahead-${service}-${name}`, function: `orderflow-${service}-local-${name}`, fault: { kind: 'skew', ms: 15 * minute } });
    await runSchedule(world, service, name);
  }
  await quiet(world);
  await redriveFailed(world);
  await world.rules.clear();
  await quiet(world);
}

/** What an operator does with executions that failed for a technical reason. */
async function redriveFailed(world: World): Promise<void> {
  for (const machine of ['process-order', 'process-update', 'process-return'] as const) {
    for (const { arn } of await executions(world, machine, 'FAILED')) await world.states.send(new RedriveExecutionCommand({ executionArn: arn }));
  }
  await quiet(world);
}
