import {
  CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTagsForResourceCommand, ListTopicsCommand, PublishBatchCommand, PublishCommand,
  SetSubscriptionAttributesCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand, TagResourceCommand, UnsubscribeCommand, UntagResourceCommand,
} from '@aws-sdk/client-sns';
import type { MessageAttributeValue, PublishCommandInput } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let sns: SNSClient;
let sqs: SQSClient;
const topics: string[] = [];
const queues: string[] = [];

beforeAll(async () => {
  target = await conformanceTarget();
  sns = new SNSClient({ ...target.client, maxAttempts: 1 });
  sqs = new SQSClient({ ...target.client, maxAttempts: 1 });
});
afterAll(async () => {
  for (const TopicArn of topics) await sns.send(new DeleteTopicCommand({ TopicArn }));
  for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  sns.destroy();
  sqs.destroy();
  await target.close();
});

async function topic(name = target.unique('topic'), Attributes: Record<string, string> = {}): Promise<string> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name, Attributes }));
  topics.push(TopicArn!);
  return TopicArn!;
}
/** A queue to which topics may send. */
async function queue(name = target.unique('queue'), fifo = false): Promise<{ url: string; arn: string }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, ...(fifo && { Attributes: { FifoQueue: 'true' } }) }));
  queues.push(QueueUrl!);
  const arn = (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes!['QueueArn']!;
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return { url: QueueUrl!, arn };
}
async function subscribed(TopicArn: string, Attributes: Record<string, string> = {}, to?: { url: string; arn: string }) {
  const made = to ?? (await queue());
  const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: made.arn, Attributes, ReturnSubscriptionArn: true }));
  return { ...made, subscription: SubscriptionArn! };
}
const publish = (TopicArn: string, Message: string, more: Partial<PublishCommandInput> = {}) => sns.send(new PublishCommand({ TopicArn, Message, ...more }));
const received = async (url: string, wait = 2) => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: wait, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] }))).Messages ?? [];
const texts = async (url: string) => (await received(url)).map((one) => one.Body).sort();
const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

test('a topic is made once, described, tagged and deleted', async () => {
  const name = target.unique('made');
  const arn = await topic(name, { DisplayName: 'Shop' });
  expect(await topic(name, { DisplayName: 'Shop' })).toBe(arn);
  await sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'DisplayName', AttributeValue: 'Store' }));
  expect((await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes).toMatchObject({ TopicArn: arn, DisplayName: 'Store', SubscriptionsConfirmed: '0', SubscriptionsPending: '0' });
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn: arn });
  await sns.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] }));
  await sns.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a'] }));
  expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
  await expect(publish(arn, 'x')).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a queue gets the envelope, or the bare message with its attributes', async () => {
  const arn = await topic();
  const [wrapped, raw] = [await subscribed(arn), await subscribed(arn, { RawMessageDelivery: 'true' })];
  const { MessageId } = await publish(arn, 'text', { Subject: 'subject', MessageAttributes: { k: text('v') } });
  const [envelope] = await received(wrapped.url);
  expect(JSON.parse(envelope!.Body!)).toMatchObject({ Type: 'Notification', MessageId, TopicArn: arn, Subject: 'subject', Message: 'text', MessageAttributes: { k: { Type: 'String', Value: 'v' } } });
  const [bare] = await received(raw.url);
  expect(bare).toMatchObject({ Body: 'text', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } });
});

test('each protocol gets its own text', async () => {
  const arn = await topic();
  const [wrapped, raw] = [await subscribed(arn), await subscribed(arn, { RawMessageDelivery: 'true' })];
  await publish(arn, JSON.stringify({ default: 'for all', sqs: 'for queues', email: 'for people' }), { MessageStructure: 'json' });
  expect(JSON.parse((await received(wrapped.url))[0]!.Body!)).toMatchObject({ Message: 'for queues' });
  expect(await texts(raw.url)).toEqual(['for queues']);
  await expect(publish(arn, '{"sqs":"x"}', { MessageStructure: 'json' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

describe('filter policies', () => {
  const numbers = { price: { DataType: 'Number', StringValue: '150' } };
  test.each<[string, object, Record<string, MessageAttributeValue>, boolean]>([
    ['exact', { kind: ['a', 'b'] }, { kind: text('b') }, true],
    ['exact, absent', { kind: ['a'] }, {}, false],
    ['prefix', { kind: [{ prefix: 'ord' }] }, { kind: text('order') }, true],
    ['suffix', { kind: [{ suffix: 'er' }] }, { kind: text('order') }, true],
    ['anything but', { kind: [{ 'anything-but': ['a'] }] }, { kind: text('a') }, false],
    ['anything but a prefix', { kind: [{ 'anything-but': { prefix: 'ord' } }] }, { kind: text('return') }, true],
    ['equal, ignoring case', { kind: [{ 'equals-ignore-case': 'ORDER' }] }, { kind: text('order') }, true],
    ['numeric range', { price: [{ numeric: ['>', 100, '<=', 150] }] }, numbers, true],
    ['numeric, not in range', { price: [{ numeric: ['<', 100] }] }, numbers, false],
    ['exists', { kind: [{ exists: true }] }, { kind: text('x') }, true],
    ['does not exist', { kind: [{ exists: false }] }, { kind: text('x') }, false],
    ['all names', { kind: ['a'], price: [{ exists: true }] }, { kind: text('a') }, false],
    ['array attribute', { kind: ['b'] }, { kind: { DataType: 'String.Array', StringValue: '["a","b"]' } }, true],
    ['one of several', { $or: [{ kind: ['a'] }, { price: [{ numeric: ['=', 150] }] }] }, numbers, true],
  ])('%s', async (_name, policy, MessageAttributes, passes) => {
    const arn = await topic();
    const { url } = await subscribed(arn, { FilterPolicy: JSON.stringify(policy), RawMessageDelivery: 'true' });
    const all = await subscribed(arn, { RawMessageDelivery: 'true' });
    await publish(arn, 'message', { MessageAttributes });
    expect(await texts(all.url)).toEqual(['message']);
    expect((await received(url, passes ? 2 : 0)).map((one) => one.Body)).toEqual(passes ? ['message'] : []);
  });

  test('by the body; changed later; refused when unknown', async () => {
    const arn = await topic();
    const { url, subscription } = await subscribed(arn, { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"order":{"state":["NEW"]}}', RawMessageDelivery: 'true' });
    for (const body of ['{"order":{"state":"NEW"}}', '{"order":{"state":"OLD"}}', 'no JSON']) await publish(arn, body);
    expect(await texts(url)).toEqual(['{"order":{"state":"NEW"}}']);
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: subscription, AttributeName: 'FilterPolicy', AttributeValue: '{}' }));
    await publish(arn, 'no JSON');
    expect(await texts(url)).toEqual(['no JSON']);
    await expect(sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: subscription, AttributeName: 'FilterPolicy', AttributeValue: '{"a":[{"unheard":1}]}' }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

test('a batch fails by its entries; too much of it fails whole', async () => {
  const arn = await topic();
  const { url } = await subscribed(arn, { RawMessageDelivery: 'true' });
  const batch = await sns.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: [{ Id: 'a', Message: '1' }, { Id: 'b', Message: '2', Subject: 'two\nlines' }, { Id: 'c', Message: '3' }] }));
  expect(batch.Successful!.map((one) => one.Id)).toEqual(['a', 'c']);
  expect(batch.Failed).toMatchObject([{ Id: 'b', SenderFault: true }]);
  expect(await texts(url)).toEqual(['1', '3']);
  await expect(sns.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: Array.from({ length: 11 }, (_, i) => ({ Id: String(i), Message: 'x' })) }))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequestException' });
  await expect(sns.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(140_000) })) }))).rejects.toMatchObject({ name: 'BatchRequestTooLongException' });
  await expect(publish(arn, 'x'.repeat(262_145))).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('subscriptions are made once, listed, described and ended', async () => {
  const arn = await topic();
  const { subscription, ...same } = await subscribed(arn, { FilterPolicy: '{"k":["v"]}' });
  expect((await subscribed(arn, { FilterPolicy: '{"k":["v"]}' }, same)).subscription).toBe(subscription);
  expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))).Subscriptions).toMatchObject([{ SubscriptionArn: subscription, Protocol: 'sqs', Endpoint: same.arn }]);
  expect((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription }))).Attributes).toMatchObject({ PendingConfirmation: 'false', FilterPolicy: '{"k":["v"]}', FilterPolicyScope: 'MessageAttributes', RawMessageDelivery: 'false' });
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
  expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))).Subscriptions).toEqual([]);
  await expect(sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: 'no arn' }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('what a queue cannot take goes to the dead letters of the subscription', async () => {
  const arn = await topic();
  const dead = await queue();
  const lost = await queue();
  await subscribed(arn, { RawMessageDelivery: 'true', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) }, lost);
  await sqs.send(new DeleteQueueCommand({ QueueUrl: lost.url }));
  queues.splice(queues.indexOf(lost.url), 1);
  await publish(arn, 'undeliverable');
  expect(await texts(dead.url)).toEqual(['undeliverable']);
});

test('a FIFO topic keeps order and takes a message once', async () => {
  const arn = await topic(`${target.unique('fifo')}.fifo`, { FifoTopic: 'true' });
  const to = await queue(`${target.unique('fifo')}.fifo`, true);
  await subscribed(arn, { RawMessageDelivery: 'true' }, to);
  const first = await publish(arn, '1', { MessageGroupId: 'g', MessageDeduplicationId: 'one' });
  expect((await publish(arn, 'again', { MessageGroupId: 'g', MessageDeduplicationId: 'one' })).MessageId).toBe(first.MessageId);
  await publish(arn, '2', { MessageGroupId: 'g', MessageDeduplicationId: 'two' });
  expect((await received(to.url)).map((one) => [one.Body, one.Attributes!['MessageGroupId']])).toEqual([['1', 'g'], ['2', 'g']]);
  await expect(publish(arn, 'no group')).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('an unconfirmed e-mail subscription is to be seen, and gets nothing', async () => {
  if (!target.own) return;
  const arn = await topic();
  const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'email', Endpoint: 'staff@example.com', ReturnSubscriptionArn: true }));
  const admin = async (body: object) => expect((await fetch(`${target.client.endpoint}/_local/subscriptions`, { method: 'POST', body: JSON.stringify(body) })).status).toBe(200);
  await admin({ arn: SubscriptionArn, confirmed: false });
  expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))).Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'staff@example.com' }]);
  expect((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes).toMatchObject({ PendingConfirmation: 'true' });
  expect((await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes).toMatchObject({ SubscriptionsPending: '1', SubscriptionsConfirmed: '0' });
  await admin({ arn: SubscriptionArn, confirmed: true });
  expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))).Subscriptions).toMatchObject([{ SubscriptionArn }]);
});
