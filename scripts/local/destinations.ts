import type { AwsCaller } from './aws-call.ts';

/** Sends to whatever an ARN names: the targets of rules, schedules and on-failure destinations. */
export interface Destinations {
  /** `body` is JSON text. */
  deliver(arn: string, body: string, extra?: DeliveryExtra): Promise<void>;
  /** The event that failed, for buckets (which alone receive it whole) under `key`. */
  putObject(bucketArn: string, key: string, body: string, as?: string): Promise<void>;
}

export interface DeliveryExtra {
  readonly groupId?: string;
  readonly executionName?: string;
  /** Access key of whoever sends; the administrator's when absent. */
  readonly as?: string;
  /** The AWS service that sends of its own, for the resource that it sends about. */
  readonly from?: { readonly service: string; readonly sourceArn: string };
  /** Message attributes, for queues and topics. */
  readonly attributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

export interface DestinationPorts {
  readonly aws: AwsCaller;
  readonly endpoint: () => string;
  /** Asked before each delivery; throws AccessDenied. */
  allow?(arn: string, extra: DeliveryExtra): void;
  invokeAsync(functionArn: string, payload: string): Promise<unknown>;
  startExecution(stateMachineArn: string, input: string, name?: string): Promise<unknown>;
  putEvent(busArn: string, body: string): Promise<void>;
}

export function createDestinations(ports: DestinationPorts): Destinations {
  return {
    async deliver(arn, body, extra = {}) {
      ports.allow?.(arn, extra);
      const [, , service, , account, ...rest] = arn.split(':');
      const name = rest.at(-1) ?? '';
      const attributes = extra.attributes && { MessageAttributes: extra.attributes };
      if (service === 'lambda') await ports.invokeAsync(arn, body);
      else if (service === 'states') await ports.startExecution(arn, body, extra.executionName);
      else if (service === 'sns') await ports.aws.call('sns', 'Publish', { TopicArn: arn, Message: body, ...attributes }, extra.as);
      else if (service === 'sqs') await ports.aws.call('sqs', 'SendMessage', { QueueUrl: `${ports.endpoint()}/${account}/${name}`, MessageBody: body, ...attributes, ...(extra.groupId ? { MessageGroupId: extra.groupId } : {}) }, extra.as);
      else if (service === 'events') await ports.putEvent(arn, body);
      else throw new Error(`the local cloud cannot deliver to ${arn}`);
    },
    async putObject(bucketArn, key, body, as) {
      await ports.aws.rest('s3', 'PUT', `/${bucketArn.split(':').pop()}/${key.split('/').map(encodeURIComponent).join('/')}`, body, { 'content-type': 'application/json' }, as);
    },
  };
}
