import { gunzipSync, gzipSync } from 'node:zlib';
import { GetCommand, paginateScan, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bytesHash } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import type { ObjectPort } from '@orderflow/shared/stream';
import { dynamoLeases, free, type Values } from '../cursors/leases.ts';
import { noCounts, type Checkpoint, type CursorPort, type FileRef } from './progress.ts';

/** Finished entries are kept this long: they answer "has this file been read?". */
const keptDays = 400;

const pkOf = ({ key }: Pick<FileRef, 'key'>): string => `file#${key}`;

/**
 * Cursors in DynamoDB: `file#<key>` with etag, status, lease, counts and share read; the checkpoint itself, which may hold
 * large open documents, as an object below `checkpoints/` of the intake bucket, each under a name of its own: a reader
 * that has lost its lease must not overwrite what its successor wrote.
 */
export function dynamoCursors(
  client: DynamoDBDocumentClient, table: string, objects: ObjectPort, bucket: string, clock: Clock,
): CursorPort {
  const leases = dynamoLeases(client, table, clock);
  const stateKey = (file: FileRef, owner: string, offset: number): string =>
    `checkpoints/${bytesHash(`${file.key}\n${file.etag}`)}/${owner}-${offset}.json.gz`;
  const expiresAt = (): number => Math.floor(clock() / 1_000) + keptDays * 86_400;
  const entryOf = async (file: Pick<FileRef, 'key'>): Promise<Record<string, unknown> | undefined> =>
    (await client.send(new GetCommand({ TableName: table, Key: { pk: pkOf(file) }, ConsistentRead: true }))).Item;

  const change = (file: FileRef, owner: string, leaseMs: number, values: Values): Promise<void> =>
    leases.change(pkOf(file), owner, leaseMs, values, { text: '#etag = :etag_', values: { ':etag_': file.etag } });

  return {
    async claim(file, droppedAt, owner, leaseMs) {
      const begun = await leases.take(pkOf(file), owner, leaseMs, {
        // unknown, or another content under the same name, or given up and dropped anew
        condition: {
          text: 'attribute_not_exists(pk) OR #etag <> :etag OR (#status = :failed_ AND #droppedAt < :droppedAt)', values: { ':failed_': 'FAILED' },
        },
        set: {
          bucket: file.bucket, key: file.key, etag: file.etag, droppedAt, status: 'RUNNING', movedAt: clock(), claims: 1, counts: noCounts,
          expiresAt: expiresAt(), checkpointKey: undefined, message: undefined, read: undefined, size: undefined, percent: undefined,
        },
      });
      if (begun) return { outcome: 'mine', deaths: 0, replaced: begun['status'] === 'RUNNING' };
      const resumed = await leases.take(pkOf(file), owner, leaseMs, {
        // handed over, or left by a reader that died
        condition: { text: `#status = :running_ AND ${free}`, values: { ':running_': 'RUNNING' } },
        count: 'claims',
      });
      if (resumed) return { outcome: 'mine', deaths: Number(resumed['claims']), replaced: false };
      return { outcome: (await entryOf(file))?.['status'] === 'RUNNING' ? 'busy' : 'done' };
    },
    async checkpoint(file) {
      const entry = await entryOf(file);
      const checkpointKey: unknown = entry?.['checkpointKey'];
      if (entry?.['etag'] !== file.etag || typeof checkpointKey !== 'string') return undefined;
      return JSON.parse(gunzipSync(await objects.get(bucket, checkpointKey)).toString('utf8')) as Checkpoint;
    },
    async save(file, owner, checkpoint, { read, size }, leaseMs) {
      const checkpointKey = stateKey(file, owner, checkpoint.offset);
      await objects.put(bucket, checkpointKey, gzipSync(JSON.stringify(checkpoint), { level: 1 }));
      const percent = size === 0 ? 100 : Math.floor((100 * read) / size);
      await change(file, owner, leaseMs, { movedAt: clock(), claims: 0, counts: checkpoint.counts, read, size, percent, checkpointKey });
    },
    release: (file, owner) => change(file, owner, 0, { claims: 0 }),
    finish: (file, owner, { status, counts, message }) =>
      change(file, owner, 0, {
        status, movedAt: clock(), ...(counts === undefined ? {} : { counts }), ...(status === 'DONE' ? { percent: 100 } : {}), ...(message === undefined ? {} : { message }),
      }),
    async known(key) {
      const etag: unknown = (await entryOf({ key }))?.['etag'];
      return typeof etag === 'string' ? etag : undefined;
    },
    async unfinished() {
      const found: Record<string, unknown>[] = [];
      const pages = paginateScan({ client }, {
        TableName: table,
        FilterExpression: 'begins_with(pk, :file) AND #status = :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':file': 'file#', ':running': 'RUNNING' },
      });
      for await (const { Items = [] } of pages) found.push(...Items);
      return found.map((item) => ({
        file: { bucket: String(item['bucket']), key: String(item['key']), etag: String(item['etag']) },
        abandoned: Number(item['leaseUntil']) < clock(),
        movedAt: Number(item['movedAt']),
      }));
    },
  };
}
