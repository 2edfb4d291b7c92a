import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvocationResult } from './lambda/function.ts';
import { listen } from './listen.ts';
import { readBody } from './request.ts';

export interface ApiRoute {
  /** `GET /api/orders/{id}`, `ANY /x/{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly integrationId: string;
}

/** API Gateway HTTP APIs, all on one free port: `http://127.0.0.1:<port>/<apiId>/<path>`. Authorizers are not asked here. */
export interface HttpApis {
  readonly port: number;
  urlOf(apiId: string): string;
  /** An API without routes, unless it is there already. */
  define(apiId: string): void;
  remove(apiId: string): void;
  setIntegration(apiId: string, integrationId: string, functionArn: string): void;
  removeIntegration(apiId: string, integrationId: string): void;
  setRoute(apiId: string, routeId: string, route: ApiRoute): void;
  removeRoute(apiId: string, routeId: string): void;
  close(): Promise<void>;
}

interface Api { readonly integrations: Map<string, string>; readonly routes: Map<string, Compiled>; ranked: readonly Compiled[] }

interface Compiled extends ApiRoute { readonly method: string; readonly pattern: RegExp; readonly rank: number }

function compile(route: ApiRoute): Compiled {
  if (route.routeKey === '$default') return { ...route, method: 'ANY', pattern: /^/, rank: 1e6 };
  const [method = 'ANY', path = '/'] = route.routeKey.split(' ');
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)(\\\+)?\}/g, (_whole, name: string, greedy?: string) => `(?<${name}>${greedy ? '.+' : '[^/]+'})`);
  const greedy = path.includes('+}') ? 1000 : 0;
  return { ...route, method, pattern: new RegExp(`^${source}$`), rank: greedy + (path.match(/\{/g)?.length ?? 0) * 10 + (method === 'ANY' ? 1 : 0) };
}

interface Answer { readonly statusCode?: number; readonly headers?: Record<string, string>; readonly cookies?: string[]; readonly body?: string; readonly isBase64Encoded?: boolean }

function send(response: ServerResponse, result: InvocationResult): void {
  if (result.functionError) return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
  const value = JSON.parse(result.payload) as Answer | string | null;
  const shaped = typeof value === 'object' && value !== null && value.statusCode !== undefined ? value : { statusCode: 200, headers: { 'content-type': 'application/json' }, body: typeof value === 'string' ? value : result.payload };
  response.writeHead(shaped.statusCode ?? 200, { ...shaped.headers, ...(shaped.cookies ? { 'set-cookie': shaped.cookies } : {}) });
  response.end(Buffer.from(shaped.body ?? '', shaped.isBase64Encoded ? 'base64' : 'utf8'));
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, format 2.0 */
function eventOf(request: IncomingMessage, body: Buffer, apiId: string, path: string, search: string, route: Compiled, accountId: string): unknown {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]));
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = name in query ? `${query[name]},${value}` : value;
  const text = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/.test(headers['content-type'] ?? 'text/plain');
  const now = new Date();
  return {
    version: '2.0', routeKey: route.routeKey, rawPath: path, rawQueryString: search, headers,
    ...(headers['cookie'] ? { cookies: headers['cookie'].split('; ') } : {}),
    ...(search ? { queryStringParameters: query } : {}),
    pathParameters: route.pattern.exec(path)?.groups ?? undefined,
    requestContext: {
      accountId, apiId, domainName: request.headers.host, domainPrefix: apiId, requestId: randomUUID(), routeKey: route.routeKey, stage: '$default', time: now.toUTCString(), timeEpoch: now.getTime(),
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: request.socket.remoteAddress, userAgent: headers['user-agent'] ?? '' },
    },
    ...(body.length > 0 ? { body: body.toString(text ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** @param options.port the one that URLs were given out with; another one when it is taken */
export async function startHttpApis(options: {
  host: string; port: number; accountId: string;
  /** @param source `<apiId>/<stage>/<method>/<path>`, as a function's permission names it */
  invoke(functionArn: string, payload: string, source: string): Promise<InvocationResult>;
}): Promise<HttpApis> {
  const apis = new Map<string, Api>();
  const change = (apiId: string, edit: (api: Api) => void): void => {
    const api: Api = apis.get(apiId) ?? { integrations: new Map(), routes: new Map(), ranked: [] };
    apis.set(apiId, api);
    edit(api);
    api.ranked = [...api.routes.values()].sort((left, right) => left.rank - right.rank);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://local');
    const [, apiId = '', ...rest] = url.pathname.split('/');
    const path = `/${rest.join('/')}`;
    const api = apis.get(apiId);
    const route = api?.ranked.find((each) => (each.method === 'ANY' || each.method === request.method) && each.pattern.test(path));
    const functionArn = api?.integrations.get(route?.integrationId ?? '');
    if (!route || functionArn === undefined) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
    const event = eventOf(request, await readBody(request), apiId, path, url.search.slice(1), route, options.accountId);
    send(response, await options.invoke(functionArn, JSON.stringify(event), `${apiId}/$default/${route.routeKey.replace(' ', '')}`));
  };
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`local cloud: HTTP API: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"message":"Internal Server Error"}');
    });
  });
  const port = await listen(server, options.port, options.host).catch(() => listen(server, 0, options.host));
  return {
    port,
    urlOf: (apiId) => `http://127.0.0.1:${port}/${apiId}`,
    define: (apiId) => change(apiId, () => undefined),
    remove: (apiId) => void apis.delete(apiId),
    setIntegration: (apiId, integrationId, functionArn) => change(apiId, (api) => void api.integrations.set(integrationId, functionArn)),
    removeIntegration: (apiId, integrationId) => void apis.get(apiId)?.integrations.delete(integrationId),
    setRoute: (apiId, routeId, route) => change(apiId, (api) => void api.routes.set(routeId, compile(route))),
    removeRoute(apiId, routeId) {
      if (apis.has(apiId)) change(apiId, (api) => void api.routes.delete(routeId));
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
