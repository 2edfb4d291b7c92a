import { compilePattern } from '../../event-pattern.ts';
import type { EventPattern } from '../../event-pattern.ts';
import { AwsError } from '../../service.ts';
import type { MessageAttributes } from '../sqs/message-attributes.ts';
import type { Attributes } from '../sqs/queues.ts';

/** Whether a subscription wants a message. */
export type SubscriptionFilter = (message: string, attributes: MessageAttributes) => boolean;

/** Attribute values as filters see them: numbers as numbers, arrays as their elements; binary ones are not compared. */
function comparable(attributes: MessageAttributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => {
    if (DataType === 'String.Array') return [name, parsed(StringValue)];
    if (DataType.startsWith('Number')) return [name, Number(StringValue)];
    return [name, DataType.startsWith('Binary') ? Symbol('binary') : StringValue];
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html @throws AwsError for a policy that SNS or the local cloud does not know */
export function subscriptionFilter(subscription: Attributes): SubscriptionFilter {
  const policy = subscription['FilterPolicy'];
  if (policy === undefined) return () => true;
  try {
    const content = JSON.parse(policy) as EventPattern;
    const byBody = subscription['FilterPolicyScope'] === 'MessageBody';
    for (const [name, rules] of Object.entries(content)) {
      if (!Array.isArray(rules) && !(byBody && typeof rules === 'object')) throw new Error(`"${name}" must be an object or an array`);
    }
    const matches = compilePattern(content);
    if (!byBody) return (_message, attributes) => matches(comparable(attributes));
    return (message) => {
      const body = parsed(message);
      return typeof body === 'object' && body !== null && matches(body);
    };
  } catch (error) {
    throw new AwsError('InvalidParameter', `Invalid parameter: Attributes Reason: FilterPolicy: ${error instanceof Error ? error.message : String(error)}`);
  }
}
