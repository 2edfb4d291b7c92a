import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonOf } from '../gate/call-input.ts';
import type { Gate, GatedCall } from '../gate/gate.ts';
import { operationOf, readBody } from '../request.ts';
import { AwsError } from '../service.ts';
import type { MainThread } from '../worker-side.ts';
import type { Messaging } from './messaging.ts';
import { SNS_OPERATIONS } from './sns/operations.ts';
import { snsFault, snsForm, snsXml } from './sns/protocol.ts';
import { SQS_OPERATIONS } from './sqs/operations.ts';
import type { Input, Output } from './sqs/input.ts';
import { sqsFault, sqsForm, sqsXml } from './sqs/protocols.ts';

export interface Caller {
  readonly accessKeyId: string;
  readonly service: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves SQS, in the JSON and in the older query protocol, and SNS. */
export function serveMessages(messaging: Messaging, gate: Gate, main: Pick<MainThread, 'count'>): (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void> {
  return async (request, response, { accessKeyId, service }) => {
    const body = await readBody(request);
    const target = request.headers['x-amz-target'] as string | undefined;
    const json = target !== undefined;
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const operation = operationOf(target, request.headers['content-type'], body);
    const requestId = randomUUID();
    let read: Input | undefined;
    const input = (): Input => (read ??= json ? jsonOf(body) : service === 'sns' ? snsForm(body.toString('utf8')) : sqsForm(body.toString('utf8'), path));
    const call: GatedCall = { accessKeyId, service, operation, path: '/', headers: request.headers, input };

    const run = async (): Promise<Output> => {
      const refusal = await gate.before(call);
      if (refusal) throw refusal;
      const failing = (ids: readonly string[]): ReturnType<Gate['failing']> => gate.failing(call, ids);
      const known = Object.hasOwn(service === 'sns' ? SNS_OPERATIONS : SQS_OPERATIONS, operation);
      if (!known) {
        process.stderr.write(`local cloud: ${service} has no operation ${operation || '(none named)'}\n`);
        throw new AwsError(operation === '' ? 'MissingAction' : 'InvalidAction', operation === '' ? 'The request must name an action' : `The action ${operation} is not valid for this endpoint.`);
      }
      if (service === 'sns') return SNS_OPERATIONS[operation]?.(messaging, input(), { failing }) ?? {};
      const hungUp = new AbortController();
      response.on('close', () => hungUp.abort());
      return (await SQS_OPERATIONS[operation]?.(messaging, input(), { host: request.headers.host ?? '127.0.0.1', gone: hungUp.signal, failing })) ?? {};
    };
    const answer = await run().then(
      (output): Answer => {
        if (service === 'sns') return { status: 200, headers: { 'content-type': 'text/xml' }, body: snsXml(operation, output, requestId) };
        return json ? { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) } : { status: 200, headers: { 'content-type': 'text/xml' }, body: sqsXml(operation, output, requestId) };
      },
      (error: unknown): Answer => {
        const known = error instanceof AwsError ? error : new AwsError(error instanceof SyntaxError ? 'SerializationException' : 'InternalFailure', 'internal fault of the local cloud', error instanceof SyntaxError ? 400 : 500);
        if (known !== error) process.stderr.write(`local cloud: ${service} ${operation}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        if (service === 'sns') return { status: known.status, headers: { 'content-type': 'text/xml' }, body: snsFault(known, requestId) };
        return { status: known.status, ...sqsFault(known, json, requestId) };
      },
    );
    const length = Buffer.byteLength(answer.body);
    main.count(accessKeyId, service, operation, answer.status, body.length, length);
    if (answer.status < 300 && gate.after(call) === 'lost') return void response.destroy();
    response.writeHead(answer.status, { ...answer.headers, 'content-length': length, 'x-amzn-requestid': requestId });
    response.end(answer.body);
  };
}
