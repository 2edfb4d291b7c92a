import { hash } from 'node:crypto';
import { AwsError } from '../../service.ts';
import { invalid, optional, required, texts, whole } from './input.ts';
import type { Input, Output } from './input.ts';
import { checkAttributes, isMessageText, md5OfAttributes, sizeOf } from './message-attributes.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { NewMessage, ReceivedMessage } from './messages.ts';
import type { Operation, Sqs, SqsCall } from './operations.ts';
import type { Queue } from './queues.ts';

const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;

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

function change({ messages }: Sqs, queue: Queue, input: Input): Output {
  const seconds = whole(input, 'VisibilityTimeout', 0, 43_200);
  if (seconds === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  messages.changeVisibility(queue, required(input, 'ReceiptHandle'), seconds);
  return {};
}

/** Operations on messages. */
export const MESSAGE_OPERATIONS: Readonly<Record<string, Operation>> = {
  SendMessage: (sqs, input) => send(sqs, sqs.queues.need(input['QueueUrl']), input),
  SendMessageBatch(sqs, input, call) {
    const queue = sqs.queues.need(input['QueueUrl']);
    const entries = (input['Entries'] ?? []) as readonly Input[];
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(optional(entry, 'MessageBody') ?? '', (entry['MessageAttributes'] ?? {}) as MessageAttributes), 0);
    if (bytes > MOST_BYTES) throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${bytes} bytes.`);
    return batch(input, call, (entry) => send(sqs, queue, entry));
  },
  async ReceiveMessage(sqs, input, { gone }) {
    const queue = sqs.queues.need(input['QueueUrl']);
    const max = whole(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
    const wait = whole(input, 'WaitTimeSeconds', 0, 20) ?? Number(queue.attributes['ReceiveMessageWaitTimeSeconds']);
    if (optional(input, 'ReceiveRequestAttemptId') !== undefined) throw new AwsError('UnsupportedOperation', 'ReceiveRequestAttemptId is not supported by the local cloud');
    const found = await sqs.polls.receive(queue, max, wait, whole(input, 'VisibilityTimeout', 0, 43_200), gone);
    if (found.length === 0) return {};
    const system = [...texts(input['AttributeNames']), ...texts(input['MessageSystemAttributeNames'])];
    return { Messages: found.map((message) => answerOf(message, system, texts(input['MessageAttributeNames']))) };
  },
  DeleteMessage: (sqs, input) => (sqs.messages.delete(sqs.queues.need(input['QueueUrl']), required(input, 'ReceiptHandle')), {}),
  DeleteMessageBatch(sqs, input, call) {
    const queue = sqs.queues.need(input['QueueUrl']);
    return batch(input, call, (entry) => (sqs.messages.delete(queue, required(entry, 'ReceiptHandle')), {}));
  },
  ChangeMessageVisibility: (sqs, input) => change(sqs, sqs.queues.need(input['QueueUrl']), input),
  ChangeMessageVisibilityBatch(sqs, input, call) {
    const queue = sqs.queues.need(input['QueueUrl']);
    return batch(input, call, (entry) => change(sqs, queue, entry));
  },
};
