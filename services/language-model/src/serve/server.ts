import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mostBodyBytes, type LanguageModel } from '@orderflow/shared/model';
import { answer, type Answer } from './answer.ts';
import { queueOf, type Queue } from './queue.ts';

/** Texts that may wait or be read: some seconds' work, and no more memory than a request's. */
const mostTexts = 1_024;

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

async function respond(model: LanguageModel, queue: Queue, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method === 'GET' && path === '/ping') return { status: 200, body: '{}' };
  if (request.method !== 'POST' || path !== '/invocations') return { status: 404, body: '{"error":"GET /ping or POST /invocations"}' };
  const body = await bodyOf(request);
  return body === undefined ? { status: 413, body: '{"error":"too large"}' } : answer(model, queue, body);
}

/**
 * The container contract of SageMaker (https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html):
 * GET /ping answers 200, POST /invocations predicts, one request after the other.
 * @param model loaded and warm: whoever listens is ready
 * @param most texts that may wait or be read before others are told to come back
 */
export function modelServer(model: LanguageModel, most = mostTexts): Server {
  const queue = queueOf(most);
  const server = createServer((request, response) => {
    respond(model, queue, request)
      .then((made) => {
        // what was not read to its end cannot be followed by another request, nor can the last one of a server that stops
        if (made.status === 413 || !server.listening) response.setHeader('connection', 'close');
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
