import { GetQueueUrlCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { originOf, parseEvent, type CanonicalEvent } from '@orderflow/shared/events';
import type { PutResult, StreamPort, StreamRecord } from '@orderflow/shared/stream';

/** Quotas of SendMessageBatch; where a region allows 1 MiB, a quarter of it is enough (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
export const mostMessages = 10;
export const mostBatchBytes = 256_000;

/**
 * A notice as text of a message: JSON in ASCII, because SQS replaces some characters of Unicode
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */
export const messageOf = (data: Uint8Array): string =>
  Buffer.from(data).toString('utf8').replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A notice never goes through a stream: a slow vendor would hold a shard. */
export const noticeRecord = (event: CanonicalEvent): StreamRecord =>
  ({ partitionKey: event.partitionkey, data: Buffer.from(JSON.stringify(event)) });

/** A notice out of a message. @throws InvalidEvent, SyntaxError */
export function noticeIn(body: string): CanonicalEvent<'source.notified'> {
  const event = parseEvent(JSON.parse(body));
  if (event.type !== 'source.notified') throw new SyntaxError('the message is no notice');
  return event;
}

const sourceIn = (data: Uint8Array): string => originOf(JSON.parse(Buffer.from(data).toString('utf8')) as { source: string }).source;

interface Message {
  readonly at: number;
  readonly body: string;
}

function cut(messages: readonly Message[]): Message[][] {
  const batches: { messages: Message[]; bytes: number }[] = [];
  for (const message of messages) {
    const last = batches.at(-1);
    if (last && last.messages.length < mostMessages && last.bytes + message.body.length <= mostBatchBytes) {
      last.messages.push(message);
      last.bytes += message.body.length;
    } else {
      batches.push({ messages: [message], bytes: message.body.length });
    }
  }
  return batches.map((batch) => batch.messages);
}

/**
 * The queues of all sources as one destination: each record is a notice and goes to the queue of its source,
 * `<prefix><source>`. What one queue does not take says nothing of the others.
 * @param prefix of the queues' names
 * @param withinMs a call without an answer is given up then
 */
export function noticeQueues(client: Pick<SQSClient, 'send'>, prefix: string, withinMs = 10_000): StreamPort {
  const within = () => ({ abortSignal: AbortSignal.timeout(withinMs) });
  const addresses = new Map<string, Promise<string | undefined>>();
  const addressOf = (source: string): Promise<string | undefined> => {
    const known = addresses.get(source);
    if (known) return known;
    const asked = client.send(new GetQueueUrlCommand({ QueueName: `${prefix}${source}` }), within()).then(({ QueueUrl }) => QueueUrl);
    addresses.set(source, asked);
    asked.catch(() => addresses.delete(source));
    return asked;
  };

  const put = async (records: readonly StreamRecord[]): Promise<readonly PutResult[]> => {
    const results: PutResult[] = records.map(() => ({ ok: false, code: 'no result for this message' }));
    const bySource = new Map<string, Message[]>();
    records.forEach(({ data }, at) => {
      const source = sourceIn(data);
      bySource.set(source, [...(bySource.get(source) ?? []), { at, body: messageOf(data) }]);
    });
    const send = async (source: string, messages: readonly Message[]): Promise<void> => {
      const Entries = messages.map(({ at, body }) => ({ Id: String(at), MessageBody: body }));
      try {
        const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: await addressOf(source), Entries }), within());
        for (const { Id } of answer.Successful ?? []) results[Number(Id)] = { ok: true };
        for (const { Id, Code } of answer.Failed ?? []) results[Number(Id)] = { ok: false, code: Code ?? 'unknown' };
      } catch (error) {
        for (const { at } of messages) results[at] = { ok: false, code: error instanceof Error ? error.name : 'unknown' };
      }
    };
    await Promise.all([...bySource].flatMap(([source, messages]) => cut(messages).map((batch) => send(source, batch))));
    return results;
  };
  return { put };
}

/** For functions that no notice can come from. */
export const noNotices: StreamPort = {
  put: () => Promise.reject(new Error('this function may not write to notice queues')),
};
