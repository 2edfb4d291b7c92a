import { hash, randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { MessageDatabase } from '../message-database.ts';
import { checkAttributes, sizeOf } from '../sqs/message-attributes.ts';
import type { MessageAttributes } from '../sqs/message-attributes.ts';
import type { Messages } from '../sqs/messages.ts';
import type { Queue, Queues } from '../sqs/queues.ts';
import { deadLettersOf, invalid } from './topic-rules.ts';
import type { Subscription, Topic, Topics } from './topics.ts';

/** A message on its way from a topic to an e-mail address or a function. */
export interface Delivery {
  readonly protocol: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ToPublish {
  readonly message: string;
  readonly subject?: string;
  /** The message by protocol (`MessageStructure: json`); `default` is for the others. */
  readonly structured: boolean;
  readonly attributes: MessageAttributes;
  readonly group?: string;
  readonly deduplication?: string;
}

export interface Published {
  readonly MessageId: string;
  readonly SequenceNumber?: string;
}

const MOST_BYTES = 262_144;
const DEDUPLICATION_MS = 300_000;

/** Takes messages and brings each to the subscriptions of its topic: queues at once, functions and mail by way of a journal that survives a kill. */
export class Publisher {
  readonly #database: MessageDatabase;
  readonly #topics: Topics;
  readonly #queues: Queues;
  readonly #messages: Messages;
  readonly #now: () => number;
  /** Told of each delivery as soon as it is on disk. */
  onDelivery: (id: number, delivery: Delivery) => void = () => undefined;
  /** Whether the queue's policy lets SNS send to it for the topic. */
  mayDeliver: (queue: Queue, topicArn: string) => boolean = () => true;

  constructor(database: MessageDatabase, topics: Topics, queues: Queues, messages: Messages, now: () => number) {
    this.#database = database;
    this.#topics = topics;
    this.#queues = queues;
    this.#messages = messages;
    this.#now = now;
  }

  /** For all subscriptions or, after a kill, for none. */
  publish(topicArn: string, content: ToPublish): Published {
    const topic = this.#topics.need(topicArn);
    const byProtocol = check(topic, content);
    const deduplication = topic.fifo ? content.deduplication ?? (topic.attributes['ContentBasedDeduplication'] === 'true' ? hash('sha256', content.message) : undefined) : undefined;
    if (topic.fifo && deduplication === undefined) throw invalid('The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
    const told: [number, Delivery][] = [];
    const published = this.#database.transaction((): Published => {
      const now = this.#now();
      const { sql } = this.#database;
      if (deduplication !== undefined) {
        const known = sql.prepare('SELECT answer FROM deduplication WHERE target = ? AND id = ? AND at > ?').get(topicArn, deduplication, now - DEDUPLICATION_MS);
        if (known) return JSON.parse(String(known['answer'])) as Published;
      }
      const made: Published = { MessageId: randomUUID(), ...(topic.fifo && { SequenceNumber: `1${String(now).padStart(19, '0')}` }) };
      if (deduplication !== undefined) sql.prepare('INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?)').run(topicArn, deduplication, now, JSON.stringify(made));
      for (const subscription of this.#topics.subscriptions(topicArn)) {
        const message = byProtocol?.[subscription.protocol] ?? byProtocol?.['default'] ?? content.message;
        if (!subscription.confirmed || !subscription.passes(message, content.attributes)) continue;
        const delivery: Delivery = {
          protocol: subscription.protocol, topicArn, subscriptionArn: subscription.arn, endpoint: subscription.endpoint, messageId: made.MessageId, message, ...(content.subject !== undefined && { subject: content.subject }), at: now,
          attributes: Object.fromEntries(Object.entries(content.attributes).map(([name, one]) => [name, { Type: one.DataType, Value: one.StringValue ?? one.BinaryValue ?? '' }])),
        };
        if (subscription.protocol === 'sqs') this.#toQueue(subscription, delivery, { ...content, ...(deduplication !== undefined && { deduplication }) }, made);
        else told.push([Number(sql.prepare('INSERT INTO delivery (content) VALUES (?)').run(JSON.stringify(delivery)).lastInsertRowid), delivery]);
      }
      return made;
    });
    for (const [id, delivery] of told) this.onDelivery(id, delivery);
    return published;
  }

  unsettled(): { id: number; delivery: Delivery }[] {
    return this.#database.sql.prepare('SELECT id, content FROM delivery ORDER BY id').all().map((row) => ({ id: Number(row['id']), delivery: JSON.parse(String(row['content'])) as Delivery }));
  }

  settle(id: number): void {
    this.#database.sql.prepare('DELETE FROM delivery WHERE id = ?').run(id);
  }

  /** A delivery that no further attempt can mend: to the subscription's dead-letter queue, else said and dropped, as on AWS. */
  fail(id: number, reason: string): void {
    this.#database.transaction(() => {
      const row = this.#database.sql.prepare('SELECT content FROM delivery WHERE id = ?').get(id);
      if (!row) return;
      const delivery = JSON.parse(String(row['content'])) as Delivery;
      const subscription = this.#topics.subscriptions(delivery.topicArn).find((one) => one.arn === delivery.subscriptionArn);
      this.#undeliverable(subscription, delivery, notification(delivery), {}, reason);
      this.settle(id);
    });
  }

  #toQueue(subscription: Subscription, delivery: Delivery, content: ToPublish, made: Published): void {
    const queue = this.#queues.find(subscription.endpoint);
    const raw = subscription.attributes['RawMessageDelivery']?.toLowerCase() === 'true';
    const body = raw ? delivery.message : notification(delivery, made.SequenceNumber);
    const attributes = raw ? content.attributes : {};
    if (queue?.arn !== subscription.endpoint) return this.#undeliverable(subscription, delivery, body, attributes, 'the queue does not exist');
    if (!this.mayDeliver(queue, delivery.topicArn)) return this.#undeliverable(subscription, delivery, body, attributes, 'the queue\'s policy does not let sns.amazonaws.com send to it');
    if (Object.keys(attributes).length > 10) return this.#undeliverable(subscription, delivery, body, attributes, 'a queue takes at most 10 message attributes');
    if (sizeOf(body, attributes) > Number(queue.attributes['MaximumMessageSize'])) return this.#undeliverable(subscription, delivery, body, attributes, 'the queue takes only shorter messages');
    this.#messages.send(queue, { body, attributes, ...(content.group !== undefined && { group: content.group }), ...(queue.fifo && content.deduplication !== undefined && { deduplication: content.deduplication }) });
  }

  #undeliverable(subscription: Subscription | undefined, delivery: Delivery, body: string, attributes: MessageAttributes, reason: string): void {
    const target = subscription && deadLettersOf(subscription.attributes);
    const queue = target === undefined ? undefined : this.#queues.find(target);
    if (queue) this.#messages.send(queue, { body, attributes, ...(queue.fifo && { group: delivery.topicArn, deduplication: delivery.messageId }) });
    else process.stderr.write(`local cloud: sns drops message ${delivery.messageId} of ${delivery.topicArn} for ${delivery.protocol} ${delivery.endpoint}: ${reason}\n`);
  }
}

/** Checks a message as its topic would; answers its texts by protocol if it has several. */
function check(topic: Topic, { message, subject, structured, attributes, group }: ToPublish): Readonly<Record<string, string>> | undefined {
  if (message === '') throw invalid('Empty message');
  if (sizeOf(message, attributes) > MOST_BYTES) throw invalid('Message too long');
  if (subject !== undefined && (subject.length === 0 || subject.length > 100 || /[\n\r\p{Cc}]/u.test(subject))) throw invalid('Subject');
  if (topic.fifo && group === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics');
  try {
    checkAttributes(Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, one])));
  } catch (error) {
    if (error instanceof AwsError && !error.message.startsWith('Number of')) throw new AwsError('ParameterValueInvalid', error.message);
  }
  if (!structured) return undefined;
  let texts: unknown;
  try {
    texts = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof (texts as { default?: unknown } | null)?.default !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return texts as Record<string, string>;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export function notification({ messageId, topicArn, subject, message, at, attributes, subscriptionArn }: Delivery, sequence?: string): string {
  return JSON.stringify({
    Type: 'Notification', MessageId: messageId, ...(sequence !== undefined && { SequenceNumber: sequence }), TopicArn: topicArn, ...(subject !== undefined && { Subject: subject }), Message: message, Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1', Signature: 'local', SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/local.pem', UnsubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  }, null, 2);
}
