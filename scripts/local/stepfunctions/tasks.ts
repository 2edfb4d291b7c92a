import { StateFailure } from './failure.ts';
import type { Json } from './paths.ts';
import { SDK_SERVICES, type TaskTarget } from './resource.ts';

export interface TaskPorts {
  /** The one place where machines invoke functions: under the machine's key. */
  invoke(functionNameOrArn: string, payload: string, accessKeyId: string): Promise<{ payload: string; functionError?: string; requestId: string }>;
  /** One AWS operation (`sns` `Publish`, `dynamodb` `PutItem`) signed with the machine's access key. */
  call(service: string, operation: string, input: Json, accessKeyId: string): Promise<Json>;
}

type Fields = { [key: string]: Json };

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? {}));

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** How the optimised integrations name their service in errors; the SDK integrations name it as the SDK for Java does. */
const OPTIMISED_PREFIX: Readonly<Record<string, string>> = { lambda: 'Lambda', sns: 'SNS', sqs: 'SQS', dynamodb: 'DynamoDB', states: 'StepFunctions', events: 'EventBridge' };
const SDK_PREFIX: Readonly<Record<string, string>> = { dynamodb: 'DynamoDb', eventbridge: 'EventBridge', secretsmanager: 'SecretsManager' };

/** `Lambda.ResourceNotFoundException`, `DynamoDB.ConditionalCheckFailedException`: how Step Functions names a service's error. */
function serviceFailure({ resourceType }: TaskTarget, error: unknown): StateFailure {
  const { name, message } = error as Error;
  const sdk = resourceType.startsWith('aws-sdk:') ? resourceType.slice(8) : undefined;
  const prefix = sdk === undefined ? (OPTIMISED_PREFIX[resourceType] ?? resourceType) : (SDK_PREFIX[sdk] ?? upper(sdk));
  // What a role does not grant the optimised integration of Lambda reports as the service's base error.
  const code = sdk === undefined && resourceType === 'lambda' && name.startsWith('AccessDenied') ? 'AWSLambdaException' : (name.split('.').pop() ?? name);
  return new StateFailure(`${prefix}.${/(Exception|Error)$/.test(code) ? code : `${code}Exception`}`, message);
}

async function invokeLambda(target: TaskTarget, input: Json, ports: TaskPorts, accessKeyId: string): Promise<Json> {
  const request: Fields = isFields(input) ? input : {};
  const qualifier = request['Qualifier'];
  const name = target.functionArn ?? (typeof qualifier === 'string' ? `${textOf(request['FunctionName'])}:${qualifier}` : request['FunctionName']);
  if (typeof name !== 'string') throw new StateFailure('States.Runtime', "The parameter 'FunctionName' is required for lambda:invoke");
  const result = await ports.invoke(name, JSON.stringify(target.functionArn ? input : (request['Payload'] ?? {})), accessKeyId);
  if (result.functionError) {
    const body = parsed(result.payload);
    const type = isFields(body) ? body['errorType'] : undefined;
    if (typeof type === 'string') throw new StateFailure(type, result.payload);
    throw new StateFailure('Lambda.Unknown', `The cause could not be determined because Lambda did not return an error type. Returned payload: ${result.payload}`);
  }
  const payload = parsed(result.payload);
  if (target.functionArn) return payload;
  return { ExecutedVersion: '$LATEST', Payload: payload, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: result.requestId }, StatusCode: 200 };
}

/** The fields that an optimised integration takes as JSON and its service as text. */
function requestOf({ resourceType }: TaskTarget, input: Fields, origin: readonly string[]): Fields {
  if (resourceType === 'sns') return { ...input, ...(isFields(input['Message']) ? { Message: textOf(input['Message']) } : {}) };
  if (resourceType === 'sqs') return { ...input, MessageBody: textOf(input['MessageBody']) };
  if (resourceType === 'states') return { ...Object.fromEntries(Object.entries(input).map(([name, value]) => [lower(name), value])), input: textOf(input['Input']) };
  if (resourceType === 'events' && Array.isArray(input['Entries'])) {
    const entries = input['Entries'].map((entry): Json => (isFields(entry) ? { ...entry, Detail: textOf(entry['Detail']), Resources: [...(Array.isArray(entry['Resources']) ? entry['Resources'] : []), ...origin] } : entry));
    return { ...input, Entries: entries };
  }
  return input;
}

/** Runs the task once; for a token task the answer only says that it was handed out. `origin`: ARNs of execution and machine. */
export async function runTask(target: TaskTarget, input: Json, ports: TaskPorts, accessKeyId: string, origin: readonly string[]): Promise<Json> {
  const { resourceType, action } = target;
  try {
    if (resourceType === 'lambda') return await invokeLambda(target, input, ports, accessKeyId);
    const given = isFields(input) ? input : {};
    if (resourceType.startsWith('aws-sdk:')) return await sdkCall(resourceType.slice(8), action, given, ports, accessKeyId);
    const answer = await ports.call(resourceType, upper(action), requestOf(target, given, origin), accessKeyId);
    const output: Fields = isFields(answer) ? answer : {};
    if (resourceType === 'events' && Number(output['FailedEntryCount']) > 0) throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(output));
    const shown = resourceType === 'states' ? { ExecutionArn: output['executionArn'] ?? null, StartDate: new Date(Number(output['startDate']) * 1000).toISOString() } : output;
    return { ...shown, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: 'local' } };
  } catch (error) {
    throw error instanceof StateFailure ? error : serviceFailure(target, error);
  }
}

/** SDK integrations name every field in capitals, the protocol of Step Functions itself does not. */
async function sdkCall(sdk: string, action: string, input: Fields, ports: TaskPorts, accessKeyId: string): Promise<Json> {
  if (sdk === 'lambda') {
    if (action !== 'invoke') throw new StateFailure('States.Runtime', `the local cloud has no SDK integration lambda:${action}`);
    const { payload, functionError } = await ports.invoke(textOf(input['FunctionName']), textOf(input['Payload']), accessKeyId);
    return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200, ...(functionError ? { FunctionError: functionError } : {}) };
  }
  const rename = (fields: Fields, change: (name: string) => string): Fields => Object.fromEntries(Object.entries(fields).map(([name, value]) => [change(name), value]));
  const answer = await ports.call(SDK_SERVICES[sdk] ?? sdk, upper(action), sdk === 'sfn' ? rename(input, lower) : input, accessKeyId);
  return isFields(answer) && sdk === 'sfn' ? rename(answer, upper) : answer;
}
