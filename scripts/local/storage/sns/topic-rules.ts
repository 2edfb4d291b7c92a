import { AwsError } from '../../service.ts';
import type { Attributes } from '../sqs/queues.ts';
import { subscriptionFilter } from './filter.ts';

export const invalid = (message: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
export const notFound = (what: string): AwsError => new AwsError('NotFound', `${what} does not exist`, 404);

const TOPIC_SETTABLE = new Set(['DisplayName', 'Policy', 'DeliveryPolicy', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig', 'ContentBasedDeduplication', 'FifoThroughputScope']);
const SUBSCRIPTION_SETTABLE = new Set(['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'DeliveryPolicy']);
const ONLY_FIFO = new Set(['ContentBasedDeduplication', 'FifoThroughputScope']);
/** Protocols that something here delivers, and what their endpoints look like. */
export const PROTOCOLS: Readonly<Record<string, RegExp>> = { sqs: /^arn:aws:sqs:/, lambda: /^arn:aws:lambda:/, email: /^[^@\s]+@[^@\s]+$/, 'email-json': /^[^@\s]+@[^@\s]+$/ };

/** @throws AwsError InvalidParameter */
export function checkTopic(attributes: Attributes, fifo: boolean): void {
  for (const name of Object.keys(attributes)) if (!TOPIC_SETTABLE.has(name) || (ONLY_FIFO.has(name) && !fifo)) throw invalid(`AttributeName ${name}`);
}

/** A subscription's attributes without what an empty value takes away. @throws AwsError InvalidParameter */
export function checkedSubscription(given: Attributes): Attributes {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!SUBSCRIPTION_SETTABLE.has(name)) throw invalid(`AttributeName ${name}`);
    if (value === '' || (name === 'FilterPolicy' && value === '{}')) continue;
    if (name === 'RawMessageDelivery' && !/^(true|false)$/i.test(value)) throw invalid('Attributes Reason: RawMessageDelivery: Invalid value. Must be true or false.');
    if (name === 'FilterPolicyScope' && !/^Message(Attributes|Body)$/.test(value)) throw invalid('Attributes Reason: FilterPolicyScope: Invalid value');
    if (name === 'RedrivePolicy' && deadLettersOf({ RedrivePolicy: value }) === undefined) throw invalid('RedrivePolicy: deadLetterTargetArn is missing');
    attributes[name] = value;
  }
  subscriptionFilter(attributes);
  return attributes;
}

/** ARN of the queue for what a subscription cannot take. */
export function deadLettersOf(attributes: Attributes): string | undefined {
  try {
    return attributes['RedrivePolicy'] === undefined ? undefined : (JSON.parse(attributes['RedrivePolicy']) as { deadLetterTargetArn?: string }).deadLetterTargetArn;
  } catch {
    return undefined;
  }
}
