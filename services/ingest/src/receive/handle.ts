import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { take } from '../intake/take.ts';
import type { ReceiveDeps } from './deps.ts';

/** A webhook through the HTTP API (payload format 2.0): the producer's use case, one request an invocation. */
export async function handle(event: APIGatewayProxyEventV2, deps: ReceiveDeps): Promise<APIGatewayProxyStructuredResultV2> {
  const { http, domainName } = event.requestContext;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const answer = await take(
    {
      source: event.pathParameters?.['source'] ?? '',
      account: event.pathParameters?.['account'] ?? 'default',
      method: http.method,
      url: `${deps.publicUrl ?? `https://${domainName}`}${event.rawPath}${query}`,
      headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
      receivedAt: deps.clock(),
    },
    deps,
  );
  // Lambda stops the process after the answer: what is not on S3 by then might never be
  await deps.archive.flush();
  return { statusCode: answer.status, headers: { ...answer.headers }, body: answer.body };
}
