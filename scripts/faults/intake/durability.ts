import { InvokeCommand } from '@aws-sdk/client-lambda';
import { setTimeout as pause } from 'node:timers/promises';
import { must, mustBe, type Fault } from '../fault.ts';
import { figure, quarantine } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';
import { answersOf, steadyLoad } from './load.ts';
import { onStream, overflowing, rawObjects } from './safe-places.ts';

/** What a run of drain-overflow said. */
interface Drain {
  readonly records: number;
  readonly left: number;
  readonly refusing?: Readonly<Record<string, string>>;
}

async function drain({ world: { lambda } }: Scene): Promise<Drain> {
  const reply = await lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'drain-overflow'), Payload: Buffer.from('{}') }));
  const text = Buffer.from(reply.Payload ?? []).toString();
  must(reply.FunctionError === undefined, `drain-overflow failed: ${text.slice(0, 200)}`);
  return JSON.parse(text) as Drain;
}

const drained = (scene: Scene): Promise<unknown> => scene.until('the overflow being drained', async () => {
  const { left } = await drain(scene);
  return left === 0 && (await overflowing(scene)) === 0;
});

const putRecords = { service: 'kinesis', operation: 'PutRecords' };
/** Down for who brings events: orders that are on their way through the workflows meet other faults (31). */
const kinesisDown = ['producer', functionOf('ingest', 'drain-overflow')].map((caller) => ({
  id: `down-for-${caller}`, ...putRecords, caller, fault: { kind: 'error', code: 'InternalFailure', status: 500 },
}));
const askedByProducer = ({ world: { rules } }: Scene): Promise<number> => rules.hits('down-for-producer');
const overflowDown = { service: 's3', operation: 'PutObject', caller: 'producer', containing: 'overflow/', fault: { kind: 'error', code: 'InternalError', status: 500 } };

/** While both are down nobody is told that all is well, and a drain loses nothing. */
async function refusedAndKept(scene: Scene): Promise<void> {
  await scene.rules({ id: 's3-down', ...overflowDown });
  const before = await overflowing(scene);
  const refused = await Promise.all([1, 2, 3].map(() => scene.send(scene.created(scene.sale()))));
  mustBe(refused.map(({ status }) => status), [503, 503, 503], 'answers while both are down');
  const { left, refusing } = await drain(scene);
  must(refusing?.['events'] !== undefined && left >= before, `draining onto a stream that is down: ${left} objects left, refusing ${JSON.stringify(refusing)}`);
  must((await overflowing(scene)) >= before, 'draining onto a stream that is down removed something');
}

/** Seconds, for people who read the result. */
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** No 2xx before an event is durable, and nothing durable is lost. */
export const durability: readonly Fault[] = [
  {
    number: '14', title: 'PutRecords: some fail, then all fail: only the failed are resent, no 2xx before durable', guards: ['resend-only-failed', 'durable-before-2xx'], quick: true,
    async run(scene) {
      const since = new Date(Date.now() - 1000);
      await scene.rules({ id: 'some', ...putRecords, probability: 0.4, times: 8, seed: scene.world.seed, fault: { kind: 'partial' } });
      const all = Array.from({ length: 24 }, () => scene.created(scene.sale()));
      mustBe((await Promise.all(all.map((told) => scene.send(told)))).filter(({ status }) => status !== 200).length, 0, 'answers that are not 200');
      must((await scene.world.rules.hits('some')) > 0, 'no record was refused');
      const ids = (await onStream(scene, since)).map(({ id }) => id);
      mustBe([ids.length, new Set(ids).size], [24, 24], 'records and events on the stream');

      await scene.world.rules.clear();
      await scene.rules({ id: 'all', ...putRecords, fault: { kind: 'partial' } }, overflowDown);
      const refused = await scene.send(scene.created(scene.sale()));
      mustBe(refused.status, 503, 'answer while nothing takes it');
      await scene.world.rules.clear();
      await scene.quiet();
    },
  },
  {
    number: '16', title: 'the producer is killed under load, again and again: every acknowledged event arrives once, with or without its raw bytes', guards: ['durable-before-2xx'], quick: true,
    async run(scene) {
      const since = new Date(Date.now() - 1000);
      // every second record takes another try: at any moment some are not on the stream yet
      await scene.rules({ id: 'some', ...putRecords, probability: 0.5, seed: scene.world.seed, fault: { kind: 'partial' } });
      const all = Array.from({ length: 60 }, () => scene.created(scene.sale()));
      const waiting = [...all];
      let answered = 0;
      let wrong = 0;
      const senders = Promise.all(Array.from({ length: 8 }, async () => {
        for (let told = waiting.shift(); told; told = waiting.shift()) {
          if ((await scene.insist(told)).status !== 200) wrong += 1;
          answered += 1;
        }
      }));
      const nonsense = scene.letter({ headers: {}, body: 'no order at all' }, { type: 'intake.rejected', key: '' });
      mustBe((await scene.insist(nonsense)).status, 200, 'answer to a body that cannot be read');
      for (const enough of [4, 14, 28, 42]) {
        await scene.until(`${enough} answers`, async () => answered >= enough);
        await pause(scene.random.whole(0, 60), undefined, { signal: scene.world.signal });
        await scene.world.killProducer();
      }
      await scene.world.rules.clear();
      await senders;
      mustBe(wrong, 0, 'answers that are not 200');
      await drained(scene);
      await scene.quiet();
      // what lay in memory for the archive is gone: its events are whole, and what is in quarantine has bytes of its own
      const objects = await rawObjects(scene);
      const rootless = (await onStream(scene, since)).filter(({ rawref }) => !objects.has(rawref.slice(0, rawref.indexOf('#'))));
      for (const { id } of rootless) mustBe(await figure(scene.world, `SELECT COUNT(*) FROM loaded_event WHERE event_id = '${id}'`), 1, 'rows of an event without raw bytes');
      must((await quarantine(scene.world)).some(({ events }) => events.includes(scene.eventId(nonsense))), 'what could not be read is not in quarantine');
      scene.note(`4 kills; ${new Set(rootless.map(({ id }) => id)).size} of 60 events lost their raw bytes and nothing else`);
    },
  },
  {
    number: '17', title: 'Kinesis down for a minute under load: overflow to S3, answers stay quick, drained afterwards; S3 down too: 503, never a false 2xx', guards: ['overflow', 'drain-keeps'],
    async run(scene) {
      const load = steadyLoad(scene, 250);
      await pause(2_000, undefined, { signal: scene.world.signal });
      await scene.rules(...kinesisDown);
      const downAt = performance.now();
      await pause(60_000, undefined, { signal: scene.world.signal });
      must((await overflowing(scene)) > 0, 'nothing lies in the overflow');
      const bothAt = performance.now();
      await refusedAndKept(scene);
      await pause(3_000, undefined, { signal: scene.world.signal });
      const endsAt = performance.now();
      await scene.world.rules.clear();
      const answers = await load.stop();
      const alone = answersOf(answers, downAt, bothAt);
      mustBe(alone.statuses, { 200: alone.count }, 'answers while only the stream was down');
      must(alone.p99 < 3_000 && alone.most < 6_000, `answers while only the stream was down took up to ${seconds(alone.most)}, p99 ${seconds(alone.p99)}`);
      // those that were begun just before, or were answered just after, may have found it otherwise
      const both = answersOf(answers, bothAt + 500, endsAt);
      mustBe(both.statuses, { 503: both.count }, 'answers while both were down');
      await drained(scene);
      scene.note(`${alone.count} answers while only the stream was down: p50 ${seconds(alone.p50)}, p99 ${seconds(alone.p99)}, most ${seconds(alone.most)}; ${both.count} refused while both were, p99 ${seconds(both.p99)}`);
      await scene.quiet();
    },
  },
  {
    number: '17a', title: 'Kinesis hangs: each sender has its answer soon, the next at once; drained afterwards, and what the stream took after all is absorbed', guards: ['stream-in-time', 'breaker', 'overflow', 'drain-keeps'], quick: true,
    async run(scene) {
      await scene.rules({ id: 'hangs', ...putRecords, caller: 'producer', fault: { kind: 'delay', ms: 8_000 } });
      const startedAt = performance.now();
      const all = Array.from({ length: 8 }, () => scene.created(scene.sale()));
      mustBe((await Promise.all(all.map((told) => scene.send(told)))).filter(({ status }) => status !== 200).length, 0, 'answers that are not 200 while the stream hangs');
      const took = performance.now() - startedAt;
      must(took < 4_500, `answers took up to ${seconds(took)} while the stream hung`);
      must((await overflowing(scene)) > 0, 'nothing lies in the overflow');
      await scene.world.rules.clear();

      await scene.rules(...kinesisDown);
      // noticed by now, or by the first of these
      await scene.until('the stream being given up', async () => {
        const before = await askedByProducer(scene);
        await scene.take(scene.created(scene.sale()));
        return (await askedByProducer(scene)) === before;
      });
      const asked = await askedByProducer(scene);
      const wave = performance.now();
      for (let n = 0; n < 12; n++) await scene.take(scene.created(scene.sale()));
      const probes = (await askedByProducer(scene)) - asked;
      const mayAsk = 1 + Math.ceil((performance.now() - wave) / 1000);
      must(probes <= mayAsk, `a stream that is down was asked ${probes} times for 12 events, more than once a second`);
      await refusedAndKept(scene);
      await scene.world.rules.clear();
      await drained(scene);
      await scene.quiet();
    },
  },
];
