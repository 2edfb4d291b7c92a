import { createHash } from 'node:crypto';
import type { Clock } from '@orderflow/shared/lambda';
import type { Quarantine } from './consume.ts';
import type { ObjectPort } from './payload.ts';

/**
 * Quarantine on S3: the bytes at `raw/<day>/<id>` and their index entry at `index/<day>/<id>.json`; the entry last, so
 * that whoever finds an entry finds the bytes. `id` is the hash of origin and bytes: the same thing twice is one entry.
 */
export const s3Quarantine = (objects: ObjectPort, bucket: string, clock: Clock): Quarantine => ({
  async put({ code, message, path, body, origin }) {
    const id = createHash('sha256').update(origin).update('\n').update(body).digest('hex').slice(0, 32);
    const at = new Date(clock()).toISOString();
    const day = at.slice(0, 10);
    const rawKey = `raw/${day}/${id}`;
    await objects.put(bucket, rawKey, body);
    const entry = { id, code, message, path, origin, at, rawKey, bytes: body.byteLength };
    await objects.put(bucket, `index/${day}/${id}.json`, Buffer.from(JSON.stringify(entry)));
  },
});
