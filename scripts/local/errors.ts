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

/** An error in the shape of the protocol that the request was written in. */
export function errorInProtocolOf(headers: Readonly<Record<string, string | string[] | undefined>>, error: unknown): AwsResponse {
  const type = [headers['content-type'] ?? ''].flat().join();
  const json = headers['x-amz-target'] !== undefined || type.includes('json');
  return json ? jsonError(error, { 'content-type': type || 'application/json' }) : queryError(error);
}
