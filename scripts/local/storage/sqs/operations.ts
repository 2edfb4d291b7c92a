import { hash } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { LongPolls } from './long-polls.ts';
import { checkAttributes, isMessageText, md5OfAttributes, sizeOf } from './message-attributes.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Messages, NewMessage, ReceivedMessage } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import { ACCOUNT } from './queues.ts';
import type { Attributes, Queue, Queues } from './queues.ts';

export type Input = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>;

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

type Operation = (sqs: Sqs, input: Input, call: SqsCall) => Output | Promise<Output>;

const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;
const PURGE_PAUSE_MS = 60_000;
const purged = new WeakMap<Queues, Map<string, number>>();

const invalid = (name: string, value: unknown, reason: string): AwsError => new AwsError('InvalidParameterValue', `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);

function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const given = input[name];
  if (given === undefined || given === null || given === '') return undefined;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most) throw invalid(name, given, `Must be between ${least} and ${most}.`);
  return value;
}
const required = (input: Input, name: string): string => {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
};
const optional = (input: Input, name: string): string | undefined => (typeof input[name] === 'string' && input[name] !== '' ? input[name] : undefined);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const urlOf = (queue: Queue, host: string): string => `http://${host}/${ACCOUNT}/${queue.name}`;
const queueOf = ({ queues }: Sqs, input: Input): Queue => queues.need(input['QueueUrl']);

/** Checks a message as its queue would. */
function messageFrom(queue: Queue, input: Input): NewMessage {
  const body = required(input, 'MessageBody');
  const attributes = (input['MessageAttributes'] ?? {}) as MessageAttributes;
  const system = input['MessageSystemAttributes'] as MessageAttributes | undefined;
  if (!isMessageText(body)) throw new AwsError('InvalidMessageContents', 'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF');
  checkAttributes(attributes);
  const most = Number(queue.attributes['MaximumMessageSize']);
  if (sizeOf(body, attributes) > most) throw new AwsError('InvalidParameterValue', `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  const group = optional(input, 'MessageGroupId');
  const deduplication = optional(input, 'MessageDeduplicationId');
  const delaySeconds = whole(input, 'DelaySeconds', 0, 900);
  if (queue.fifo) {
    if (group === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    if (delaySeconds) throw invalid('DelaySeconds', delaySeconds, 'The request include parameter that is not valid for this queue type');
  } else if (deduplication !== undefined) throw invalid('MessageDeduplicationId', deduplication, 'The request includes a parameter that is not valid for this queue type');
  return { body, attributes, ...(system && { system }), ...(group !== undefined && { group }), ...(deduplication !== undefined && { deduplication }), ...(delaySeconds !== undefined && { delaySeconds }) };
}

function send({ messages }: Sqs, queue: Queue, input: Input): Output {
  const message = messageFrom(queue, input);
  const sent = messages.send(queue, message);
  const md5 = md5OfAttributes(message.attributes);
  const systemMd5 = md5OfAttributes(message.system ?? {});
  return {
    MessageId: sent.messageId, MD5OfMessageBody: hash('md5', message.body), ...(md5 !== undefined && { MD5OfMessageAttributes: md5 }),
    ...(systemMd5 !== undefined && { MD5OfMessageSystemAttributes: systemMd5 }), ...(sent.sequence !== undefined && { SequenceNumber: sent.sequence }),
  };
}

/** Every entry for itself; one that fails is told in `Failed`, and the call succeeds. */
function batch(input: Input, call: SqsCall, run: (entry: Input) => Output): Output {
  const entries = (input['Entries'] ?? []) as readonly Input[];
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MOST_ENTRIES) throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`);
  const ids = entries.map((entry) => required(entry, 'Id'));
  const bad = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (bad !== undefined) throw new AwsError('InvalidBatchEntryId', `A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.`);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  const failing = call.failing?.(ids);
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const [at, entry] of entries.entries()) {
    const Id = ids[at] ?? '';
    try {
      const refused = failing?.get(Id);
      if (refused) throw refused;
      Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, SenderFault: error.status < 500, Code: error.code, Message: error.message });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}

const wants = (names: readonly string[], name: string): boolean =>
  names.some((wanted) => wanted === 'All' || wanted === '.*' || wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1))));

function answerOf(message: ReceivedMessage, systemNames: readonly string[], attributeNames: readonly string[]): Output {
  const only = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> => Object.fromEntries(Object.entries(all).filter(([name]) => wants(names, name)));
  const system = only(message.system, systemNames);
  const attributes = only(message.attributes, attributeNames);
  const md5 = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId, ReceiptHandle: message.receiptHandle, MD5OfBody: hash('md5', message.body), Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }), ...(md5 !== undefined && { MD5OfMessageAttributes: md5, MessageAttributes: attributes }),
  };
}

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
  SendMessage: (sqs, input) => send(sqs, queueOf(sqs, input), input),
  SendMessageBatch(sqs, input, call) {
    const queue = queueOf(sqs, input);
    const entries = (input['Entries'] ?? []) as readonly Input[];
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(optional(entry, 'MessageBody') ?? '', (entry['MessageAttributes'] ?? {}) as MessageAttributes), 0);
    if (bytes > MOST_BYTES) throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${bytes} bytes.`);
    return batch(input, call, (entry) => send(sqs, queue, entry));
  },
  async ReceiveMessage(sqs, input, { gone }) {
    const queue = queueOf(sqs, input);
    const max = whole(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
    const wait = whole(input, 'WaitTimeSeconds', 0, 20) ?? Number(queue.attributes['ReceiveMessageWaitTimeSeconds']);
    if (optional(input, 'ReceiveRequestAttemptId') !== undefined) throw new AwsError('UnsupportedOperation', 'ReceiveRequestAttemptId is not supported by the local cloud');
    const found = await sqs.polls.receive(queue, max, wait, whole(input, 'VisibilityTimeout', 0, 43_200), gone);
    if (found.length === 0) return {};
    const system = [...texts(input['AttributeNames']), ...texts(input['MessageSystemAttributeNames'])];
    return { Messages: found.map((message) => answerOf(message, system, texts(input['MessageAttributeNames']))) };
  },
  DeleteMessage: (sqs, input) => (sqs.messages.delete(queueOf(sqs, input), required(input, 'ReceiptHandle')), {}),
  DeleteMessageBatch(sqs, input, call) {
    const queue = queueOf(sqs, input);
    return batch(input, call, (entry) => (sqs.messages.delete(queue, required(entry, 'ReceiptHandle')), {}));
  },
  ChangeMessageVisibility: (sqs, input) => change(sqs, queueOf(sqs, input), input),
  ChangeMessageVisibilityBatch(sqs, input, call) {
    const queue = queueOf(sqs, input);
    return batch(input, call, (entry) => change(sqs, queue, entry));
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
};

function change({ messages }: Sqs, queue: Queue, input: Input): Output {
  const seconds = whole(input, 'VisibilityTimeout', 0, 43_200);
  if (seconds === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  messages.changeVisibility(queue, required(input, 'ReceiptHandle'), seconds);
  return {};
}

