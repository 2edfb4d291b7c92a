import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { kinesisClient, s3Client } from '@orderflow/shared/aws';
import type { Probe } from './readiness.ts';

/**
 * The cheapest calls that say whether an event could be made durable: is the stream of events there (its summary, for a
 * record would reach every consumer), and does the overflow's bucket take an object (always the same one).
 */
export const durabilityProbes = (env: { readonly EVENTS_STREAM: string; readonly INTAKE_BUCKET: string }): readonly Probe[] => [
  async (abortSignal) => {
    const { StreamDescriptionSummary: stream } = await kinesisClient().send(new DescribeStreamSummaryCommand({ StreamName: env.EVENTS_STREAM }), { abortSignal });
    // a stream being resharded takes records (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StreamDescriptionSummary.html)
    if (stream?.StreamStatus !== 'ACTIVE' && stream?.StreamStatus !== 'UPDATING') throw new Error(`the stream is ${stream?.StreamStatus ?? 'unknown'}`);
  },
  (abortSignal) => s3Client().send(new PutObjectCommand({ Bucket: env.INTAKE_BUCKET, Key: 'probe/producer', Body: 'probe' }), { abortSignal }),
];
