import { findAccount } from '@orderflow/shared/accounts';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Delivery } from '../intake/delivery.ts';
import { inflated, takenEncodings } from '../intake/inflate.ts';
import type { Answer } from '../intake/refusals.ts';
import { refuse } from '../intake/refuse.ts';
import { take } from '../intake/take.ts';
import { mostBytesOf } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import type { ReceiveDeps } from './deps.ts';

/**
 * Largest body that comes in here, bytes: an invocation's payload may have 6 MB, and base64 makes four of three
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const mostHere = 4_000_000;

/** What came in, as the sender sees it. */
function deliveryOf(event: APIGatewayProxyEventV2, { publicUrl, clock }: ReceiveDeps): Delivery {
  const { http, domainName } = event.requestContext;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  return {
    source: event.pathParameters?.['source'] ?? '',
    account: event.pathParameters?.['account'] ?? 'default',
    method: http.method,
    url: `${publicUrl ?? `https://${domainName}`}${event.rawPath}${query}`,
    headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    receivedAt: clock(),
  };
}

/** Size, method and encoding are judged here, as the producer's server does before it asks the use case. */
async function answerTo(delivery: Delivery, deps: ReceiveDeps): Promise<Answer> {
  const source = (deps.sourceNamed ?? findSource)(delivery.source);
  if (!source || !findAccount(deps.accounts, delivery.source, delivery.account)) return take(delivery, deps);
  if (delivery.method !== 'POST' && source.challenge?.method !== delivery.method) return refuse('method', deps, source, { allow: 'POST' });
  const { byteLength } = delivery.body;
  if (byteLength > mostHere && byteLength <= mostBytesOf(source)) return refuse('too-large-here', deps, source);
  const body = await inflated(delivery.body, delivery.headers['content-encoding'], mostBytesOf(source));
  if (body === 'encoding') return refuse(body, deps, source, { 'accept-encoding': takenEncodings });
  if (typeof body === 'string') return refuse(body === 'corrupt' ? 'corrupt-encoding' : body, deps, source);
  return take({ ...delivery, body }, deps);
}

/** A webhook through the HTTP API (payload format 2.0): the producer's use case, one request an invocation. */
export async function handle(event: APIGatewayProxyEventV2, deps: ReceiveDeps): Promise<APIGatewayProxyStructuredResultV2> {
  const answer = await answerTo(deliveryOf(event, deps), deps);
  // Lambda stops the process after the answer: what is not on S3 by then might never be
  await deps.archive.flush();
  return { statusCode: answer.status, headers: { ...answer.headers }, body: answer.body };
}
