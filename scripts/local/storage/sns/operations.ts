import { AwsError } from '../../service.ts';
import { sizeOf } from '../sqs/message-attributes.ts';
import type { MessageAttributes } from '../sqs/message-attributes.ts';
import type { Input, Output } from '../sqs/input.ts';
import type { FailingEntries } from '../sqs/operations.ts';
import { ACCOUNT } from '../sqs/queues.ts';
import type { Attributes } from '../sqs/queues.ts';
import type { Publisher, ToPublish } from './publish.ts';
import { invalid } from './topic-rules.ts';
import type { Subscription, Topics } from './topics.ts';

export interface Sns {
  readonly topics: Topics;
  readonly publisher: Publisher;
}

export interface SnsCall {
  readonly failing?: FailingEntries;
}

type Operation = (sns: Sns, input: Input, call: SnsCall) => Output;

const PAGE = 100;
const MOST_ENTRIES = 10;
const MOST_BYTES = 262_144;
const optional = (input: Input, name: string): string | undefined => (typeof input[name] === 'string' && input[name] !== '' ? input[name] : undefined);
const required = (input: Input, name: string): string => {
  const value = optional(input, name);
  if (value === undefined) throw invalid(`${name} Reason: no value for required parameter`);
  return value;
};
const tagsIn = (input: Input): Attributes => Object.fromEntries(((input['Tags'] ?? []) as { Key: string; Value?: string }[]).map(({ Key, Value = '' }) => [Key, Value]));

function page<T>(all: readonly T[], input: Input, show: (one: T) => Output): { shown: Output[]; NextToken?: string } {
  const from = Number(Buffer.from(optional(input, 'NextToken') ?? '', 'base64').toString() || 0);
  if (!Number.isInteger(from)) throw invalid('NextToken');
  return { shown: all.slice(from, from + PAGE).map(show), ...(all.length > from + PAGE && { NextToken: Buffer.from(String(from + PAGE)).toString('base64') }) };
}

const listed = (one: Subscription): Output => ({ SubscriptionArn: one.confirmed ? one.arn : 'PendingConfirmation', Owner: ACCOUNT, Protocol: one.protocol, Endpoint: one.endpoint, TopicArn: one.topicArn });

function toPublish(input: Input): ToPublish {
  const structure = optional(input, 'MessageStructure');
  if (structure !== undefined && structure !== 'json') throw invalid('MessageStructure');
  const [subject, group, deduplication] = [optional(input, 'Subject'), optional(input, 'MessageGroupId'), optional(input, 'MessageDeduplicationId')];
  return {
    message: optional(input, 'Message') ?? '', structured: structure === 'json', attributes: (input['MessageAttributes'] ?? {}) as MessageAttributes,
    ...(subject !== undefined && { subject }), ...(group !== undefined && { group }), ...(deduplication !== undefined && { deduplication }),
  };
}

function publishBatch({ topics, publisher }: Sns, input: Input, call: SnsCall): Output {
  const topic = topics.need(required(input, 'TopicArn'));
  const entries = (input['PublishBatchRequestEntries'] ?? []) as readonly Input[];
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'The batch request doesn\'t contain any entries.');
  if (entries.length > MOST_ENTRIES) throw new AwsError('TooManyEntriesInBatchRequest', `The batch request contains more entries than permissible (more than ${MOST_ENTRIES}).`);
  const ids = entries.map((entry) => optional(entry, 'Id') ?? '');
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) throw new AwsError('InvalidBatchEntryId', 'The Id of a batch entry in a batch request doesn\'t abide by the specification.');
  if (new Set(ids).size < ids.length) throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const contents = entries.map(toPublish);
  if (contents.reduce((sum, one) => sum + sizeOf(one.message, one.attributes), 0) > MOST_BYTES) throw new AwsError('BatchRequestTooLong', 'The length of all the batch messages put together is more than the limit.');
  const failing = call.failing?.(ids);
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const [at, content] of contents.entries()) {
    const Id = ids[at] ?? '';
    try {
      const refused = failing?.get(Id);
      if (refused) throw refused;
      Successful.push({ Id, ...publisher.publish(topic.arn, content) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
    }
  }
  return { Successful, Failed };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Operations.html */
export const SNS_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateTopic: ({ topics }, input) => ({ TopicArn: topics.create(required(input, 'Name'), (input['Attributes'] ?? {}) as Attributes, tagsIn(input)).arn }),
  DeleteTopic: ({ topics }, input) => (topics.remove(required(input, 'TopicArn')), {}),
  ListTopics({ topics }, input) {
    const { shown, ...more } = page(topics.all(), input, ({ arn }) => ({ TopicArn: arn }));
    return { Topics: shown, ...more };
  },
  GetTopicAttributes({ topics }, input) {
    const topic = topics.need(required(input, 'TopicArn'));
    const subscriptions = topics.subscriptions(topic.arn);
    const confirmed = subscriptions.filter((one) => one.confirmed).length;
    return { Attributes: {
      TopicArn: topic.arn, Owner: ACCOUNT, DisplayName: '', SubscriptionsConfirmed: String(confirmed), SubscriptionsPending: String(subscriptions.length - confirmed), SubscriptionsDeleted: '0',
      EffectiveDeliveryPolicy: '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false}}',
      Policy: JSON.stringify({ Version: '2008-10-17', Id: '__default_policy_ID', Statement: [{ Sid: '__default_statement_ID', Effect: 'Allow', Principal: { AWS: '*' }, Action: ['SNS:Publish', 'SNS:Subscribe'], Resource: topic.arn, Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } } }] }),
      ...topic.attributes,
    } };
  },
  SetTopicAttributes: ({ topics }, input) => (topics.change(required(input, 'TopicArn'), required(input, 'AttributeName'), optional(input, 'AttributeValue') ?? ''), {}),
  Subscribe({ topics }, input) {
    const made = topics.subscribe(required(input, 'TopicArn'), required(input, 'Protocol'), required(input, 'Endpoint'), (input['Attributes'] ?? {}) as Attributes);
    return { SubscriptionArn: made.confirmed || input['ReturnSubscriptionArn'] === 'true' ? made.arn : 'pending confirmation' };
  },
  ConfirmSubscription: ({ topics }, input) => ({ SubscriptionArn: topics.confirm(required(input, 'TopicArn'), required(input, 'Token')).arn }),
  Unsubscribe({ topics }, input) {
    const arn = required(input, 'SubscriptionArn');
    if (arn.split(':').length < 7) throw invalid('SubscriptionArn Reason: An ARN must have at least 6 elements');
    topics.unsubscribe(arn);
    return {};
  },
  ListSubscriptions({ topics }, input) {
    const { shown, ...more } = page(topics.subscriptions(), input, listed);
    return { Subscriptions: shown, ...more };
  },
  ListSubscriptionsByTopic({ topics }, input) {
    const { shown, ...more } = page(topics.subscriptions(topics.need(required(input, 'TopicArn')).arn), input, listed);
    return { Subscriptions: shown, ...more };
  },
  GetSubscriptionAttributes({ topics }, input) {
    const one = topics.subscription(required(input, 'SubscriptionArn'));
    return { Attributes: {
      SubscriptionArn: one.arn, TopicArn: one.topicArn, Protocol: one.protocol, Endpoint: one.endpoint, Owner: ACCOUNT, ConfirmationWasAuthenticated: String(one.confirmed && !one.protocol.startsWith('email')),
      PendingConfirmation: String(!one.confirmed), RawMessageDelivery: 'false', SubscriptionPrincipal: `arn:aws:iam::${ACCOUNT}:root`, ...(one.attributes['FilterPolicy'] !== undefined && { FilterPolicyScope: 'MessageAttributes' }), ...one.attributes,
    } };
  },
  SetSubscriptionAttributes: ({ topics }, input) => (topics.changeSubscription(required(input, 'SubscriptionArn'), required(input, 'AttributeName'), optional(input, 'AttributeValue') ?? ''), {}),
  Publish({ publisher }, input) {
    const target = optional(input, 'TopicArn') ?? optional(input, 'TargetArn');
    if (target === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter (the local cloud sends no text messages)');
    return { ...publisher.publish(target, toPublish(input)) };
  },
  PublishBatch: publishBatch,
  TagResource: ({ topics }, input) => (topics.setTags(required(input, 'ResourceArn'), (tags) => ({ ...tags, ...tagsIn(input) })), {}),
  UntagResource({ topics }, input) {
    const gone = (input['TagKeys'] ?? []) as readonly string[];
    topics.setTags(required(input, 'ResourceArn'), (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.includes(key))));
    return {};
  },
  ListTagsForResource({ topics }, input) {
    const { tags } = topics.need(required(input, 'ResourceArn'));
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};
