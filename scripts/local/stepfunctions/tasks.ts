import { StateFailure } from './failure.ts';
import type { Json } from './paths.ts';
import type { TaskTarget } from './resource.ts';

export interface TaskPorts {
  invoke(functionNameOrArn: string, payload: string): Promise<{ payload: string; functionError?: string; requestId: string }>;
  startExecution(input: { stateMachineArn: string; name?: string; input?: string }): Promise<{ executionArn: string; startDate: number }>;
  /** One AWS operation (`sns` `Publish`, `dynamodb` `PutItem`) signed with the machine's access key. */
  call(service: string, operation: string, input: Json, accessKeyId: string): Promise<Json>;
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

function lambdaFailure(payload: string): StateFailure {
  const body = parsed(payload) as { errorType?: string } | null;
  return new StateFailure(body?.errorType ?? 'Lambda.Unknown', payload);
}

/** `Lambda.ResourceNotFoundException`, `Sns.…`: how Step Functions names a service's error. */
function serviceFailure(service: string, error: unknown): StateFailure {
  const name = (error as Error).name;
  return new StateFailure(`${service.charAt(0).toUpperCase()}${service.slice(1)}.${name.endsWith('Exception') || service === 'sns' ? name : `${name}Exception`}`, (error as Error).message);
}

async function invokeLambda(target: TaskTarget, input: Json, ports: TaskPorts): Promise<Json> {
  const request = input as { FunctionName?: string; Payload?: Json };
  const name = target.functionArn ?? request.FunctionName;
  if (name === undefined) throw new StateFailure('States.Runtime', 'lambda:invoke needs FunctionName');
  const result = await ports.invoke(name, JSON.stringify(target.functionArn ? input : (request.Payload ?? {}))).catch((error: unknown) => {
    throw serviceFailure('lambda', error);
  });
  if (result.functionError) throw lambdaFailure(result.payload);
  const payload = parsed(result.payload);
  return target.functionArn ? payload : { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200, SdkResponseMetadata: { RequestId: result.requestId } };
}

/** Runs the task once; for a token task the answer only says that it was handed out. */
export async function runTask(target: TaskTarget, input: Json, ports: TaskPorts, accessKeyId: string): Promise<Json> {
  if (target.resourceType === 'lambda' || target.resourceType === 'aws-sdk:lambda') return invokeLambda(target, input, ports);
  if (target.resourceType === 'states' || target.resourceType === 'aws-sdk:sfn') {
    const request = input as { StateMachineArn: string; Name?: string; Input?: Json };
    const text = typeof request.Input === 'string' ? request.Input : JSON.stringify(request.Input ?? {});
    const started = await ports.startExecution({ stateMachineArn: request.StateMachineArn, input: text, ...(request.Name ? { name: request.Name } : {}) }).catch((error: unknown) => {
      throw serviceFailure('stepFunctions', error);
    });
    return { ExecutionArn: started.executionArn, StartDate: new Date(started.startDate).toISOString() };
  }
  const service = target.resourceType.replace('aws-sdk:', '');
  const operation = target.action.charAt(0).toUpperCase() + target.action.slice(1);
  return ports.call(service, operation, input, accessKeyId).catch((error: unknown) => {
    throw serviceFailure(service, error);
  });
}
