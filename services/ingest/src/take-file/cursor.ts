import { gunzipSync, gzipSync } from 'node:zlib';
import { GetCommand, ScanCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bytesHash } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import type { ObjectPort } from '@orderflow/shared/stream';
import { LeaseLost, noCounts, type Checkpoint, type CursorPort, type FileRef } from './progress.ts';

/** Finished entries are kept this long: they answer "has this file been read?". */
const keptDays = 400;

const pkOf = ({ key }: FileRef): string => `file#${key}`;
const refused = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';

/**
 * Cursors in DynamoDB: `file#<key>` with etag, status, lease and counts; the checkpoint itself, which may hold large open
 * documents, as an object below `checkpoints/` of the intake bucket, each under a name of its own: a reader that has lost
 * its lease must not overwrite what its successor wrote.
 */
export function dynamoCursors(
  client: Pick<DynamoDBDocumentClient, 'send'>, table: string, objects: ObjectPort, bucket: string, clock: Clock,
): CursorPort {
  const stateKey = (file: FileRef, owner: string, offset: number): string =>
    `checkpoints/${bytesHash(`${file.key}\n${file.etag}`)}/${owner}-${offset}.json.gz`;
  const expiresAt = (): number => Math.floor(clock() / 1_000) + keptDays * 86_400;

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
    async claim(file, owner, leaseMs) {
      const now = clock();
      try {
        await client.send(new UpdateCommand({
          TableName: table,
          Key: { pk: pkOf(file) },
          UpdateExpression:
            'SET #bucket = :bucket, #key = :key, etag = :etag, #status = :running, #owner = :owner, leaseUntil = :until, expiresAt = :expires, counts = if_not_exists(counts, :none)',
          // free, or another content under the same name, or left by a reader that died
          ConditionExpression:
            'attribute_not_exists(pk) OR etag <> :etag OR (#status = :running AND leaseUntil < :now)',
          ExpressionAttributeNames: { '#bucket': 'bucket', '#key': 'key', '#status': 'status', '#owner': 'owner' },
          ExpressionAttributeValues: {
            ':bucket': file.bucket, ':key': file.key, ':etag': file.etag, ':running': 'RUNNING', ':owner': owner,
            ':until': now + leaseMs, ':now': now, ':expires': expiresAt(), ':none': noCounts,
          },
        }));
        return 'mine';
      } catch (error) {
        if (!refused(error)) throw error;
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk: pkOf(file) }, ConsistentRead: true }));
        return Item?.['status'] === 'RUNNING' ? 'busy' : 'done';
      }
    },
    async checkpoint(file) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk: pkOf(file) }, ConsistentRead: true }));
      if (Item?.['checkpointEtag'] !== file.etag) return undefined;
      return JSON.parse(gunzipSync(await objects.get(bucket, String(Item['checkpointKey']))).toString('utf8')) as Checkpoint;
    },
    async save(file, owner, checkpoint, leaseMs) {
      const checkpointKey = stateKey(file, owner, checkpoint.offset);
      await objects.put(bucket, checkpointKey, gzipSync(JSON.stringify(checkpoint)));
      await change(file, owner, { leaseUntil: clock() + leaseMs, counts: checkpoint.counts, checkpointEtag: file.etag, checkpointKey });
    },
    release: (file, owner) => change(file, owner, { leaseUntil: 0 }),
    finish: (file, owner, { status, counts, message }) =>
      change(file, owner, { status, counts, leaseUntil: 0, ...(message === undefined ? {} : { message }) }),
    async abandoned() {
      const { Items = [] } = await client.send(new ScanCommand({
        TableName: table,
        FilterExpression: 'begins_with(pk, :file) AND #status = :running AND leaseUntil < :now',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':file': 'file#', ':running': 'RUNNING', ':now': clock() },
      }));
      return Items.map((item) => ({ bucket: String(item['bucket']), key: String(item['key']), etag: String(item['etag']) }));
    },
  };
}
