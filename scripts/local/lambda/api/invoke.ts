import { AwsError, type AwsRequest } from '../../service.ts';
import { RestAnswer, type RestTable } from '../../rest-protocol.ts';
import type { LambdaRuntime } from '../runtime.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = { RequestResponse: 6 * 1024 * 1024, DryRun: 6 * 1024 * 1024, Event: 1024 * 1024 } as const;
const MOST_CLIENT_CONTEXT = 3583;

type InvocationType = keyof typeof MOST_BYTES;

function typeOf(request: AwsRequest): InvocationType {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (!Object.hasOwn(MOST_BYTES, type)) throw new AwsError('ValidationException', `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]`);
  return type as InvocationType;
}

/** The request body, which must be JSON; none is `{}`. */
function payloadOf(request: AwsRequest, type: InvocationType): string {
  const { length } = request.body;
  if (length > MOST_BYTES[type]) throw new AwsError('RequestTooLargeException', `${length} byte payload is too large for the ${type} invocation type (limit ${MOST_BYTES[type]} bytes)`, 413, { Type: 'User' });
  if (length === 0) return '{}';
  const payload = request.body.toString('utf8');
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`, 400, { Type: 'User' });
  }
  return payload;
}

function clientContextOf(request: AwsRequest): string | undefined {
  const given = request.headers['x-amz-client-context'];
  if (given === undefined) return undefined;
  const text = Buffer.from(given, 'base64').toString('utf8');
  try {
    if (given.length > MOST_CLIENT_CONTEXT) throw new Error('too long');
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.', 400, { Type: 'User' });
  }
  return text;
}

/** The function that the path and the `Qualifier` name; there is no version but $LATEST. */
function nameOf(given: string, request: AwsRequest): string {
  const qualifier = request.query.get('Qualifier') ?? '$LATEST';
  if (qualifier !== '$LATEST') throw new AwsError('ResourceNotFoundException', `Function not found: ${given}:${qualifier}`, 404, { Type: 'User' });
  return given;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeRoutes(runtime: LambdaRuntime): RestTable {
  return {
    'POST /2015-03-31/functions/{name}/invocations': ['Invoke', async ({ name: given = '' }, _input, request) => {
      const type = typeOf(request);
      const name = nameOf(given, request);
      runtime.find(name);
      const payload = payloadOf(request, type);
      if (type === 'DryRun') return new RestAnswer(204);
      if (type === 'Event') return new RestAnswer(202, undefined, { 'x-amzn-requestid': await runtime.invokeAsync(name, payload) });
      const clientContext = clientContextOf(request);
      const result = await runtime.invoke(name, payload, clientContext === undefined ? {} : { clientContext });
      return new RestAnswer(200, result.payload, {
        'x-amzn-requestid': result.requestId,
        'x-amz-executed-version': '$LATEST',
        ...(result.functionError ? { 'x-amz-function-error': result.functionError } : {}),
        ...(request.headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': Buffer.from(result.logTail ?? '').toString('base64') } : {}),
      });
    }, 'bytes'],
    'POST /2014-11-13/functions/{name}/invoke-async': ['InvokeAsync', async ({ name = '' }, _input, request) => {
      runtime.find(name);
      await runtime.invokeAsync(name, payloadOf(request, 'Event'));
      return new RestAnswer(202, { Status: 202 });
    }, 'bytes'],
  };
}
