import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parseS3, type CopyCommand } from './command.ts';

/** Objects that COPY reads. */
export interface CopySource {
  /** The same as a role sees it; absent where nothing is judged. @throws Error when the role may not be assumed */
  as?(role: string): CopySource;
  get(bucket: string, key: string): Promise<Buffer>;
  /** Keys that begin with `prefix`, in order. */
  list?(bucket: string, prefix: string): Promise<readonly string[]>;
}

/** Address of one object. */
export interface S3File {
  readonly bucket: string;
  readonly key: string;
}

export const addressOf = ({ bucket, key }: S3File): string => `s3://${bucket}/${key}`;

async function fetched(source: CopySource, { bucket, key }: S3File): Promise<Buffer> {
  try {
    return await source.get(bucket, key);
  } catch (error) {
    const denied = (error as { code?: unknown }).code === 'AccessDenied';
    const said = denied ? 'Access Denied,Status 403,Error AccessDenied' : 'The specified key does not exist.,Status 404,Error NoSuchKey';
    throw new Error(`ERROR: S3ServiceException:${said},Rid local,ExtRid local,CanRetry 1\n  Detail: s3://${bucket}/${key}: ${(error as Error).message}`);
  }
}

interface ManifestEntry {
  readonly url?: unknown;
  readonly mandatory?: unknown;
}

/** Files of a manifest (https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html) or of a prefix. */
export async function filesOf({ from, manifest }: CopyCommand, source: CopySource): Promise<{ file: S3File; mandatory: boolean }[]> {
  if (manifest) {
    const text = (await fetched(source, from)).toString('utf8');
    let entries: readonly ManifestEntry[] | undefined;
    try {
      entries = (JSON.parse(text) as { entries?: readonly ManifestEntry[] }).entries;
    } catch {
      entries = undefined;
    }
    if (!Array.isArray(entries)) throw new Error(`ERROR: Manifest file is not in correct json format\n  Detail: ${addressOf(from)}`);
    return entries.map(({ url, mandatory }: ManifestEntry) => {
      if (typeof url !== 'string') throw new Error(`ERROR: Manifest file is not in correct json format\n  Detail: ${addressOf(from)}: an entry has no url`);
      return { file: parseS3(url), mandatory: mandatory === true };
    });
  }
  const keys = (await source.list?.(from.bucket, from.key)) ?? [from.key];
  if (keys.length === 0) throw new Error(`ERROR: The specified S3 prefix '${from.key}' does not exist`);
  return keys.map((key) => ({ file: { bucket: from.bucket, key }, mandatory: true }));
}

/** The bytes of one file, unpacked; undefined where it is absent and may be. */
export async function contentOf({ file, mandatory }: { readonly file: S3File; readonly mandatory: boolean }, { compression }: CopyCommand, source: CopySource): Promise<Buffer | undefined> {
  let bytes: Buffer;
  try {
    bytes = await fetched(source, file);
  } catch (error) {
    if (!mandatory && (error as Error).message.includes('NoSuchKey')) return undefined;
    throw error;
  }
  try {
    return compression === 'gzip' ? gunzipSync(bytes) : compression === 'zstd' ? zstdDecompressSync(bytes) : bytes;
  } catch (error) {
    throw new Error(`ERROR: ${compression === 'gzip' ? 'Gzip' : 'Zstd'} file ${addressOf(file)} could not be read: ${(error as Error).message}`);
  }
}

const fatal = new TextDecoder('utf-8', { fatal: true });

/** Text of a file; where bytes are not UTF-8, each of them becomes `replacement`, or U+FFFD when the rows are to be refused. */
export function decoded(bytes: Buffer, replacement = '\ufffd'): string {
  try {
    return fatal.decode(bytes);
  } catch {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at] ?? 0;
      const size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
      let piece: string | undefined;
      try {
        piece = size > 0 ? fatal.decode(bytes.subarray(at, at + size)) : undefined;
      } catch {
        piece = undefined;
      }
      text += piece ?? replacement;
      at += piece === undefined ? 1 : size;
    }
    return text;
  }
}
