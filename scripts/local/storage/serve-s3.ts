import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Gate } from '../gate/gate.ts';
import { callerOf, readBody } from '../request.ts';
import type { MainThread } from '../worker-side.ts';
import type { ObjectStorage } from './s3/object-storage.ts';
import { s3, s3Operation } from './s3/s3.ts';

/** Serves S3. */
export function serveS3(storage: ObjectStorage, gate: Gate, main: Pick<MainThread, 'count'>): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const body = await readBody(request, true);
    const read = { method: request.method ?? 'GET', bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join('/')), query: url.searchParams, headers: request.headers as Record<string, string>, body };
    const { accessKeyId } = callerOf(request.headers.authorization, request.url ?? '', undefined);
    const call = { accessKeyId, service: 's3', operation: s3Operation(read), path: url.pathname, headers: request.headers, input: () => ({}) };
    const asked = gate.before(call);
    const refusal = asked instanceof Promise ? await asked : asked;
    const answer = s3(storage, read, refusal);
    const length = answer.body instanceof Readable ? Number(answer.headers?.['content-length']) : Buffer.byteLength(answer.body ?? '');
    main.count(accessKeyId, 's3', answer.operation, answer.status, body.length, length);
    if (!refusal && gate.after(call) === 'lost') return void response.destroy();
    response.writeHead(answer.status, { ...answer.headers, ...(request.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304 && { 'content-length': length }), 'x-amz-request-id': 'LOCAL' });
    if (answer.body instanceof Readable) answer.body.on('error', () => response.destroy()).pipe(response);
    else response.end(answer.body);
  };
}
