import { STATUS_CODES } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Answer, Reason } from '../intake/refusals.ts';
import { usualLimits, type ServerLimits } from './limits.ts';
import { boundedLoad } from './load.ts';
import { respond, respondUnread } from './respond.ts';
import { webhook, type WebhookParts } from './webhook.ts';

export interface ServerParts extends Omit<WebhookParts, 'limits' | 'load'> {
  /** Whether an event can be made durable now. */
  readonly ready: () => Promise<boolean>;
  readonly limits?: Partial<ServerLimits>;
}

interface Path {
  readonly source: string;
  readonly account?: string;
}

/** What is wrong with something that is no HTTP request, by the parser's code. */
const unparsed = (code: unknown): Reason =>
  code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow' : code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'bad-request';

/** An answer where there is no response to write it to. */
const plain = ({ status, headers, body }: Answer): string => {
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
};

/** The HTTP face of intake: raw bytes in, the use case's answer out. */
export function webhookServer({ ready, limits: some, ...parts }: ServerParts): FastifyInstance {
  const limits = { ...usualLimits, ...some };
  const { stopping, failed, refuse } = parts;
  const app = Fastify({
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkEveryMs, maxHeaderSize: limits.headerBytes },
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    // a sender that does not read its answer; longer than any answer takes to be made
    connectionTimeout: limits.idleMs,
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what has come in is taken in
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || socket.destroyed) return;
      const answer = refuse(unparsed(error.code));
      if (socket.writable) socket.write(plain(answer));
      socket.destroySoon();
    },
    // a name that no source has; else an address that cannot be decoded
    frameworkErrors: (error, request, reply) => answer(request, reply, refuse(error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'unknown-path' : 'bad-request')),
  });
  app.server.maxConnections = limits.connections;
  // signatures are over the bytes, and their number is bounded for each source: nothing may read or parse them before us
  app.addHttpMethod('POST', { hasBody: false, overrideExisting: true });
  app.removeAllContentTypeParsers();
  // the body is asked for when everything else is in order, so that a refusal saves it
  app.server.on('checkContinue', (request, response) => app.routing(request, response));

  const take = webhook({ ...parts, limits, load: boundedLoad(limits) });
  const onWebhook = async ({ raw: request, params }: FastifyRequest<{ Params: Path }>, reply: FastifyReply): Promise<void> => {
    reply.hijack();
    await take({ request, response: reply.raw, source: params.source, account: params.account ?? 'default' });
  };
  const answer = (request: FastifyRequest, reply: FastifyReply, what: Answer): void => {
    reply.hijack();
    respondUnread(request.raw, reply.raw, what, stopping(), limits);
  };
  const asks = (request: FastifyRequest<{ Params: Path }>): boolean => {
    const door = parts.doors(request.params.source, request.params.account ?? 'default');
    return typeof door !== 'string' && door.source.challenge?.method === 'GET';
  };
  for (const path of ['/webhooks/:source', '/webhooks/:source/:account']) {
    app.post(path, onWebhook);
    // how some vendors have an address prove that it is ours
    app.get<{ Params: Path }>(path, { exposeHeadRoute: false }, async (request, reply) => {
      if (asks(request)) return onWebhook(request, reply);
      answer(request, reply, refuse('method', undefined, { allow: 'POST' }));
    });
  }
  app.get('/healthz', async (_request, reply) => {
    const status = stopping() ? 503 : 200;
    reply.hijack();
    respond(reply.raw, { status, headers: { 'content-type': 'application/json' }, body: `{"status":"${status === 200 ? 'alive' : 'stopping'}"}` }, stopping());
  });
  app.get('/readyz', async (_request, reply) => {
    const status = !stopping() && (await ready()) ? 200 : 503;
    const body = status === 200 ? 'ready' : stopping() ? 'stopping' : 'nothing durable can be reached';
    reply.hijack();
    respond(reply.raw, { status, headers: { 'content-type': 'application/json', ...(status === 200 ? {} : { 'retry-after': '5' }) }, body: JSON.stringify({ status: body }) }, stopping());
  });
  app.setNotFoundHandler((request, reply) => {
    const webhooks = request.url.startsWith('/webhooks/') && request.method !== 'POST';
    answer(request, reply, webhooks ? refuse('method', undefined, { allow: 'POST' }) : refuse('unknown-path'));
  });
  app.setErrorHandler((error, request, reply) => {
    failed(error);
    answer(request, reply, refuse('failed'));
  });
  return app;
}
