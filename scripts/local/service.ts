/**
 * What every emulated AWS service has in common: a request that the one port has already taken apart, an answer, and
 * errors in the service's own shape. One file a service stands beside this one.
 */

import { jsonOf } from './gate/call-input.ts';

/** A request after the router has read it. */
export interface AwsRequest {
  /** Signing name from the credential scope (`kinesis`, `states`, `dynamodb`, `ses`, `lambda` …). */
  readonly service: string;
  /** What follows the dot of `X-Amz-Target`, or the `Action` of a query-protocol body; empty for REST protocols. */
  readonly operation: string;
  readonly method: string;
  /** Path without query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Access key id of the signature; `local` is the administrator. */
  readonly accessKeyId: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One emulated service behind the one port. */
export interface LocalService {
  /** Signing names it answers to. */
  readonly names: readonly string[];
  handle(request: AwsRequest): Promise<AwsResponse>;
  /** Name for the call ledger of a request that names no operation (REST protocols), e.g. `SendEmail`. */
  operationOf?(request: AwsRequest): string;
  /** Everything on disk, timers stopped. */
  close(): Promise<void>;
}

/** An error that a caller's SDK will raise under `code`. Status 400 unless the service documents another. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status = 400, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

export type JsonOperation = (input: Record<string, unknown>, request: AwsRequest) => unknown;

/**
 * A service of the AWS JSON protocols (`X-Amz-Target`): one function an operation. An operation that is not in the
 * table answers `UnknownOperationException`, loudly, as AWS does; nothing is silently accepted.
 * Protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonProtocol(
  names: readonly string[],
  operations: Readonly<Record<string, JsonOperation>>,
  version: '1.0' | '1.1' = '1.1',
): Omit<LocalService, 'close'> {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  return {
    names,
    async handle(request) {
      try {
        const run = Object.hasOwn(operations, request.operation) ? operations[request.operation] : undefined;
        if (!run) {
          process.stderr.write(`local cloud: ${names[0]} has no operation ${request.operation || '(none named)'}\n`);
          throw new AwsError('UnknownOperationException', `${request.operation} is not implemented by the local cloud`);
        }
        const input = { ...jsonOf(request.body) };
        return { status: 200, headers, body: JSON.stringify((await run(input, request)) ?? {}) };
      } catch (error) {
        return jsonError(error, headers);
      }
    },
  };
}

/** The error body of the JSON protocols; what is not an `AwsError` is a fault of ours: 500, and printed. */
export function jsonError(error: unknown, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  if (error instanceof AwsError) {
    return {
      status: error.status,
      headers: { ...headers, 'x-amzn-errortype': error.code },
      body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.extra }),
    };
  }
  process.stderr.write(`local cloud: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return {
    status: 500,
    headers: { ...headers, 'x-amzn-errortype': 'InternalFailure' },
    body: JSON.stringify({ __type: 'InternalFailure', message: 'internal fault of the local cloud' }),
  };
}
