import { DeleteObjectCommand, ListObjectsV2Command, S3ServiceException } from '@aws-sdk/client-s3';
import { s3QuarantineStore } from './store.ts';

const refused = (name: string) => new S3ServiceException({ name, $fault: 'client', $metadata: {} });

/** A bucket with one entry, whose deletion is answered so. */
function bucket(answer?: Error) {
  const deleted: unknown[] = [];
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof ListObjectsV2Command) return { Contents: [{ Key: 'index/d/a.json', ETag: '"e1"' }] };
    if (!(command instanceof DeleteObjectCommand)) return { Body: { transformToByteArray: async () => Buffer.from('{"id":"a"}') } };
    if (answer) throw answer;
    return deleted.push(command.input);
  };
  return { deleted, store: s3QuarantineStore({ send } as never, 'quarantine') };
}

describe('the quarantine, emptied', () => {
  it('removes an entry only as it was read: one that came back meanwhile stays', async () => {
    const { store, deleted } = bucket();
    for await (const { key, eTag } of store.entries()) await store.remove(key, eTag);
    expect(deleted).toEqual([{ Bucket: 'quarantine', Key: 'index/d/a.json', IfMatch: '"e1"' }]);
    await expect(bucket(refused('PreconditionFailed')).store.remove('index/d/a.json', '"e1"')).resolves.toBeUndefined();
    await expect(bucket(refused('NoSuchKey')).store.remove('index/d/a.json', '"e1"')).resolves.toBeUndefined();
    await expect(bucket(refused('AccessDenied')).store.remove('index/d/a.json', '"e1"')).rejects.toThrow();
  });
});
