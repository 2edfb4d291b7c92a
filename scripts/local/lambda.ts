import { AwsError, jsonError, type AwsRequest, type AwsResponse, type LocalService } from './service.ts';
import type { FunctionDefinition } from './lambda/function.ts';
import type { LambdaRuntime } from './lambda/runtime.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const MAX_PAYLOAD = 6 * 1024 * 1024;
const MAX_ASYNC_PAYLOAD = 1024 * 1024;

function configuration(definition: FunctionDefinition): Record<string, unknown> {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    CodeSize: definition.codeSize,
    CodeSha256: definition.codeSha256,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    Environment: { Variables: definition.environment },
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Version: '$LATEST',
    LoggingConfig: { LogFormat: 'Text', LogGroup: definition.logGroup },
  };
}

const ok = (value: unknown, status = 200): AwsResponse => ({ status, headers: JSON_HEADERS, body: JSON.stringify(value) });

async function invokeFunction(runtime: LambdaRuntime, name: string, request: AwsRequest): Promise<AwsResponse> {
  const definition = runtime.find(name);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const payload = request.body.length === 0 ? '{}' : request.body.toString('utf8');
  if (request.body.length > (type === 'Event' ? MAX_ASYNC_PAYLOAD : MAX_PAYLOAD)) {
    throw new AwsError('RequestTooLargeException', `${request.body.length} byte payload is too large for the ${type} invocation type`, 413);
  }
  try {
    JSON.parse(payload);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json', 400, { Type: 'User' });
  }
  if (type === 'DryRun') return { status: 204, body: '' };
  if (type === 'Event') return { status: 202, headers: { 'x-amzn-requestid': await runtime.invokeAsync(definition.name, payload) }, body: '' };
  const result = await runtime.invoke(definition.name, payload);
  return {
    status: 200,
    headers: {
      ...JSON_HEADERS,
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError ? { 'x-amz-function-error': result.functionError } : {}),
      ...(request.headers['x-amz-log-type'] === 'Tail'
        ? { 'x-amz-log-result': Buffer.from(`REPORT RequestId: ${result.requestId} Duration: ${result.durationMs.toFixed(2)} ms\n`).toString('base64') }
        : {}),
    },
    body: result.payload,
  };
}

/** Event-source mappings as the Lambda API shows and switches them. */
export interface MappingsApi {
  list(functionName?: string): unknown[];
  get(uuid: string): unknown;
  setEnabled(uuid: string, enabled: boolean): unknown;
}

/** The Lambda REST API over the runtime. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export function lambdaService(runtime: LambdaRuntime, mappings?: MappingsApi): LocalService {
  async function route(request: AwsRequest): Promise<AwsResponse> {
    const [, , kind, rawName, tail] = request.path.split('/');
    const name = decodeURIComponent(rawName ?? '');
    if (kind === 'functions') {
      if (!name && request.method === 'GET') return ok({ Functions: runtime.list().map(configuration) });
      if (tail === 'invocations' && request.method === 'POST') return invokeFunction(runtime, name, request);
      if (!tail && request.method === 'GET') return ok({ Configuration: configuration(runtime.find(name)), Code: { RepositoryType: 'S3' }, Tags: {} });
      if (tail === 'configuration' && request.method === 'GET') return ok(configuration(runtime.find(name)));
    }
    if (kind === 'event-source-mappings' && mappings) {
      if (!name && request.method === 'GET') return ok({ EventSourceMappings: mappings.list(request.query.get('FunctionName') ?? undefined) });
      if (name && request.method === 'GET') return ok(mappings.get(name));
      if (name && request.method === 'PUT') {
        const { Enabled } = JSON.parse(request.body.toString('utf8')) as { Enabled?: boolean };
        return ok(mappings.setEnabled(name, Enabled !== false), 202);
      }
    }
    process.stderr.write(`local cloud: lambda has no ${request.method} ${request.path}\n`);
    throw new AwsError('UnknownOperationException', `${request.method} ${request.path} is not implemented by the local cloud`, 404);
  }
  return {
    names: ['lambda'],
    handle: (request) => route(request).catch((error: unknown) => jsonError(error, JSON_HEADERS)),
    close: () => runtime.close(),
  };
}
