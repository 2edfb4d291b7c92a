/** What a Task's Resource asks for. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
export interface TaskTarget {
  /** As in history events: `lambda`, `sns`, `sqs`, `dynamodb`, `states`, `events`, `aws-sdk:<service>`. */
  readonly resourceType: string;
  /** As the history names the resource: `invoke`, `publish.waitForTaskToken`. */
  readonly resource: string;
  readonly action: string;
  readonly waitsForToken: boolean;
  /** `arn:aws:lambda:…:function:…` given directly. */
  readonly functionArn?: string;
}

const PREFIX = 'arn:aws:states:::';
const TOKEN_SUFFIX = '.waitForTaskToken';

/** Actions of the optimised integrations that run here. */
const OPTIMISED: Readonly<Record<string, readonly string[]>> = {
  lambda: ['invoke'], sns: ['publish'], sqs: ['sendMessage'], dynamodb: ['getItem', 'putItem', 'updateItem', 'deleteItem'], states: ['startExecution'], events: ['putEvents'],
};
/** Those whose answer may come later, by a token. */
const WITH_TOKEN = ['lambda', 'sns', 'sqs', 'states', 'events'];
/** SDK integrations that run here, with the signing name of the service: any of its operations. */
export const SDK_SERVICES: Readonly<Record<string, string>> = {
  lambda: 'lambda', dynamodb: 'dynamodb', sns: 'sns', sqs: 'sqs', sfn: 'states', eventbridge: 'events', kinesis: 'kinesis', secretsmanager: 'secretsmanager', ssm: 'ssm',
};

export function parseResource(resource: string): TaskTarget {
  if (resource.startsWith('arn:aws:lambda:')) return { resourceType: 'lambda', resource, action: 'invoke', waitsForToken: false, functionArn: resource };
  const waitsForToken = resource.endsWith(TOKEN_SUFFIX);
  const parts = resource.slice(PREFIX.length, waitsForToken ? -TOKEN_SUFFIX.length : undefined).split(':');
  const action = parts.pop() ?? '';
  return { resourceType: parts.join(':'), resource: `${action}${waitsForToken ? TOKEN_SUFFIX : ''}`, action, waitsForToken };
}

/** Why a Task of this resource is not taken, `undefined` if it runs here. */
export function resourceProblem(resource: unknown, machineType: string): { code: string; message: string } | undefined {
  if (typeof resource !== 'string') return { code: 'SCHEMA_VALIDATION_FAILED', message: "The field 'Resource' is required" };
  const unsupported = (message: string): { code: string; message: string } => ({ code: 'UNSUPPORTED_BY_LOCAL_CLOUD', message });
  if (/^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(resource)) return undefined;
  if (/^arn:aws:states:[^:]+:\d+:activity:/.test(resource)) return unsupported('activities are not run by the local cloud; use a task token');
  if (!resource.startsWith(PREFIX)) return { code: 'SCHEMA_VALIDATION_FAILED', message: `Value is not a valid resource ARN: ${resource}` };
  const suffix = /\.(sync(:2)?|waitForTaskToken)$/.exec(resource)?.[0];
  if (suffix !== undefined && machineType === 'EXPRESS') return { code: 'SCHEMA_VALIDATION_FAILED', message: `Express state machine does not support '${suffix.replace(':2', '')}' service integration` };
  if (suffix?.startsWith('.sync')) return unsupported(`.sync integrations are not run by the local cloud: ${resource}; use a callback or wait for the execution's event`);
  const { resourceType, action, waitsForToken } = parseResource(resource);
  if (resourceType.startsWith('aws-sdk:')) return resourceType.slice(8) in SDK_SERVICES ? undefined : unsupported(`the local cloud has no SDK integration ${resourceType}; it has ${Object.keys(SDK_SERVICES).join(', ')}`);
  if (!OPTIMISED[resourceType]?.includes(action)) return unsupported(`the local cloud cannot run the resource ${resource}`);
  return waitsForToken && !WITH_TOKEN.includes(resourceType) ? { code: 'SCHEMA_VALIDATION_FAILED', message: `The resource provided ${resource} is not recognized.` } : undefined;
}
