import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { MessageDatabase } from '../message-database.ts';
import { ACCOUNT, REGION } from '../sqs/queues.ts';
import type { Attributes } from '../sqs/queues.ts';
import { subscriptionFilter } from './filter.ts';
import type { SubscriptionFilter } from './filter.ts';
import { checkedSubscription, checkTopic, invalid, notFound, PROTOCOLS } from './topic-rules.ts';

export interface Topic {
  readonly arn: string;
  readonly fifo: boolean;
  readonly attributes: Attributes;
  readonly tags: Attributes;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
  readonly confirmed: boolean;
  /** What a pending subscription is confirmed with. */
  readonly token: string;
  readonly passes: SubscriptionFilter;
}

/** Topics with their subscriptions, which are kept in memory too: a publish reads nothing. */
export class Topics {
  readonly #database: MessageDatabase;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(database: MessageDatabase) {
    this.#database = database;
    database.sql.exec('PRAGMA foreign_keys=ON');
    for (const row of database.sql.prepare('SELECT * FROM topic').all()) {
      const arn = String(row['arn']);
      this.#topics.set(arn, { arn, fifo: arn.endsWith('.fifo'), attributes: JSON.parse(String(row['attributes'])) as Attributes, tags: JSON.parse(String(row['tags'])) as Attributes });
    }
    for (const row of database.sql.prepare('SELECT * FROM subscription').all()) {
      const attributes = JSON.parse(String(row['attributes'])) as Attributes;
      this.#subscriptions.set(String(row['arn']), {
        arn: String(row['arn']), topicArn: String(row['topic']), protocol: String(row['protocol']), endpoint: String(row['endpoint']), confirmed: row['confirmed'] === 1, token: String(row['token']), attributes, passes: subscriptionFilter(attributes),
      });
    }
  }

  all(): Topic[] {
    return [...this.#topics.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  need(arn: string): Topic {
    if (!/^arn:aws:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn)) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${arn.slice(0, 100)}`);
    const found = this.#topics.get(arn);
    if (!found) throw notFound('Topic');
    return found;
  }

  create(name: string, given: Attributes, tags: Attributes): Topic {
    const fifo = name.endsWith('.fifo');
    if (!/^[\w-]{1,256}$/.test(name.replace(/\.fifo$/, '')) || name.length > 256) throw invalid('Topic Name');
    if ((given['FifoTopic'] === 'true') !== fifo) throw invalid(fifo ? 'Topic Name: only a topic with FifoTopic=true may end with .fifo' : 'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.');
    const { FifoTopic: _fifo, ...attributes } = given;
    checkTopic(attributes, fifo);
    const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
    const known = this.#topics.get(arn);
    if (known) {
      if (Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value)) throw invalid('Attributes Reason: Topic already exists with different attributes');
      if (Object.keys(tags).length > 0 && JSON.stringify(Object.entries(tags).sort()) !== JSON.stringify(Object.entries(known.tags).sort())) throw invalid('Tags Reason: Topic already exists with different tags');
      return known;
    }
    return this.#keepTopic({ arn, fifo, tags, attributes: { ...(fifo && { FifoTopic: 'true', ContentBasedDeduplication: 'false' }), ...attributes } });
  }

  change(arn: string, name: string, value: string): void {
    const topic = this.need(arn);
    checkTopic({ [name]: value }, topic.fifo);
    this.#keepTopic({ ...topic, attributes: { ...topic.attributes, [name]: value } });
  }

  setTags(arn: string, edit: (tags: Attributes) => Attributes): void {
    const topic = this.#topics.get(arn);
    if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
    const tags = edit(topic.tags);
    if (Object.keys(tags).length > 50) throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
    this.#keepTopic({ ...topic, tags });
  }

  remove(arn: string): void {
    for (const one of this.subscriptions(arn)) this.#subscriptions.delete(one.arn);
    this.#topics.delete(arn);
    this.#database.sql.prepare('DELETE FROM topic WHERE arn = ?').run(arn);
  }

  subscriptions(topicArn?: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((one) => topicArn === undefined || one.topicArn === topicArn);
  }

  subscription(arn: string): Subscription {
    const found = this.#subscriptions.get(arn);
    if (!found) throw arn.split(':').length < 7 ? invalid('SubscriptionArn Reason: An ARN must have at least 6 elements') : notFound('Subscription');
    return found;
  }

  /** The same endpoint with the same attributes is the same subscription. E-mail counts as confirmed: `setConfirmed` makes it pending. */
  subscribe(topicArn: string, protocol: string, endpoint: string, given: Attributes): Subscription {
    const topic = this.need(topicArn);
    const shape = PROTOCOLS[protocol];
    if (!shape) {
      process.stderr.write(`local cloud: sns delivers nothing by ${protocol}\n`);
      throw invalid(`Protocol Reason: the local cloud delivers by ${Object.keys(PROTOCOLS).join(', ')}, not by ${protocol}`);
    }
    if (!shape.test(endpoint)) throw invalid(`Endpoint Reason: ${protocol} endpoint ${endpoint.slice(0, 100)} is not valid`);
    if (topic.fifo && protocol !== 'sqs') throw invalid(`Invalid protocol type: ${protocol}`);
    if (!topic.fifo && endpoint.endsWith('.fifo')) throw invalid('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
    const attributes = checkedSubscription(given);
    const known = this.subscriptions(topicArn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
    if (known) {
      if (Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value)) throw invalid('Attributes Reason: Subscription already exists with different attributes');
      return known;
    }
    return this.#keep({ arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint, attributes, confirmed: true, token: randomBytes(64).toString('hex'), passes: subscriptionFilter(attributes) });
  }

  changeSubscription(arn: string, name: string, value: string): void {
    const known = this.subscription(arn);
    const attributes = checkedSubscription({ ...known.attributes, [name]: value });
    this.#keep({ ...known, attributes, passes: subscriptionFilter(attributes) });
  }

  /** A pending subscription is listed as `PendingConfirmation` and receives nothing. */
  setConfirmed(arn: string, confirmed: boolean): void {
    this.#keep({ ...this.subscription(arn), confirmed });
  }

  confirm(topicArn: string, token: string): Subscription {
    const found = this.subscriptions(this.need(topicArn).arn).find((one) => one.token === token);
    if (!found) throw invalid('Token');
    return this.#keep({ ...found, confirmed: true });
  }

  unsubscribe(arn: string): void {
    this.#subscriptions.delete(arn);
    this.#database.sql.prepare('DELETE FROM subscription WHERE arn = ?').run(arn);
  }

  #keepTopic(topic: Topic): Topic {
    this.#database.sql.prepare('INSERT INTO topic VALUES (?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET attributes = excluded.attributes, tags = excluded.tags')
      .run(topic.arn, Date.now(), JSON.stringify(topic.attributes), JSON.stringify(topic.tags));
    this.#topics.set(topic.arn, topic);
    return topic;
  }

  #keep(one: Subscription): Subscription {
    this.#database.sql.prepare('INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)').run(one.arn, one.topicArn, one.protocol, one.endpoint, JSON.stringify(one.attributes), one.confirmed ? 1 : 0, one.token);
    this.#subscriptions.set(one.arn, one);
    return one;
  }
}
