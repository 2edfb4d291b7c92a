import { accountsOf } from '@orderflow/shared/accounts';
import { kinesisClient, s3Client, s3ClientOnce, secretsClient, sqsClient, ssmClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { kinesisStream, s3Objects, type StreamPort } from '@orderflow/shared/stream';
import { s3Archive } from './archive.ts';
import { noNotices, noticeQueues } from './notice-queues.ts';
import { s3Overflow } from './overflow.ts';
import { readKeyOver } from '../vendor/read-key.ts';
import { vendorOnAws, type VendorEnv } from '../vendor/wire.ts';
import type { IntakeDeps, PublishedPort } from './ports.ts';
import { publishedKeys } from './published-keys.ts';
import { recentDeliveries, usualRecent } from './recent.ts';
import { s3IntakeQuarantine } from './quarantine.ts';
import { secretsOnAws } from './secret-text.ts';
import { accountSecrets } from './secrets.ts';
import { streamSink, type Sink } from './sink.ts';

/** The resources that intake writes to. */
export interface IntakeEnv {
  readonly STAGE: string;
  readonly EVENTS_STREAM: string;
  readonly FACTS_STREAM: string;
  readonly ARCHIVE_BUCKET: string;
  readonly QUARANTINE_BUCKET: string;
  readonly INTAKE_BUCKET: string;
  /** How many deliveries the door remembers; 0: none. */
  readonly RECENT_DELIVERIES?: number | undefined;
  /** Names of the notice queues up to that of the source; only where notices come in. */
  readonly NOTICES_QUEUES?: string | undefined;
}

/** How events are sent: the least time between two calls to a stream, and how long it is asked before the overflow is. */
export interface Sending {
  readonly lingerMs: number;
  readonly patience: 'brief' | 'long';
}

/** What of intake is the same for the producer and every function that takes events. Data over 200 KB lies in the archive bucket. */
export function intakeOnAws(env: IntakeEnv, tools: Tools, sending: Sending): Omit<IntakeDeps, 'published'> & { readonly sink: Sink } {
  // what a sender's answer waits for is given up soon
  const gating = s3Objects(s3Client(), 2_500);
  const withinMs = sending.patience === 'brief' ? 1_000 : 5_000;
  const stream = (name: string): StreamPort => kinesisStream(kinesisClient(), name, withinMs);
  return {
    accounts: accountsOf(env.STAGE),
    secrets: accountSecrets(secretsOnAws(secretsClient(), ssmClient), env.STAGE, tools.clock),
    sink: streamSink({
      streams: {
        events: stream(env.EVENTS_STREAM),
        facts: stream(env.FACTS_STREAM),
        notices: env.NOTICES_QUEUES === undefined ? noNotices : noticeQueues(sqsClient(), env.NOTICES_QUEUES, withinMs),
      },
      overflow: s3Overflow(s3Objects(s3ClientOnce(), 1_500), env.INTAKE_BUCKET, tools),
      objects: gating,
      pointerBucket: env.ARCHIVE_BUCKET,
      ...sending,
      log: tools.log,
      meter: tools.meter,
    }),
    archive: s3Archive(s3Objects(s3ClientOnce(), 15_000), env.ARCHIVE_BUCKET, tools),
    quarantine: s3IntakeQuarantine(gating, env.QUARANTINE_BUCKET),
    recent: recentDeliveries(tools.clock, { ...usualRecent, deliveries: env.RECENT_DELIVERIES ?? usualRecent.deliveries }),
    clock: tools.clock,
    log: tools.log,
    meter: tools.meter,
  };
}

/** The vendors' public keys, for whoever takes webhooks. */
export const publishedOnAws = (env: VendorEnv, tools: Pick<Tools, 'clock' | 'newId'>): PublishedPort =>
  publishedKeys(readKeyOver(fetch, env.VENDOR_HOSTS, vendorOnAws(env, tools)), tools.clock);
