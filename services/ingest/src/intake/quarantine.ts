import { bytesHash } from '@orderflow/shared/events';
import type { ObjectPort } from '@orderflow/shared/stream';
import { askedFor, type Via } from './delivery.ts';
import { keptHeaders } from './headers.ts';
import { inParallel } from './in-parallel.ts';
import type { QuarantinePort } from './ports.ts';

/** An index entry of intake: what came, why it could not be read, where its bytes lie. */
export interface QuarantineEntry {
  /** Id of the event that could not be made. */
  readonly id: string;
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly origin: 'intake';
  /** When it came, UTC. */
  readonly at: string;
  readonly rawKey: string;
  readonly bytes: number;
  readonly source: string;
  readonly account: string;
  readonly delivery: string;
  readonly topic?: string;
  /** How it was asked for, and which notice was the cause; absent: it was pushed. */
  readonly via?: Via;
  readonly cause?: string;
  /** Which item of the delivery; the others went on. */
  readonly position: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the entry of an event lies. `at`: when its delivery came, UTC. */
export const entryKey = (id: string, at: string): string => `index/${at.slice(0, 10)}/${id}.json`;

/** A delivery may hold many unreadable items, and its sender waits for the answer. */
const entriesAtOnce = 32;

/**
 * Quarantine on S3, laid out as everywhere: bytes at `raw/<day>/<hash>`, one entry an item at `index/<day>/<id>.json`,
 * the entry last, so that whoever finds an entry finds the bytes. The same thing delivered twice is one entry.
 */
export const s3IntakeQuarantine = (objects: ObjectPort, bucket: string): QuarantinePort => ({
  async put(delivery, deliveryId, topic, rejected) {
    const at = new Date(delivery.receivedAt).toISOString();
    const day = at.slice(0, 10);
    const rawKey = `raw/${day}/${bytesHash(delivery.body)}`;
    await objects.put(bucket, rawKey, delivery.body);
    await inParallel(entriesAtOnce, rejected, async ({ id, code, path, message, position }) => {
      const entry: QuarantineEntry = {
        id, code, path, message, origin: 'intake', at, rawKey, bytes: delivery.body.byteLength,
        source: delivery.source, account: delivery.account, delivery: deliveryId, ...(topic === undefined ? {} : { topic }),
        ...askedFor(delivery),
        position, headers: keptHeaders(delivery),
      };
      await objects.put(bucket, entryKey(id, at), Buffer.from(JSON.stringify(entry)));
    });
  },
});
