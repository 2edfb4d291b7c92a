import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '@orderflow/shared/lambda';
import type { Delivery } from '../intake/delivery.ts';
import type { Answer } from '../intake/refusals.ts';

export interface ServerParts {
  readonly take: (delivery: Delivery) => Promise<Answer>;
  /** Whether an event can be made durable now. */
  readonly ready: () => boolean;
  readonly clock: Clock;
  /** Address under which senders know us, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Largest body of any source, bytes; each source's own limit is checked in the use case. */
  readonly mostBytes: number;
}

interface Address {
  readonly source: string;
  readonly account?: string;
}

/** Header values as signatures see them: one text a name. */
const headersOf = (request: FastifyRequest): Delivery['headers'] =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );

/** The HTTP face of intake: raw bytes in, the use case's answer out. */
export function webhookServer({ take, ready, clock, publicUrl, mostBytes }: ServerParts): FastifyInstance {
  const app = Fastify({
    bodyLimit: mostBytes,
    connectionTimeout: 30_000,
    // a sender that dribbles its body in does not hold a connection longer than this
    requestTimeout: 20_000,
    keepAliveTimeout: 65_000, // longer than the load balancer's idle time of 60 s, so that it never meets a closed one
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: 'idle',
  });
  // signatures are over the bytes: nothing may parse them first
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const webhook = async (request: FastifyRequest<{ Params: Address }>, reply: FastifyReply): Promise<void> => {
    const receivedAt = clock();
    const { source, account = 'default' } = request.params;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await take({
      source,
      account,
      method: request.method,
      url: `${publicUrl ?? `${request.protocol}://${request.host}`}${request.url}`,
      headers: headersOf(request),
      body,
      receivedAt,
    });
    await reply.code(answer.status).headers(answer.headers).send(answer.body);
  };
  app.post('/webhooks/:source', webhook);
  app.post('/webhooks/:source/:account', webhook);
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    if (ready()) return { status: 'ready' };
    return reply.code(503).header('retry-after', '5').send({ status: 'nothing durable can be reached' });
  });
  return app;
}
