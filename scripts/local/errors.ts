import { AwsError, jsonError } from './service.ts';
import type { AwsResponse } from './service.ts';

export function xmlText(value: string): string {
  return value.replace(/[<>&"'\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Error body of the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function queryError(error: unknown): AwsResponse {
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', 'internal fault of the local cloud', 500);
  if (known !== error) process.stderr.write(`local cloud: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return {
    status: known.status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${xmlText(known.code)}</Code><Message>${xmlText(known.message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`,
  };
}

/** Services of the REST-JSON protocol: not every request of theirs says by itself that it is JSON. */
const REST_JSON = new Set(['lambda', 'ses', 'scheduler', 'sagemaker']);

/** An error in the shape of the protocol that the request was written in. */
export function errorInProtocolOf(headers: Readonly<Record<string, string | string[] | undefined>>, error: unknown, service = ''): AwsResponse {
  const type = [headers['content-type'] ?? ''].flat().join();
  const json = headers['x-amz-target'] !== undefined || type.includes('json');
  if (!json && REST_JSON.has(service)) return jsonError(error, { 'content-type': 'application/json' });
  return json ? jsonError(error, { 'content-type': type || 'application/json' }) : queryError(error);
}
