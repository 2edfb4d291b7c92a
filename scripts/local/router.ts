import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import net from 'node:net';
import type { CallLedger } from './calls.ts';
import { errorInProtocolOf } from './errors.ts';
import { inputOf } from './gate/call-input.ts';
import type { Gate } from './gate/gate.ts';
import { listen } from './listen.ts';
import { callerOf, operationOf, readBody } from './request.ts';
import type { Caller } from './request.ts';
import { AwsError } from './service.ts';
import type { AwsRequest, AwsResponse, LocalService } from './service.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
export type AdminHandler = (request: Request, response: Response, body: Buffer) => Promise<void> | void;

/** The one AWS port. */
export interface Router {
  readonly port: number;
  /** Takes over the signing names of the service; the last one registered for a name stands. */
  register(service: LocalService): void;
  /** Passes requests for these signing names on, byte by byte, to a listener that counts them itself. */
  forward(names: readonly string[], port: number): void;
  /** Serves `/_local/<name>` and what stands below it. `/_local/calls` is there from the start. */
  admin(name: string, handler: AdminHandler): void;
  close(): Promise<void>;
}

const PREFACE = 'PRI';

/**
 * Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, which the Kinesis client speaks: the first three
 * bytes of a connection tell (RFC 9113, 3.4). Routes by the service name in the signature's credential scope.
 */
export async function startRouter(options: { port: number; host: string; calls: CallLedger; gate: Gate }): Promise<Router> {
  const services = new Map<string, LocalService>();
  const upstreams = new Map<string, number>();
  const admins = new Map<string, AdminHandler>();
  const agent = new http.Agent({ keepAlive: true });

  const answer = async (request: Request, response: Response): Promise<void> => {
    const url = request.url ?? '/';
    if (url.startsWith('/_local/')) return administer(request, response, url);
    const target = request.headers['x-amz-target'] as string | undefined;
    const caller = callerOf(request.headers.authorization, url, target);
    const upstream = upstreams.get(caller.service);
    if (upstream !== undefined) return passOn(request, response, upstream);
    const body = await readBody(request);
    const service = services.get(caller.service);
    const operation = operationOf(target, request.headers['content-type'], body);
    const mark = url.indexOf('?');
    const read: AwsRequest = {
      ...caller, operation, body, method: request.method ?? 'GET', path: mark < 0 ? url : url.slice(0, mark),
      query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)), headers: request.headers as Record<string, string>,
    };
    const name = operation || (service?.operationOf?.(read) ?? `${read.method} ${read.path}`);
    const call = { accessKeyId: caller.accessKeyId, service: caller.service, operation: name, path: read.path, query: read.query, headers: request.headers, input: () => inputOf(request.headers['content-type'], body) };
    const asked = service && options.gate.before(call);
    const refusal = asked instanceof Promise ? await asked : asked;
    const result = !service ? noService(request, caller, read)
      : refusal ? errorInProtocolOf(request.headers, refusal, caller.service)
        : await service.handle(read).catch((error: unknown) => errorInProtocolOf(request.headers, error, caller.service));
    const bytes = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
    options.calls.count(caller.accessKeyId, caller.service, name, result.status, body.length, bytes.length);
    if (!refusal && options.gate.after(call) === 'lost') {
      cut(response);
      return;
    }
    // one call shape for both protocols: the HTTP/1.1 and HTTP/2 types of writeHead differ, their arguments do not
    (response as ServerResponse).writeHead(result.status, { 'x-amzn-requestid': randomUUID(), ...result.headers, 'content-length': bytes.length });
    (response as ServerResponse).end(bytes);
  };

  const administer = async (request: Request, response: Response, url: string): Promise<void> => {
    const handler = admins.get(/^\/_local\/([\w-]+)/.exec(url)?.[1] ?? '');
    if (handler) return handler(request, response, await readBody(request));
    (response as ServerResponse).writeHead(404, { 'content-type': 'text/plain' });
    (response as ServerResponse).end(`nothing here; there are: ${[...admins.keys()].map((name) => `/_local/${name}`).join(' ')}\n`);
  };

  const passOn = (request: Request, response: Response, port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')));
      headers['host'] ??= request.headers[':authority'] as string | undefined;
      const onward = http.request({ agent, host: '127.0.0.1', port, method: request.method, path: request.url, headers: headers as http.OutgoingHttpHeaders });
      onward.on('response', (incoming) => {
        const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...kept } = incoming.headers;
        (response as ServerResponse).writeHead(incoming.statusCode ?? 502, kept as http.OutgoingHttpHeaders);
        incoming.pipe(response as ServerResponse);
        incoming.on('end', resolve);
        incoming.on('error', reject);
      });
      onward.on('error', () => {
        cut(response);
        resolve();
      });
      request.pipe(onward);
    });

  const onRequest = (request: Request, response: Response): void => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || request.destroyed) return void (response as ServerResponse).destroy();
      const result = errorInProtocolOf(request.headers, error);
      (response as ServerResponse).writeHead(result.status, { ...result.headers });
      (response as ServerResponse).end(result.body);
    });
  };

  // SDK clients keep connections for minutes; a server that closed first would make them fail on the next call
  const one = http.createServer({ keepAliveTimeout: 600_000, noDelay: true }, onRequest);
  const two = http2.createServer({ settings: { maxConcurrentStreams: 1000, initialWindowSize: 1 << 20 } }, onRequest);
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let begun = Buffer.alloc(0);
    const sniff = (): void => {
      begun = Buffer.concat([begun, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
      const start = begun.toString('latin1', 0, PREFACE.length);
      if (start.length < PREFACE.length && PREFACE.startsWith(start)) return;
      socket.removeListener('readable', sniff);
      socket.unshift(begun);
      (start === PREFACE ? two : one).emit('connection', socket);
    };
    socket.on('readable', sniff);
  });
  const port = await listen(server, options.port, options.host);

  admins.set('calls', (_request, response) => {
    (response as ServerResponse).writeHead(200, { 'content-type': 'application/json' });
    (response as ServerResponse).end(JSON.stringify(options.calls.snapshot()));
  });

  return {
    port,
    register: (service) => service.names.forEach((name) => services.set(name, service)),
    forward: (names, to) => names.forEach((name) => upstreams.set(name, to)),
    admin: (name, handler) => void admins.set(name, handler),
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        one.close();
        two.close();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The answer never arrives: the connection is cut, of HTTP/2 the stream alone. */
function cut(response: Response): void {
  if ('stream' in response) response.stream.destroy();
  else response.destroy();
}

function noService(request: Request, caller: Caller, read: AwsRequest): AwsResponse {
  const what = caller.service === '' ? `an unsigned request (${read.method} ${read.path.slice(0, 80)})` : `service ${caller.service} (${read.operation || `${read.method} ${read.path.slice(0, 80)}`})`;
  process.stderr.write(`local cloud: no service here for ${what}\n`);
  return errorInProtocolOf(request.headers, caller.service === ''
    ? new AwsError('MissingAuthenticationToken', 'sign the request: any key does, e.g. AWS_ACCESS_KEY_ID=local', 403)
    : new AwsError('UnknownOperationException', `the local cloud has no ${what}`, 404));
}
