import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { FileRef } from './progress.ts';

/** A file as it lies in its bucket now. */
export interface FileHead {
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** When it was dropped, milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** Files in the intake bucket. */
export interface FilePort {
  head(bucket: string, key: string): Promise<FileHead | undefined>;
  /**
   * Bytes of exactly this content as they lie there, from byte `from` on. One answer is one content, whatever is written
   * meanwhile. Whoever asked for it destroys it. @throws FileChanged when the content is another by now, or gone
   */
  open(file: FileRef, from: number): Promise<Readable>;
  /** Every object of the file drop. */
  list(bucket: string): AsyncIterable<FileHead & { readonly key: string }>;
  /** A small object beside a file (its mapping); undefined when there is none. */
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
}

/** The content that was to be read is no longer there. */
export class FileChanged extends Error {
  constructor() {
    super('the file was overwritten or deleted while it was being read');
    this.name = 'FileChanged';
  }
}

const named = (error: unknown, ...names: readonly string[]): boolean => error instanceof Error && names.includes(error.name);
const absent = (error: unknown): boolean => named(error, 'NoSuchKey', 'NotFound');

/** Where files are dropped. */
const prefix = 'file-drop/';

export const s3Files = (client: S3Client): FilePort => ({
  async head(bucket, key) {
    try {
      const { ETag, ContentLength, LastModified } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { etag: ETag ?? '', size: ContentLength ?? 0, modifiedAt: LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  },
  async open({ bucket, key, etag }, from) {
    try {
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 412 when the content is another
      const range = from === 0 ? {} : { Range: `bytes=${from}-` };
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, ...range }));
      if (!(Body instanceof Readable)) throw new Error('the object has no body that can be streamed');
      Body.on('error', () => undefined); // a reader is told by its iterator; without one there is nobody to tell
      return Body;
    } catch (error) {
      if (absent(error) || named(error, 'PreconditionFailed')) throw new FileChanged();
      // a range that begins where the object ends
      if (named(error, 'InvalidRange')) return Readable.from([]);
      throw error;
    }
  },
  async *list(bucket) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key, ETag, Size, LastModified } of Contents) {
        yield { key: Key ?? '', etag: ETag ?? '', size: Size ?? 0, modifiedAt: LastModified?.getTime() ?? 0 };
      }
    }
  },
  async read(bucket, key) {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await answer.Body?.transformToByteArray();
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  },
});
