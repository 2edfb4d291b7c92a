import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { gunzipSync } from 'node:zlib';

/** What the signature of a request says about its caller; nothing is verified, as every key is a local one. */
export interface Caller {
  readonly accessKeyId: string;
  /** Signing name, empty for an unsigned request without `X-Amz-Target`. */
  readonly service: string;
}

/** Targets whose prefix names the service when a request carries no signature. */
const TARGETS: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs', AmazonSSM: 'ssm', secretsmanager: 'secretsmanager', AWSStepFunctions: 'states', AWSEvents: 'events',
  RedshiftData: 'redshift-data', Logs_20140328: 'logs', Kinesis_20131202: 'kinesis', DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
};

/** Credential scope `<key>/<date>/<region>/<service>/aws4_request`, from the header or a presigned query. */
export function callerOf(authorization: string | undefined, url: string, target: string | undefined): Caller {
  let scope = '';
  if (authorization !== undefined) {
    const at = authorization.indexOf('Credential=');
    if (at >= 0) {
      const end = authorization.indexOf(',', at);
      scope = authorization.slice(at + 11, end < 0 ? undefined : end);
    }
  } else if (url.includes('X-Amz-Credential=')) {
    scope = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('X-Amz-Credential') ?? '';
  }
  const parts = scope.split('/');
  if (parts.length >= 5) return { accessKeyId: parts[0] ?? '', service: parts.at(-2) ?? '' };
  const prefix = target?.slice(0, target.lastIndexOf('.')) ?? '';
  return { accessKeyId: 'unsigned', service: TARGETS[prefix] ?? '' };
}

/** The operation that a request names, empty for the REST protocols. */
export function operationOf(target: string | undefined, contentType: string | undefined, body: Buffer): string {
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1);
  if (contentType?.startsWith('application/x-www-form-urlencoded')) return /(?:^|&)Action=(\w+)/.exec(body.toString('latin1', 0, 2048))?.[1] ?? '';
  return '';
}

const MAX_BODY = 256 * 1024 * 1024;

/** The whole body; unzipped, as CloudWatch's client compresses large ones, unless it is to be kept `asSent`. */
export function readBody(request: IncomingMessage | Http2ServerRequest, asSent = false): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY) request.destroy(new Error(`a request body of more than ${MAX_BODY} bytes`));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = chunks;
      const body = chunks.length === 1 && only ? only : Buffer.concat(chunks, length);
      try {
        resolve(!asSent && request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the caller went away')));
  });
}
