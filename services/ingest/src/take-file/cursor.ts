import { gunzipSync, gzipSync } from 'node:zlib';
import { GetCommand, paginateScan, UpdateCommand, type DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { bytesHash } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import type { ObjectPort } from '@orderflow/shared/stream';
import { LeaseLost, noCounts, type Checkpoint, type CursorPort, type FileRef } from './progress.ts';

/** Finished entries are kept this long: they answer "has this file been read?". */
const keptDays = 400;

const pkOf = ({ key }: Pick<FileRef, 'key'>): string => `file#${key}`;
const refused = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';

/**
 * Cursors in DynamoDB: `file#<key>` with etag, status, lease, counts and share read; the checkpoint itself, which may hold
 * large open documents, as an object below `checkpoints/` of the intake bucket, each under a name of its own: a reader
 * that has lost its lease must not overwrite what its successor wrote.
 */
export function dynamoCursors(
  client: DynamoDBDocumentClient, table: string, objects: ObjectPort, bucket: string, clock: Clock,
): CursorPort {
  const stateKey = (file: FileRef, owner: string, offset: number): string =>
    `checkpoints/${bytesHash(`${file.key}\n${file.etag}`)}/${owner}-${offset}.json.gz`;
  const expiresAt = (): number => Math.floor(clock() / 1_000) + keptDays * 86_400;
  const entryOf = async (file: FileRef): Promise<Record<string, unknown> | undefined> =>
    (await client.send(new GetCommand({ TableName: table, Key: { pk: pkOf(file) }, ConsistentRead: true }))).Item;

  /** What the entry was before, if the condition held. */
  const claimIf = async (file: FileRef, change: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<Record<string, unknown> | undefined> => {
    try {
      const { Attributes = {} } = await client.send(new UpdateCommand({ TableName: table, Key: { pk: pkOf(file) }, ReturnValues: 'ALL_OLD', ...change }));
      return Attributes;
    } catch (error) {
      if (refused(error)) return undefined;
      throw error;
    }
  };

  /** Changes the entry if `owner` still holds it. */
  const change = async (file: FileRef, owner: string, values: Readonly<Record<string, unknown>>): Promise<void> => {
    const names = Object.keys(values);
    try {
      await client.send(new UpdateCommand({
        TableName: table,
        Key: { pk: pkOf(file) },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#owner_ = :owner_ AND etag = :etag_',
        ExpressionAttributeNames: { ...Object.fromEntries(names.map((name) => [`#${name}`, name])), '#owner_': 'owner' },
        ExpressionAttributeValues: {
          ...Object.fromEntries(names.map((name) => [`:${name}`, values[name]])), ':owner_': owner, ':etag_': file.etag,
        },
      }));
    } catch (error) {
      throw refused(error) ? new LeaseLost() : error;
    }
  };

  return {
    async claim(file, droppedAt, owner, leaseMs) {
      const now = clock();
      const begun = await claimIf(file, {
        UpdateExpression:
          'SET #bucket = :bucket, #key = :key, etag = :etag, droppedAt = :dropped, #status = :running, #owner = :owner, leaseUntil = :until, movedAt = :now, claims = :one, counts = :none, expiresAt = :expires REMOVE checkpointKey, message, #read, #size, #percent',
        // unknown, or another content under the same name, or given up and dropped anew
        ConditionExpression: 'attribute_not_exists(pk) OR etag <> :etag OR (#status = :failed AND droppedAt < :dropped)',
        ExpressionAttributeNames: { '#bucket': 'bucket', '#key': 'key', '#status': 'status', '#owner': 'owner', '#read': 'read', '#size': 'size', '#percent': 'percent' },
        ExpressionAttributeValues: {
          ':bucket': file.bucket, ':key': file.key, ':etag': file.etag, ':dropped': droppedAt, ':running': 'RUNNING', ':failed': 'FAILED',
          ':owner': owner, ':until': now + leaseMs, ':now': now, ':one': 1, ':none': noCounts, ':expires': expiresAt(),
        },
      });
      if (begun) return { outcome: 'mine', deaths: 0, replaced: begun['status'] === 'RUNNING' };
      const resumed = await claimIf(file, {
        UpdateExpression: 'SET #owner = :owner, leaseUntil = :until, claims = claims + :one',
        // handed over, or left by a reader that died
        ConditionExpression: '#status = :running AND leaseUntil < :now',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: { ':running': 'RUNNING', ':owner': owner, ':until': now + leaseMs, ':now': now, ':one': 1 },
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
      await change(file, owner, {
        leaseUntil: clock() + leaseMs, movedAt: clock(), claims: 0, counts: checkpoint.counts, read, size, percent, checkpointKey,
      });
    },
    release: (file, owner) => change(file, owner, { leaseUntil: 0, claims: 0 }),
    finish: (file, owner, { status, counts, message }) =>
      change(file, owner, {
        status, leaseUntil: 0, movedAt: clock(), ...(counts === undefined ? {} : { counts }), ...(status === 'DONE' ? { percent: 100 } : {}), ...(message === undefined ? {} : { message }),
      }),
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
