import type { Collection } from './documents.ts';
import { text } from './fields.ts';
import { forwardToModel } from './sagemaker/forward.ts';
import { AwsError, jsonError, jsonProtocol, type AwsRequest, type AwsResponse, type JsonOperation, type LocalService } from './service.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
/** Endpoints here are serverless ones. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-invoke.html */
const MOST_BYTES = 4 * 1024 * 1024;
/** Time that the model's server has. */
const LIMIT_MS = 60_000;
const INVOKED = /^\/endpoints\/([^/]+)\/invocations$/;

/** Epoch milliseconds. */
export interface ModelEndpoint { readonly name: string; readonly configuration: string; readonly madeAt: number }

export interface SageMakerOptions {
  /** Where the model's own server listens, whatever the endpoint is called. */
  readonly modelUrl?: string;
  readonly endpoints: Collection<ModelEndpoint>;
  readonly region: string;
  readonly accountId: string;
  readonly limitMs?: number;
}

/** InvokeEndpoint reaches the model's server by the names of endpoints that were made; of the control plane only those names are here. */
export function sageMakerService({ modelUrl, endpoints, region, accountId, limitMs = LIMIT_MS }: SageMakerOptions): LocalService {
  const arnOf = (name: string): string => `arn:aws:sagemaker:${region}:${accountId}:endpoint/${name.toLowerCase()}`;
  const find = (name: string): ModelEndpoint => {
    const found = endpoints.get(name);
    if (!found) throw new AwsError('ValidationException', `Could not find endpoint "${arnOf(name)}".`);
    return found;
  };
  const shown = (endpoint: ModelEndpoint): Record<string, unknown> => ({
    EndpointName: endpoint.name, EndpointArn: arnOf(endpoint.name), EndpointStatus: 'InService', CreationTime: endpoint.madeAt / 1000, LastModifiedTime: endpoint.madeAt / 1000,
  });
  const operations: Readonly<Record<string, JsonOperation>> = {
    CreateEndpoint(input) {
      const name = text(input, 'EndpointName');
      if (endpoints.get(name)) throw new AwsError('ValidationException', `Cannot create already existing endpoint "${arnOf(name)}".`);
      endpoints.put(name, { name, configuration: text(input, 'EndpointConfigName'), madeAt: Date.now() });
      return { EndpointArn: arnOf(name) };
    },
    UpdateEndpoint(input) {
      const endpoint = find(text(input, 'EndpointName'));
      endpoints.put(endpoint.name, { ...endpoint, configuration: text(input, 'EndpointConfigName') });
      return { EndpointArn: arnOf(endpoint.name) };
    },
    DescribeEndpoint: (input) => ({ ...shown(find(text(input, 'EndpointName'))), EndpointConfigName: find(text(input, 'EndpointName')).configuration }),
    ListEndpoints: () => ({ Endpoints: endpoints.all().map((each) => shown(each.content)) }),
    DeleteEndpoint: (input) => void endpoints.remove(find(text(input, 'EndpointName')).name),
  };
  const control = jsonProtocol(['sagemaker'], operations);

  /** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
  const invoke = async (call: AwsRequest, name: string): Promise<AwsResponse> => {
    if (!endpoints.get(name)) throw new AwsError('ValidationError', `Endpoint ${name} of account ${accountId} not found.`);
    if (call.body.length > MOST_BYTES) throw new AwsError('ValidationError', `Request ${crypto.randomUUID()} has oversize body.`);
    if (modelUrl === undefined) throw new AwsError('ServiceUnavailable', `no model server runs here for endpoint ${name}: start the local cloud with --model-url`, 503);
    const modelError = (status: number, message: string, why: string): AwsError =>
      new AwsError('ModelError', `${why} See the output of the model server for more information.`, 424, { OriginalStatusCode: status, OriginalMessage: message, LogStreamArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/sagemaker/Endpoints/${name}` });
    const attributes = call.headers['x-amzn-sagemaker-custom-attributes'];
    const answer = await forwardToModel(modelUrl, call.body, {
      'content-type': call.headers['content-type'] ?? 'application/octet-stream', accept: call.headers['accept'] ?? '*/*', ...(attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': attributes }),
    }, limitMs);
    if (answer === 'late') throw modelError(0, '', 'Received server error (0) from primary with message "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.".');
    if (answer.status >= 300) {
      const message = answer.body.toString('utf8').slice(0, 1024);
      throw modelError(answer.status, message, `Received ${answer.status < 500 ? 'client' : 'server'} error (${answer.status}) from primary with message "${message}".`);
    }
    if (answer.body.length > MOST_BYTES) throw modelError(0, '', `The response of the model is larger than ${MOST_BYTES} bytes.`);
    return {
      status: 200, body: answer.body,
      headers: { 'content-type': answer.contentType, 'x-amzn-invoked-production-variant': 'first', ...(answer.attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': answer.attributes }) },
    };
  };
  return {
    names: control.names,
    operationOf: (request) => (INVOKED.test(request.path) ? 'InvokeEndpoint' : `${request.method} ${request.path}`),
    async handle(call) {
      const [, name] = INVOKED.exec(call.path) ?? [];
      if (name === undefined) return control.handle(call);
      try {
        return await invoke(call, decodeURIComponent(name));
      } catch (error) {
        const known = error instanceof AwsError ? error : new AwsError('ServiceUnavailable', `the model server does not answer: ${String(error)}`, 503);
        return jsonError(known, JSON_HEADERS);
      }
    },
    close: () => Promise.resolve(),
  };
}
