import type { AwsCaller } from './aws-call.ts';
import type { CopySource } from './redshift/copy/files.ts';

const ESCAPES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string): string => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (ESCAPES[name ?? ''] ?? whole));

/** Files that COPY reads, from the local S3. */
export function s3CopySource(aws: AwsCaller): CopySource {
  return {
    async get(bucket, key) {
      return (await aws.rest('s3', 'GET', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`)).body;
    },
    async list(bucket, prefix) {
      const keys: string[] = [];
      for (let token = ''; ; ) {
        const answer = (await aws.rest('s3', 'GET', `/${bucket}?list-type=2&prefix=${encodeURIComponent(prefix)}${token && `&continuation-token=${encodeURIComponent(token)}`}`)).body.toString('utf8');
        keys.push(...[...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescapeXml(key)));
        token = /<NextContinuationToken>([^<]+)</.exec(answer)?.[1] ?? '';
        if (!token) return keys;
      }
    },
  };
}
