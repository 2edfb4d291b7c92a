import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Gate } from '../gate/gate.ts';
import { callerOf, readBody } from '../request.ts';
import { AwsError } from '../service.ts';
import type { MainThread } from '../worker-side.ts';
import { addressOf, checkPresigned } from './s3/address.ts';
import { takeBody } from './s3/incoming-body.ts';
import type { ObjectStorage } from './s3/object-storage.ts';
import { bodyOf, s3, s3Error, s3Operation } from './s3/s3.ts';
import type { S3Answer } from './s3/s3-request.ts';

/** Serves S3. Contents of objects go to disk and come from it in pieces, whatever their size. */
export function serveS3(storage: ObjectStorage, gate: Gate, main: Pick<MainThread, 'count'>): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const method = request.method ?? 'GET';
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://s3');
    const headers = request.headers as Record<string, string>;
    const { accessKeyId } = callerOf(headers['authorization'], request.url ?? '', undefined);
    let about = { method, bucket: '', key: '', query, headers };
    let operation = method;
    let received = Number(headers['content-length'] ?? 0);
    const after = { lost: false };

    const run = async (): Promise<S3Answer> => {
      about = { ...about, ...addressOf(headers['host'], pathname) };
      operation = s3Operation(about);
      checkPresigned(query, Date.now());
      // the path that the gate judges always names the bucket
      const path = `/${about.bucket}${about.key && `/${about.key.split('/').map(encodeURIComponent).join('/')}`}`;
      const call = { accessKeyId, service: 's3', operation, path, query, headers, input: () => ({}) };
      const asked = gate.before(call);
      const refusal = asked instanceof Promise ? await asked : asked;
      if (refusal) throw refusal;
      const kind = bodyOf(about);
      const incoming = kind === 'document' ? undefined : await takeBody(request, storage.bodies, kind === 'part');
      received = incoming?.received ?? received;
      const body = incoming ? '' : (await readBody(request, true)).toString('utf8');
      const answer = await s3(storage, { ...about, body, ...(incoming && { incoming }), failing: (keys) => gate.failing(call, keys) }).catch((error: unknown) => {
        throw (error instanceof AwsError && error.code === 'NoSuchKey' && gate.absent(call)) || error;
      });
      after.lost = gate.after(call) === 'lost';
      return answer;
    };
    const answer = await run().catch((error: unknown) => {
      request.resume(); // what is still coming in of a refused upload
      return s3Error(error, about);
    });
    const length = answer.body instanceof Readable ? Number(answer.headers?.['content-length']) : Buffer.byteLength(answer.body ?? '');
    main.count(accessKeyId, 's3', operation, answer.status, received, length);
    if (after.lost) return void response.destroy();
    response.writeHead(answer.status, { ...answer.headers, ...(method !== 'HEAD' && answer.status !== 204 && answer.status !== 304 && { 'content-length': length }), 'x-amz-request-id': randomUUID(), 'x-amz-id-2': 'local' });
    if (answer.body instanceof Readable) answer.body.on('error', () => response.destroy()).pipe(response);
    else response.end(answer.body);
  };
}
