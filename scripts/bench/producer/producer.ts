import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CreateStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startCloud } from '../../local/testing/cloud-process.ts';
import { writePackage } from '../../local/testing/fixture-package.ts';
import { treeCpuMs, treeMb } from '../../start/process-tree.ts';
import { removeFolder, temporaryFolder } from '../../start/spawned.ts';
import type { Load, LoadResult } from './load.ts';

type Say = (line: string) => void;

const BYTES = 5_000;
const CONNECTIONS = 32;
const SECONDS = 8;
const ROUNDS = 3;
const names = {
  EVENTS_STREAM: 'bench-events', FACTS_STREAM: 'bench-facts', ARCHIVE_BUCKET: 'bench-archive', QUARANTINE_BUCKET: 'bench-quarantine', INTAKE_BUCKET: 'bench-intake',
  NOTICES_QUEUES: 'bench-notices-',
  CURSORS_TABLE: 'bench-cursors',
};

interface Server {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
}

async function child(root: string, file: string, environment: Readonly<Record<string, string>>, options: readonly string[] = []): Promise<{ child: ChildProcess; port: number }> {
  const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', ...options, join(root, file)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, MALLOC_ARENA_MAX: '2', ...environment },
  });
  const [{ port }] = (await once(started, 'message')) as [{ port: number }];
  return { child: started, port };
}

const server = async (...args: Parameters<typeof child>): Promise<Server> => {
  const { child: process, port } = await child(...args);
  return { child: process, pid: process.pid ?? 0, url: `http://127.0.0.1:${port}` };
};

/** Streams, buckets and the one secret that the producer needs, in an otherwise empty local cloud. */
async function resources(endpoint: string): Promise<void> {
  const client = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const [kinesis, s3, secrets] = [new KinesisClient(client), new S3Client({ ...client, forcePathStyle: true }), new SecretsManagerClient(client)];
  for (const StreamName of [names.EVENTS_STREAM, names.FACTS_STREAM]) await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 8 }));
  for (const Bucket of [names.ARCHIVE_BUCKET, names.QUARANTINE_BUCKET, names.INTAKE_BUCKET]) await s3.send(new CreateBucketCommand({ Bucket }));
  await secrets.send(new CreateSecretCommand({ Name: 'orderflow/local/sources/shopify/default', SecretString: 'local-shopify-secret' }));
  for (const one of [kinesis, s3, secrets]) one.destroy();
}

/** Records on the stream of events: what was acknowledged must be there. */
async function recordsOn(endpoint: string): Promise<number> {
  const kinesis = new KinesisClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const StreamName = names.EVENTS_STREAM;
  await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  let records = 0;
  for (const { ShardId } of (await kinesis.send(new ListShardsCommand({ StreamName }))).Shards ?? []) {
    let { ShardIterator: iterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
    while (iterator !== undefined) {
      const { Records = [], NextShardIterator, MillisBehindLatest } = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      records += Records.length;
      iterator = Records.length === 0 && MillisBehindLatest === 0 ? undefined : NextShardIterator;
    }
  }
  kinesis.destroy();
  return records;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/**
 * The producer with durable acknowledgement beside its own server answering 200 without doing anything, in turns, on one
 * machine: requests a second, latency, CPU a request, memory. Sender, producer and the local cloud that stands for
 * Kinesis and S3 share this machine's cores; on AWS the producer has its own. So the CPU that a request takes of each
 * process is told, too: that figure does not depend on the others.
 */
export async function producer(root: string, say: Say): Promise<Record<string, number>> {
  const folder = temporaryFolder();
  const children: ChildProcess[] = [];
  const packages = join(folder, 'packages');
  // a template has at least one resource
  writePackage(packages, 'empty', {}, { Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'bench' } } });
  const cloud = await startCloud(root, join(folder, 'data'), packages);
  try {
    await resources(cloud.endpoint);
    const sender = (await child(root, 'scripts/bench/producer/load.ts', {})).child;
    const bare = await server(root, 'scripts/bench/producer/bare.ts', {});
    const real = await server(root, 'services/ingest/src/producer/main.ts', {
      ...names, STAGE: 'local', PORT: '0', HOST: '127.0.0.1', PUBLIC_URL: 'http://127.0.0.1', LOG_LEVEL: 'WARN', MOST_PER_SECOND: '0',
      AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
    });
    children.push(sender, bare.child, real.child);

    let first = 5_000_000_000_000;
    let durable = 0;
    let phases = 0;
    const load = async (to: Server, more: Partial<Load> = {}): Promise<LoadResult & { perSecond: number; serverCpuMs: number; cloudCpuMs: number; senderCpuMs: number }> => {
      const [server0, cloud0] = [treeCpuMs(to.pid), treeCpuMs(cloud.pid)];
      sender.send({ url: to.url, connections: CONNECTIONS, seconds: SECONDS, bytes: BYTES, first, ...more } satisfies Load);
      const [result] = (await once(sender, 'message')) as [LoadResult];
      const sent = result.acknowledged + result.refused;
      first += 10 * (sent + CONNECTIONS) + 1_000_000;
      if (to === real) {
        durable += result.acknowledged;
        phases++;
      }
      if (result.refused > 0) say(`${result.refused} of ${sent} were refused`);
      return {
        ...result, perSecond: result.acknowledged / result.seconds, serverCpuMs: (treeCpuMs(to.pid) - server0) / sent, cloudCpuMs: (treeCpuMs(cloud.pid) - cloud0) / sent, senderCpuMs: result.cpuMs / sent,
      };
    };

    await load(bare, { seconds: 3 });
    await load(real, { seconds: 6 }); // what is slow once is compiled now
    const rounds: { bare: Awaited<ReturnType<typeof load>>; real: Awaited<ReturnType<typeof load>> }[] = [];
    let rssMb = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const one = { bare: await load(bare), real: await load(real) };
      rssMb = Math.max(rssMb, treeMb(real.pid));
      rounds.push(one);
      say(`${Math.round(one.bare.perSecond)} requests/s bare, ${Math.round(one.real.perSecond)} durable (${rounded(one.real.perSecond / one.bare.perSecond)}), p99 ${one.real.p99} ms`);
    }
    const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
    const perSecond = of((round) => round.real.perSecond);
    const steady = await load(real, { rate: Math.max(1, Math.round(perSecond * 0.7)) });
    rssMb = Math.max(rssMb, treeMb(real.pid));
    say(`at 70 % of that: p50 ${steady.p50} ms, p99 ${steady.p99} ms`);

    const extra = (await recordsOn(cloud.endpoint)) - durable;
    if (extra < 0) throw new Error(`${-extra} of ${durable} acknowledged orders are not on the stream`);
    // each phase ends with one request on each connection under way: taken, without being counted as acknowledged
    if (extra > phases * CONNECTIONS) throw new Error(`${extra} more orders are on the stream than were acknowledged; the ends of ${phases} phases explain ${phases * CONNECTIONS}`);
    return {
      'bare requestsPerSecond': Math.round(of((round) => round.bare.perSecond)),
      requestsPerSecond: Math.round(perSecond),
      'of bare': rounded(of((round) => round.real.perSecond / round.bare.perSecond), 3),
      p50Ms: of((round) => round.real.p50), p99Ms: of((round) => round.real.p99),
      'at 70 % p50Ms': steady.p50, 'at 70 % p99Ms': steady.p99,
      'bare p99Ms': of((round) => round.bare.p99),
      'bare cpuMs': rounded(of((round) => round.bare.serverCpuMs), 3),
      cpuMs: rounded(of((round) => round.real.serverCpuMs), 3),
      'bare of cpu': rounded(of((round) => round.bare.serverCpuMs / round.real.serverCpuMs), 3),
      'local cloud cpuMs': rounded(of((round) => round.real.cloudCpuMs), 3),
      'sender cpuMs': rounded(of((round) => round.real.senderCpuMs), 3),
      rssMb: Math.round(rssMb),
      acknowledged: durable,
      'on the stream': durable + extra,
    };
  } finally {
    for (const one of children) one.kill('SIGKILL');
    await cloud.stop('SIGTERM');
    removeFolder(folder);
  }
}
