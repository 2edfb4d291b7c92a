import { CreateEventSourceMappingCommand, CreateFunctionCommand, DeleteEventSourceMappingCommand, DeleteFunctionCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { strToU8, zipSync } from 'fflate';
import { names } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { logged } from '../world/look.ts';
import { changeMapping } from '../world/mappings.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';
import { watchLater } from '../world/watch.ts';

const consumer = functionOf('orders', 'consume');
const events = `arn:aws:kinesis:eu-west-1:000000000000:stream/${names.events}`;

/** A consumer that answers what its record tells it to. */
const obedient = `exports.handler = async ({ Records }) => {
  const { id, answer } = JSON.parse(Buffer.from(Records[0].kinesis.data, 'base64'));
  console.log('SEEN ' + id);
  return answer;
};`;

/** What a function may answer, and how often it is then given the record, with one retry allowed. */
const answers: readonly (readonly [name: string, answer: unknown, given: number])[] = [
  ['an empty list', { batchItemFailures: [] }, 1], ['no list', {}, 1], ['nothing', null, 1],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, 2], ['no identifier', { batchItemFailures: [{ itemIdentifier: null }] }, 2],
  ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: '1' }] }, 2],
];

interface Discarded {
  readonly payload: string | { readonly Records: readonly { readonly kinesis: { readonly data: string; readonly partitionKey: string } }[] };
}

/** What consumers have given up, with the records, and the keys of the objects. */
async function givenUp({ world: { stage } }: Scene) {
  const Bucket = names.bucket('stream-failures');
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(Contents.map(async ({ Key }) => {
    const { payload } = JSON.parse((await (await stage.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '{}') as Discarded;
    const batch = typeof payload === 'string' ? (JSON.parse(payload) as Exclude<Discarded['payload'], string>) : payload;
    return { key: Key ?? '', records: batch.Records.map(({ kinesis }) => ({ PartitionKey: kinesis.partitionKey, Data: Buffer.from(kinesis.data, 'base64') })) };
  }));
}

/** What becomes of records that a consumer says it could not take. */
export const reportedFailures: readonly Fault[] = [
  {
    number: '21', title: 'an empty or absent list of failures is success; an empty, null or unknown identifier fails the whole batch', guards: [],
    async run(scene) {
      const { lambda, stage } = scene.world;
      const name = `${scene.prefix}-obedient`;
      // no role of its own: that of a consumer may read the stream, and write into the consumer's log
      const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: consumer }));
      await lambda.send(new CreateFunctionCommand({ FunctionName: name, Runtime: 'nodejs24.x', Handler: 'index.handler', Role, LoggingConfig: { LogGroup: `/aws/lambda/${consumer}` }, Code: { ZipFile: zipSync({ 'index.js': strToU8(obedient) }) } }));
      const { UUID } = await lambda.send(new CreateEventSourceMappingCommand({
        FunctionName: name, EventSourceArn: events, StartingPosition: 'TRIM_HORIZON', BatchSize: 1, MaximumRetryAttempts: 1, FunctionResponseTypes: ['ReportBatchItemFailures'],
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { type: [name] } }) }] },
      }));
      try {
        for (const [what, answer] of answers) {
          const Data = Buffer.from(JSON.stringify({ type: name, id: `${name} ${what}`, answer }));
          await stage.kinesis.send(new PutRecordsCommand({ StreamName: names.events, Records: [{ PartitionKey: what, Data }] }));
        }
        const seen = async (what: string): Promise<number> => (await logged(scene.world)).filter(({ message }) => message.includes(`SEEN ${name} ${what}`)).length;
        for (const [what, , given] of answers) await scene.until(`the function being given ${what}`, async () => (await seen(what)) >= given);
        await scene.quiet();
        mustBe(await Promise.all(answers.map(async ([what]) => [what, await seen(what)])), answers.map(([what, , given]) => [what, given]), 'times that the record was given');
      } finally {
        await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
        await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
      }
    },
  },
  {
    number: '24', title: 'retries exhausted: the full payload can be taken up again from S3, one alert', guards: [],
    async run(scene) {
      const { world } = scene;
      await changeMapping(world, consumer, { MaximumRetryAttempts: 2 });
      try {
        await scene.rules({ id: 'always', function: consumer, fault: { kind: 'error', type: 'TypeError' } });
        await scene.take(scene.created(scene.sale()), scene.created(scene.sale()));
        const own = async () => (await givenUp(scene)).filter(({ records }) => records.some(({ PartitionKey }) => PartitionKey.includes(`${scene.prefix}-`)));
        await scene.until('both records lying on S3', async () => (await own()).flatMap(({ records }) => records).length >= 2);
        await world.rules.clear();
        const digests = await watchLater(scene);
        must(digests.length === 1 && /STREAM_FAILURES/.test(digests[0] ?? ''), `${digests.length} digests, of stream failures: ${String(/STREAM_FAILURES/.test(digests.join()))}`);
        const batches = await own();
        await world.stage.kinesis.send(new PutRecordsCommand({ StreamName: names.events, Records: batches.flatMap(({ records }) => records) }));
        await world.stage.s3.send(new DeleteObjectsCommand({ Bucket: names.bucket('stream-failures'), Delete: { Objects: batches.map(({ key }) => ({ Key: key })) } }));
        await scene.quiet();
      } finally {
        await changeMapping(world, consumer, { MaximumRetryAttempts: 20 });
      }
    },
  },
];
