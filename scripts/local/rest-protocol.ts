import { jsonOf } from './gate/call-input.ts';
import { AwsError, jsonError } from './service.ts';
import type { AwsRequest, AwsResponse } from './service.ts';

export type RestOperation = (parts: Readonly<Record<string, string>>, input: Record<string, unknown>, request: AwsRequest) => unknown;
/** `METHOD /path/{part}` → name and function; `bytes` where the body is the caller's own and not the input. */
export type RestTable = Readonly<Record<string, readonly [name: string, run: RestOperation, body?: 'bytes']>>;

/** What an operation answers when 200 and JSON are not it. */
export class RestAnswer {
  readonly response: AwsResponse;
  constructor(status: number, value?: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.response = { status, headers: { 'content-type': 'application/json', ...headers }, body: value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value) };
  }
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly name: string;
  readonly run: RestOperation;
  readonly body: 'bytes' | 'json';
}

/** A service of the AWS REST-JSON protocol. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restProtocol(names: readonly string[], table: RestTable): { names: readonly string[]; handle(request: AwsRequest): Promise<AwsResponse>; operationOf(request: AwsRequest): string } {
  const routes = Object.entries(table).map(([route, [name, run, body]]): Route => {
    const [method = '', path = ''] = route.split(' ');
    return { method, name, run, body: body ?? 'json', pattern: new RegExp(`^${path.replace(/\{(\w+)\+\}/g, '(?<$1>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`) };
  });
  const find = (request: AwsRequest): Route | undefined => routes.find((route) => route.method === request.method && route.pattern.test(request.path));
  return {
    names,
    operationOf: (request) => find(request)?.name ?? `${request.method} ${request.path}`,
    async handle(request) {
      const headers = { 'content-type': 'application/json' };
      try {
        const route = find(request);
        if (!route) {
          process.stderr.write(`local cloud: ${names[0]} has no operation ${request.method} ${request.path.split('/').slice(0, 4).join('/')}\n`);
          throw new AwsError('UnknownOperationException', `${request.method} ${request.path} is not implemented by the local cloud`, 404);
        }
        const parts = Object.fromEntries(Object.entries(route.pattern.exec(request.path)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
        const input = route.body === 'bytes' ? {} : { ...jsonOf(request.body) };
        const answer = await route.run(parts, input, request);
        return answer instanceof RestAnswer ? answer.response : { status: 200, headers, body: JSON.stringify(answer ?? {}) };
      } catch (error) {
        return jsonError(error, headers);
      }
    },
  };
}
