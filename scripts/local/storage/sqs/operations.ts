import { AwsError } from '../../service.ts';
import { invalid, optional, required, texts, whole } from './input.ts';
import type { Input, Output } from './input.ts';
import type { LongPolls } from './long-polls.ts';
import { MESSAGE_OPERATIONS } from './message-operations.ts';
import type { Messages } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import { ACCOUNT } from './queues.ts';
import type { Attributes, Queue, Queues } from './queues.ts';

/** Entries of a batch that are to fail although nothing is wrong with them (throttled, say), by their ids. */
export type FailingEntries = (ids: readonly string[]) => ReadonlyMap<string, AwsError> | undefined;

export interface SqsCall {
  /** `host:port` under which the caller knows us: queue URLs carry it. */
  readonly host: string;
  /** Aborted when the caller hangs up. */
  readonly gone?: AbortSignal;
  readonly failing?: FailingEntries;
}

export interface Sqs {
  readonly queues: Queues;
  readonly messages: Messages;
  readonly polls: LongPolls;
  readonly moves: MoveTasks;
}

export type Operation = (sqs: Sqs, input: Input, call: SqsCall) => Output | Promise<Output>;

const PURGE_PAUSE_MS = 60_000;
const purged = new WeakMap<Queues, Map<string, number>>();

const urlOf = (queue: Queue, host: string): string => `http://${host}/${ACCOUNT}/${queue.name}`;
const queueOf = ({ queues }: Sqs, input: Input): Queue => queues.need(input['QueueUrl']);

function page(all: readonly string[], input: Input): { shown: readonly string[]; token?: string } {
  const most = whole(input, 'MaxResults', 1, 1000);
  const from = Number(Buffer.from(optional(input, 'NextToken') ?? '', 'base64').toString() || 0);
  const to = from + (most ?? 1000);
  return { shown: all.slice(from, to), ...(most !== undefined && all.length > to && { token: Buffer.from(String(to)).toString('base64') }) };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export const SQS_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateQueue: ({ queues }, input, { host }) => ({ QueueUrl: urlOf(queues.create(required(input, 'QueueName'), (input['Attributes'] ?? {}) as Attributes, (input['tags'] ?? input['Tags'] ?? {}) as Attributes), host) }),
  DeleteQueue: (sqs, input) => (sqs.queues.remove(queueOf(sqs, input)), {}),
  GetQueueUrl: ({ queues }, input, { host }) => ({ QueueUrl: urlOf(queues.need(required(input, 'QueueName')), host) }),
  ListQueues({ queues }, input, { host }) {
    const prefix = optional(input, 'QueueNamePrefix') ?? '';
    const { shown, token } = page(queues.all().filter((queue) => queue.name.startsWith(prefix)).map((queue) => urlOf(queue, host)), input);
    return { ...(shown.length > 0 && { QueueUrls: shown }), ...(token !== undefined && { NextToken: token }) };
  },
  ListDeadLetterSourceQueues(sqs, input, { host }) {
    const { shown, token } = page(sqs.queues.sourcesOf(queueOf(sqs, input).arn).map((queue) => urlOf(queue, host)), input);
    return { queueUrls: shown, ...(token !== undefined && { NextToken: token }) };
  },
  GetQueueAttributes(sqs, input) {
    const queue = queueOf(sqs, input);
    const { visible, inFlight, delayed } = sqs.messages.count(queue);
    const all: Record<string, string> = {
      QueueArn: queue.arn, ApproximateNumberOfMessages: String(visible), ApproximateNumberOfMessagesNotVisible: String(inFlight), ApproximateNumberOfMessagesDelayed: String(delayed),
      CreatedTimestamp: String(queue.madeAt), LastModifiedTimestamp: String(queue.changedAt), ...queue.attributes,
    };
    const names = texts(input['AttributeNames']);
    const known = new Set([...Object.keys(all), 'All', 'Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const shown = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
    return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) };
  },
  SetQueueAttributes: (sqs, input) => (sqs.queues.change(queueOf(sqs, input), (input['Attributes'] ?? {}) as Attributes), {}),
  TagQueue: (sqs, input) => (sqs.queues.tag(queueOf(sqs, input), (input['Tags'] ?? {}) as Attributes), {}),
  UntagQueue: (sqs, input) => (sqs.queues.untag(queueOf(sqs, input), texts(input['TagKeys'])), {}),
  ListQueueTags(sqs, input) {
    const { tags } = queueOf(sqs, input);
    return Object.keys(tags).length === 0 ? {} : { Tags: tags };
  },
  PurgeQueue(sqs, input) {
    const queue = queueOf(sqs, input);
    const last = purged.get(sqs.queues) ?? new Map<string, number>();
    purged.set(sqs.queues, last);
    if (Date.now() - (last.get(queue.name) ?? 0) < PURGE_PAUSE_MS) throw new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`, 403);
    last.set(queue.name, Date.now());
    sqs.messages.purge(queue);
    return {};
  },
  StartMessageMoveTask: ({ moves }, input) => ({ TaskHandle: moves.start(required(input, 'SourceArn'), optional(input, 'DestinationArn'), whole(input, 'MaxNumberOfMessagesPerSecond', 1, 500)) }),
  CancelMessageMoveTask: ({ moves }, input) => ({ ApproximateNumberOfMessagesMoved: moves.cancel(required(input, 'TaskHandle')) }),
  ListMessageMoveTasks({ queues, moves }, input) {
    const source = queues.find(required(input, 'SourceArn'));
    if (!source) throw new AwsError('ResourceNotFoundException', 'The resource that you specified for the SourceArn parameter doesn\'t exist.', 404);
    return { Results: moves.list(source, whole(input, 'MaxResults', 1, 10) ?? 1) };
  },
  AddPermission(sqs, input) {
    const queue = queueOf(sqs, input);
    const policy = JSON.parse(queue.attributes['Policy'] ?? '{"Version":"2012-10-17","Statement":[]}') as { Statement: { Sid?: string }[] };
    const Sid = required(input, 'Label');
    if (policy.Statement.some((one) => one.Sid === Sid)) throw invalid('Label', Sid, 'Already exists.');
    const AWS = texts(input['AWSAccountIds']).map((id) => `arn:aws:iam::${id}:root`);
    policy.Statement.push({ Sid, Effect: 'Allow', Principal: { AWS }, Action: texts(input['Actions']).map((action) => `SQS:${action}`), Resource: queue.arn } as { Sid: string });
    sqs.queues.change(queue, { Policy: JSON.stringify(policy) });
    return {};
  },
  RemovePermission(sqs, input) {
    const queue = queueOf(sqs, input);
    const policy = JSON.parse(queue.attributes['Policy'] ?? '{"Statement":[]}') as { Statement: { Sid?: string }[] };
    const Sid = required(input, 'Label');
    const Statement = policy.Statement.filter((one) => one.Sid !== Sid);
    if (Statement.length === policy.Statement.length) throw invalid('Label', Sid, 'can\'t find label.');
    sqs.queues.change(queue, { Policy: Statement.length === 0 ? '' : JSON.stringify({ ...policy, Statement }) });
    return {};
  },
  ...MESSAGE_OPERATIONS,
};
