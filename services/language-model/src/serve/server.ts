import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mostBodyBytes } from '@orderflow/shared/model';
import type { Weights } from '../model/weights-file.ts';
import { answer, type Answer } from './answer.ts';

const send = (response: ServerResponse, { status, body }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
};

/** The body, or undefined as soon as it is larger than allowed. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBodyBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function respond(weights: Weights, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method === 'GET' && path === '/ping') return { status: 200, body: '{}' };
  if (request.method !== 'POST' || path !== '/invocations') return { status: 404, body: '{"error":"GET /ping or POST /invocations"}' };
  const body = await bodyOf(request);
  return body === undefined ? { status: 413, body: '{"error":"too large"}' } : answer(weights, body);
}

/**
 * The container contract of SageMaker (https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html):
 * GET /ping answers 200 once the model is loaded, POST /invocations predicts.
 */
export function modelServer(weights: Weights): Server {
  const server = createServer((request, response) => {
    respond(weights, request)
      .then((made) => {
        // what was not read to its end cannot be followed by another request
        if (made.status === 413) response.setHeader('connection', 'close');
        send(response, made);
      })
      .catch(() => {
        if (response.headersSent) response.destroy();
        else send(response, { status: 500, body: '{"error":"internal fault"}' });
      });
  });
  server.requestTimeout = 60_000;
  return server;
}
