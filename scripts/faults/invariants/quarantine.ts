import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { names } from '../../start/stage.ts';
import { functionOf } from '../world/quiet.ts';
import type { World } from '../world/world.ts';
import type { Scanned } from './scan.ts';

interface Entry {
  readonly id: string;
  readonly rawKey: string;
}

/** I9: of everything in quarantine the bytes are there and a replay can try it. */
export async function replayable({ found }: Scanned, { stage, lambda }: World): Promise<string[]> {
  if (found.quarantine.length === 0) return [];
  const Bucket = names.bucket('quarantine');
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'index/' }));
  const without: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await stage.s3.send(new GetObjectCommand({ Bucket, Key }));
    const { id, rawKey } = JSON.parse((await Body?.transformToString()) ?? '{}') as Entry;
    await stage.s3.send(new HeadObjectCommand({ Bucket, Key: rawKey })).catch(() => without.push(`I9: quarantine entry ${id} has no bytes at ${rawKey}`));
  }
  const reply = await lambda.send(new InvokeCommand({ FunctionName: functionOf('ingest', 'replay'), Payload: Buffer.from('{"dryRun":true}') }));
  if (reply.FunctionError !== undefined) return [...without, `I9: a replay of what is in quarantine fails: ${Buffer.from(reply.Payload ?? []).toString().slice(0, 200)}`];
  const { entries } = JSON.parse(Buffer.from(reply.Payload ?? []).toString()) as { entries: { id: string }[] };
  const seen = new Set(entries.map(({ id }) => id));
  return [...without, ...found.quarantine.filter(({ id }) => !seen.has(id)).map(({ id }) => `I9: a replay does not see quarantine entry ${id}`)];
}
