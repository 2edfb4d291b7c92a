import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { mostExamples, type Finding, type FindingCode } from '../finding.ts';

export interface ListedObject {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Up to a thousand objects under a prefix. */
export type ListObjects = (bucket: string, prefix: string) => Promise<ListedObject[]>;

export const s3Lister = (client: Pick<S3Client, 'send'>): ListObjects => async (bucket, prefix) => {
  const answer = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return (answer.Contents ?? []).map(({ Key = '', LastModified }) => ({ key: Key, at: LastModified?.getTime() ?? 0 }));
};

const findingOf = (code: FindingCode, where: string, objects: readonly ListedObject[]): Finding[] =>
  objects.length === 0
    ? []
    : [{ code, where, count: objects.length, since: Math.min(...objects.map((one) => one.at)), examples: objects.slice(0, mostExamples).map((one) => one.key) }];

/** Batches that a consumer gave up, and what went into quarantine today or yesterday. */
export async function findObjects(list: ListObjects, buckets: { readonly failures: string; readonly quarantine: string }, now: number): Promise<Finding[]> {
  const day = (ago: number): string => new Date(now - ago * 86_400_000).toISOString().slice(0, 10);
  const [given, today, yesterday] = await Promise.all([
    list(buckets.failures, ''), list(buckets.quarantine, `index/${day(0)}/`), list(buckets.quarantine, `index/${day(1)}/`),
  ]);
  return [...findingOf('STREAM_FAILURES', 'stream-failures', given), ...findingOf('QUARANTINED', 'quarantine', [...today, ...yesterday])];
}
