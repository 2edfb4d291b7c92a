import { xmlText } from '../../errors.ts';
import { AwsError } from '../../service.ts';
import { BUCKET_OPERATIONS, LIST_BUCKETS, SUBRESOURCES } from './bucket-operations.ts';
import { OBJECT_OPERATIONS } from './object-operations.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { S3Answer, S3Operation, S3Request } from './s3-request.ts';

function find({ method, bucket, key, query }: S3Request): S3Operation | undefined {
  if (bucket === '') return method === 'GET' ? LIST_BUCKETS : undefined;
  const sub = [...query.keys()].find((name) => SUBRESOURCES.has(name));
  return (key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS)[sub === undefined ? method : `${method} ${sub}`];
}

/** As the API reference names it: `PutObject`. */
export const s3Operation = (request: S3Request): string => find(request)?.[0] ?? `${request.method} ${[...request.query.keys()].join(' ')}`.trim();

/** One S3 request, with the operation's name for the call ledger. Errors are answered, not thrown: they have a body of their own. */
export function s3(storage: ObjectStorage, request: S3Request, refusal?: AwsError): S3Answer & { readonly operation: string } {
  const found = find(request);
  const operation = s3Operation(request);
  try {
    if (refusal) throw refusal;
    if (found) return { operation, ...found[1](storage, request) };
    process.stderr.write(`local cloud: s3 has no operation ${operation}\n`);
    throw new AwsError('NotImplemented', `${operation} is not implemented by the local cloud`, 501);
  } catch (error) {
    const known = error instanceof AwsError ? error : new AwsError('InternalError', 'internal fault of the local cloud', 500);
    if (known !== error) process.stderr.write(`local cloud: s3: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${known.code}</Code><Message>${xmlText(known.message)}</Message><Key>${xmlText(request.key)}</Key></Error>`;
    return { operation, status: known.status, headers: { 'content-type': 'application/xml' }, body: request.method === 'HEAD' ? '' : body };
  }
}
