import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { names } from '../../start/stage.ts';
import type { Scene } from '../world/scene.ts';

/** An event as it lies on the stream. */
export interface Streamed {
  readonly id: string;
  /** `s3://bucket/key#offset,length` */
  readonly rawref: string;
}

/** The events of this scene on the stream, one for each record. */
export async function onStream({ world: { stage: { kinesis } }, prefix }: Scene, since: Date): Promise<Streamed[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: names.events }));
  const found: Streamed[] = [];
  for (const { ShardId } of Shards) {
    let { ShardIterator: iterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName: names.events, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: since }));
    while (iterator !== undefined) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }));
      for (const { PartitionKey = '', Data } of page.Records ?? []) if (PartitionKey.includes(`${prefix}-`)) found.push(JSON.parse(Buffer.from(Data ?? []).toString('utf8')) as Streamed);
      if ((page.Records ?? []).length === 0 && page.MillisBehindLatest === 0) break;
      iterator = page.NextShardIterator;
    }
  }
  return found;
}

/** Objects of the overflow. */
export const overflowing = async ({ world: { stage } }: Scene): Promise<number> =>
  (await stage.s3.send(new ListObjectsV2Command({ Bucket: names.bucket('intake'), Prefix: 'overflow/' }))).KeyCount ?? 0;

/** Addresses of all objects of the raw archive. */
export async function rawObjects({ world: { stage } }: Scene): Promise<Set<string>> {
  const Bucket = names.bucket('archive');
  const found = new Set<string>();
  let ContinuationToken: string | undefined;
  do {
    const page = await stage.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'raw/', ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }));
    for (const { Key = '' } of page.Contents ?? []) found.add(`s3://${Bucket}/${Key}`);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}
