import { AwsError } from '../service.ts';
import type { AwsCaller } from '../aws-call.ts';
import { find, type Json } from '../stepfunctions/paths.ts';
import { plainText } from '../plain-text.ts';

/** Whom EventBridge or the Scheduler sends to, as both APIs and templates write it (a rule's target, a schedule's target). */
export interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly KinesisParameters?: { readonly PartitionKeyPath?: string; readonly PartitionKey?: string };
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string };
}

/** Who sends: judged where the delivery is made, and the key that its calls are signed with. */
export interface Sender {
  /** `events` delivers as a service, or under the target's role; `scheduler` always under the target's role. */
  readonly service: 'events' | 'scheduler';
  readonly accessKeyId: string;
  readonly roleArn?: string;
  /** Of the rule or the schedule: what a resource policy's `aws:SourceArn` sees. */
  readonly sourceArn: string;
}

export interface TargetPorts {
  readonly aws: AwsCaller;
  endpoint(): string;
  invokeAsync(functionArn: string, payload: string): Promise<unknown>;
  startExecution(stateMachineArn: string, input: string, name: string): Promise<unknown>;
  /** Puts an event on a bus. `body` is its JSON text. */
  putEvent(busArn: string, body: string, given: Target['EventBridgeParameters']): Promise<void>;
  log(group: string, message: string): void;
  /** Asked before each delivery; throws AccessDenied. The one place for the access rules of rules and schedules. */
  allow?(sender: Sender, targetArn: string): Promise<void> | void;
}

const SERVICES = ['lambda', 'states', 'sns', 'sqs', 'kinesis', 'events', 'logs'];

/** Why a target cannot be had here, before anything is stored. */
export function unsupportedTarget(target: Target): string | undefined {
  const [, , service = ''] = target.Arn.split(':');
  if (target.Arn.startsWith('arn:aws:scheduler:::')) return `the local cloud has no universal targets: ${target.Arn}`;
  return SERVICES.includes(service) ? undefined : `the local cloud cannot deliver to ${target.Arn || 'a target without Arn'}; it knows ${SERVICES.join(', ')}`;
}

/** Delivers one body to one target; `id` names the delivery (executions are named after it). Throws the target's error. */
export async function sendToTarget(ports: TargetPorts, target: Target, body: string, id: string, sender: Sender): Promise<void> {
  await ports.allow?.(sender, target.Arn);
  const [, , service, , account, ...rest] = target.Arn.split(':');
  const name = rest.at(-1) ?? '';
  const call = (to: string, operation: string, input: Record<string, unknown>): Promise<unknown> => ports.aws.call(to, operation, input, sender.accessKeyId);
  if (service === 'lambda') await ports.invokeAsync(target.Arn, body);
  else if (service === 'states') await started(ports.startExecution(target.Arn, body, id));
  else if (service === 'sns') await call('sns', 'Publish', { TopicArn: target.Arn, Message: body });
  else if (service === 'sqs') await call('sqs', 'SendMessage', { QueueUrl: `${ports.endpoint()}/${account}/${name}`, MessageBody: body, ...(target.SqsParameters?.MessageGroupId ? { MessageGroupId: target.SqsParameters.MessageGroupId } : {}) });
  else if (service === 'kinesis') await call('kinesis', 'PutRecord', { StreamName: name.replace('stream/', ''), PartitionKey: partitionKey(target, body, id), Data: Buffer.from(body).toString('base64') });
  else if (service === 'events') await ports.putEvent(target.Arn, body, target.EventBridgeParameters);
  else if (service === 'logs') ports.log(rest.slice(1).join(':').replace(/:\*$/, ''), body);
  else throw new AwsError('InvalidTarget', `the local cloud cannot deliver to ${target.Arn}`);
}

/** The execution is named after the delivery: one that exists was started by an attempt whose answer was lost. */
async function started(starting: Promise<unknown>): Promise<void> {
  await starting.catch((error: unknown) => {
    if (!(error instanceof AwsError && error.code === 'ExecutionAlreadyExists')) throw error;
  });
}

function partitionKey(target: Target, body: string, id: string): string {
  const { PartitionKey, PartitionKeyPath } = target.KinesisParameters ?? {};
  if (PartitionKey !== undefined) return PartitionKey;
  const found = PartitionKeyPath === undefined ? undefined : find(JSON.parse(body) as Json, PartitionKeyPath);
  return found === undefined ? id : plainText(found);
}
