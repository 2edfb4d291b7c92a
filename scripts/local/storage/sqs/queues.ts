import { AwsError } from '../../service.ts';
import type { MessageDatabase } from '../message-database.ts';

/** Texts as the API gives them. */
export type Attributes = Readonly<Record<string, string>>;

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** Epoch seconds. */
  readonly madeAt: number;
  readonly changedAt: number;
  readonly attributes: Attributes;
  readonly tags: Attributes;
}

const DEFAULTS: Attributes = { DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0', VisibilityTimeout: '30', SqsManagedSseEnabled: 'true' };
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900], MaximumMessageSize: [1024, 1_048_576], MessageRetentionPeriod: [60, 1_209_600], ReceiveMessageWaitTimeSeconds: [0, 20], VisibilityTimeout: [0, 43_200], KmsDataKeyReusePeriodSeconds: [60, 86_400],
};
const SETTABLE = new Set([...Object.keys(RANGES), 'SqsManagedSseEnabled', 'Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);
const ONLY_FIFO = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);

export const REGION = 'eu-west-1';
export const ACCOUNT = '000000000000';
export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
/** Last part of a queue's name, URL or ARN. */
export const queueName = (given: string): string => given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf(':')) + 1);

/** The queues themselves; their messages are `Messages`. */
export class Queues {
  readonly #database: MessageDatabase;
  readonly #known = new Map<string, Queue>();
  readonly #now: () => number;

  constructor(database: MessageDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
    for (const row of database.sql.prepare('SELECT * FROM queue').all()) {
      const name = String(row['name']);
      this.#known.set(name, { name, arn: queueArn(name), fifo: name.endsWith('.fifo'), madeAt: Number(row['made_at']), changedAt: Number(row['changed_at']), attributes: JSON.parse(String(row['attributes'])) as Attributes, tags: JSON.parse(String(row['tags'])) as Attributes });
    }
  }

  /** By name, URL or ARN. */
  find(given: string): Queue | undefined {
    return this.#known.get(queueName(given));
  }

  need(given: unknown): Queue {
    if (typeof given !== 'string' || given === '') throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
    const found = this.find(given);
    if (!found) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return found;
  }

  all(): Queue[] {
    return [...this.#known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Queues that send their dead letters to `arn`. */
  sourcesOf(arn: string): Queue[] {
    return this.all().filter((queue) => redriveOf(queue)?.target === arn);
  }

  /** The same name with the same attributes is the same queue; with others it is refused. */
  create(name: string, given: Attributes, tags: Attributes): Queue {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80) throw new AwsError('InvalidParameterValue', 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
    const fifo = name.endsWith('.fifo');
    if ((given['FifoQueue'] === 'true') !== fifo) {
      throw new AwsError('InvalidParameterValue', fifo ? 'The name of a FIFO queue can only be given with the attribute FifoQueue' : 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.');
    }
    const { FifoQueue: _kind, ...settable } = given;
    this.#check(settable, name, fifo);
    const known = this.#known.get(name);
    if (known) {
      const differs = Object.entries(settable).find(([key, value]) => known.attributes[key] !== value);
      if (differs) throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${differs[0]}`);
      return known;
    }
    const at = Math.floor(this.#now() / 1000);
    return this.#keep({
      name, arn: queueArn(name), fifo, madeAt: at, changedAt: at, tags,
      attributes: { ...DEFAULTS, ...(fifo && { FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' }), ...settable },
    });
  }

  /** An empty value takes an attribute away. */
  change(queue: Queue, given: Attributes): void {
    this.#check(given, queue.name, queue.fifo);
    const attributes = Object.fromEntries(Object.entries({ ...queue.attributes, ...given }).filter(([, value]) => value !== ''));
    this.#keep({ ...queue, attributes, changedAt: Math.floor(this.#now() / 1000) });
  }

  tag(queue: Queue, tags: Attributes): void {
    if (Object.keys({ ...queue.tags, ...tags }).length > 50) throw new AwsError('InvalidParameterValue', 'Too many tags added for queue.');
    this.#keep({ ...queue, tags: { ...queue.tags, ...tags } });
  }

  untag(queue: Queue, keys: readonly string[]): void {
    this.#keep({ ...queue, tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key))) });
  }

  remove(queue: Queue): void {
    this.#database.transaction(() => {
      for (const from of ['message WHERE queue', 'queue WHERE name', 'deduplication WHERE target', 'move_task WHERE source']) this.#database.sql.prepare(`DELETE FROM ${from} = ?`).run(queue.name);
    });
    this.#known.delete(queue.name);
  }

  #keep(queue: Queue): Queue {
    this.#database.sql.prepare('INSERT OR REPLACE INTO queue VALUES (?, ?, ?, ?, ?)').run(queue.name, queue.madeAt, queue.changedAt, JSON.stringify(queue.attributes), JSON.stringify(queue.tags));
    this.#known.set(queue.name, queue);
    return queue;
  }

  #check(given: Attributes, name: string, fifo: boolean): void {
    for (const [key, value] of Object.entries(given)) {
      if (!SETTABLE.has(key) || (ONLY_FIFO.has(key) && !fifo)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${key}.`);
      const range = RANGES[key];
      if (range && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${key}.`);
      if (key === 'RedrivePolicy' && value !== '') this.#checkRedrive(value, name, fifo);
    }
  }

  #checkRedrive(policy: string, name: string, fifo: boolean): void {
    const bad = (reason: string): AwsError => new AwsError('InvalidParameterValue', `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
    const redrive = readRedrive(policy);
    if (!redrive) throw bad('Redrive policy is not a valid JSON map with deadLetterTargetArn and maxReceiveCount.');
    if (!(redrive.most >= 1 && redrive.most <= 1000)) throw bad('Invalid value for maxReceiveCount: must be between 1 and 1000.');
    const target = this.find(redrive.target);
    if (!target || target.arn !== redrive.target) throw bad('Dead letter target does not exist.');
    if (target.fifo !== fifo) throw bad(`Dead-letter queue must be same type of queue as the source.`);
    const allow = target.attributes['RedriveAllowPolicy'];
    if (allow === undefined) return;
    const { redrivePermission, sourceQueueArns } = JSON.parse(allow) as { redrivePermission?: string; sourceQueueArns?: string[] };
    if (redrivePermission === 'denyAll' || (redrivePermission === 'byQueue' && !sourceQueueArns?.includes(queueArn(name)))) throw bad('The dead letter target does not allow this queue (RedriveAllowPolicy).');
  }
}

/** Where a queue's messages go after `most` receives. */
export function redriveOf(queue: Queue): { readonly target: string; readonly most: number } | undefined {
  const policy = queue.attributes['RedrivePolicy'];
  return policy === undefined ? undefined : readRedrive(policy);
}

function readRedrive(policy: string): { target: string; most: number } | undefined {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
    return typeof deadLetterTargetArn === 'string' && maxReceiveCount !== undefined ? { target: deadLetterTargetArn, most: Number(maxReceiveCount) } : undefined;
  } catch {
    return undefined;
  }
}
