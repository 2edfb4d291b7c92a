import {
  DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client,
} from '@aws-sdk/client-s3';

/** The staging bucket, as landing and loading use it. */
export interface StagingBucket {
  readonly name: string;
  put(key: string, body: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array>;
  /** Keys below a prefix, in order, at most `most` (1,000), those after `after` only. */
  list(prefix: string, most: number, after?: string): Promise<string[]>;
  /** @throws Error naming the first key that could not be removed. */
  remove(keys: readonly string[]): Promise<void>;
}

export const s3Staging = (client: S3Client, bucket: string): StagingBucket => ({
  name: bucket,
  async put(key, body) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  },
  async get(key) {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!body) throw new Error(`s3://${bucket}/${key} has no body`);
    return body.transformToByteArray();
  },
  async list(prefix, most, after) {
    const { Contents: found } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: most, ...(after !== undefined && { StartAfter: after }) }),
    );
    return (found ?? []).flatMap(({ Key: key }) => (key === undefined ? [] : [key]));
  },
  async remove(keys) {
    for (let at = 0; at < keys.length; at += 1_000) {
      const objects = keys.slice(at, at + 1_000).map((key) => ({ Key: key }));
      const { Errors: errors } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }));
      const first = errors?.[0];
      if (first) throw new Error(`s3://${bucket}/${first.Key ?? ''} could not be removed: ${first.Code ?? 'no reason given'}`);
    }
  },
});

/** Objects in memory, for tests. */
export function memoryStaging(name = 'staging'): StagingBucket & { readonly files: Map<string, Buffer> } {
  const files = new Map<string, Buffer>();
  return {
    name, files,
    put: (key, body) => Promise.resolve(void files.set(key, Buffer.from(body))),
    get: (key) => {
      const file = files.get(key);
      return file ? Promise.resolve(file) : Promise.reject(new Error(`${key} does not exist`));
    },
    list: (prefix, most, after = '') =>
      Promise.resolve([...files.keys()].filter((key) => key.startsWith(prefix) && key > after).sort().slice(0, most)),
    remove(keys) {
      for (const key of keys) files.delete(key);
      return Promise.resolve();
    },
  };
}
