import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { names } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';

/** Ids of the events of this scene on the stream, one for each record. */
async function onStream({ world: { stage: { kinesis } }, prefix }: Scene, since: Date): Promise<string[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: names.events }));
  const ids: string[] = [];
  for (const { ShardId } of Shards) {
    let { ShardIterator: iterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName: names.events, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: since }));
    while (iterator !== undefined) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }));
      for (const { PartitionKey = '', Data } of page.Records ?? []) if (PartitionKey.includes(`${prefix}-`)) ids.push((JSON.parse(Buffer.from(Data ?? []).toString('utf8')) as { id: string }).id);
      if ((page.Records ?? []).length === 0 && page.MillisBehindLatest === 0) break;
      iterator = page.NextShardIterator;
    }
  }
  return ids;
}

const overflowing = async ({ world: { stage } }: Scene): Promise<number> =>
  (await stage.s3.send(new ListObjectsV2Command({ Bucket: names.bucket('intake'), Prefix: 'overflow/' }))).KeyCount ?? 0;

const drained = (scene: Scene): Promise<unknown> => scene.until('the overflow being drained', async () => {
  await scene.world.lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'drain-overflow'), Payload: Buffer.from('{}') }));
  return (await overflowing(scene)) === 0;
});

const kinesisDown = { service: 'kinesis', operation: 'PutRecords', fault: { kind: 'error', code: 'InternalFailure', status: 500 } };
const overflowDown = { service: 's3', operation: 'PutObject', caller: 'producer', containing: 'overflow/', fault: { kind: 'error', code: 'InternalError', status: 500 } };

/** No 2xx before an event is durable, and nothing durable is lost. */
export const durability: readonly Fault[] = [
  {
    number: '14', title: 'PutRecords: some fail, then all fail: only the failed are resent, no 2xx before durable', guards: ['resend-only-failed', 'durable-before-2xx'], quick: true,
    async run(scene) {
      const since = new Date(Date.now() - 1000);
      await scene.rules({ id: 'some', service: 'kinesis', operation: 'PutRecords', probability: 0.4, times: 8, seed: scene.world.seed, fault: { kind: 'partial' } });
      const all = Array.from({ length: 24 }, () => scene.created(scene.sale()));
      mustBe((await Promise.all(all.map((told) => scene.send(told)))).filter(({ status }) => status !== 200).length, 0, 'answers that are not 200');
      must((await scene.world.rules.hits('some')) > 0, 'no record was refused');
      const ids = await onStream(scene, since);
      mustBe([ids.length, new Set(ids).size], [24, 24], 'records and events on the stream');

      await scene.world.rules.clear();
      await scene.rules({ id: 'all', service: 'kinesis', operation: 'PutRecords', fault: { kind: 'partial' } }, overflowDown);
      const refused = await scene.send(scene.created(scene.sale()));
      mustBe(refused.status, 503, 'answer while nothing takes it');
      await scene.world.rules.clear();
      await scene.quiet();
    },
  },
  {
    number: '16', title: 'the producer is killed under load: every acknowledged event arrives once', guards: ['durable-before-2xx'], quick: true,
    async run(scene) {
      // many a record takes several tries: at any moment some are not on the stream yet
      await scene.rules({ id: 'some', service: 'kinesis', operation: 'PutRecords', probability: 0.8, seed: scene.world.seed, fault: { kind: 'partial' } });
      const all = Array.from({ length: 30 }, () => scene.created(scene.sale()));
      let answered = 0;
      const sending = Promise.all(all.map(async (told, at) => {
        // a few at a time, so that some are answered, some under way and some not sent when it dies
        await scene.until('its turn', async () => answered >= Math.floor(at / 10) * 5);
        const reply = await scene.insist(told);
        answered += 1;
        return reply.status;
      }));
      await scene.until('the first answers', async () => answered >= 5);
      await scene.world.killProducer();
      await scene.world.rules.clear();
      mustBe((await sending).filter((status) => status !== 200).length, 0, 'answers that are not 200');
      await drained(scene);
      await scene.quiet();
    },
  },
  {
    number: '17', title: 'Kinesis down under load: overflow to S3, drained afterwards; S3 down too: 503, never a false 2xx', guards: ['overflow', 'drain-keeps'],
    async run(scene) {
      await scene.rules({ id: 'down', ...kinesisDown });
      const drain = functionOf('ingest', 'drain-overflow');
      const all = Array.from({ length: 10 }, () => scene.created(scene.sale()));
      mustBe((await Promise.all(all.map((told) => scene.send(told)))).filter(({ status }) => status !== 200).length, 0, 'answers that are not 200 while only the stream is down');
      must((await overflowing(scene)) > 0, 'nothing lies in the overflow');
      await scene.rules({ id: 's3-down', ...overflowDown });
      mustBe((await scene.send(scene.created(scene.sale()))).status, 503, 'answer while both are down');
      // draining against a stream that is down loses nothing
      const { FunctionError } = await scene.world.lambda.send(new InvokeCommand({ FunctionName: drain, Payload: Buffer.from('{}') }));
      must(FunctionError !== undefined, 'draining onto a stream that is down succeeded');
      await scene.world.rules.clear();
      await drained(scene);
      await scene.quiet();
    },
  },
];
