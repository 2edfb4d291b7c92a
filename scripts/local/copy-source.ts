import type { AwsCaller } from './aws-call.ts';
import type { CopySource } from './redshift/copy/files.ts';

const ESCAPES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string): string => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (ESCAPES[name ?? ''] ?? whole));

/** Files that COPY reads, from the local S3. @param keyFor access key that stands for a role, `default` or an ARN; throws when there is none */
export function s3CopySource(aws: AwsCaller, keyFor: (role: string) => string): CopySource {
  const readBy = (accessKeyId: string): CopySource => ({
    async get(bucket, key) {
      return (await aws.rest('s3', 'GET', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`, '', {}, accessKeyId)).body;
    },
    async list(bucket, prefix) {
      const keys: string[] = [];
      for (let token = ''; ; ) {
        const answer = (await aws.rest('s3', 'GET', `/${bucket}?list-type=2&prefix=${encodeURIComponent(prefix)}${token && `&continuation-token=${encodeURIComponent(token)}`}`, '', {}, accessKeyId)).body.toString('utf8');
        keys.push(...[...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescapeXml(key)));
        token = /<NextContinuationToken>([^<]+)</.exec(answer)?.[1] ?? '';
        if (!token) return keys;
      }
    },
  });
  return { ...readBy('local'), as: (role) => readBy(keyFor(role)) };
}
