import type { QueueMessage, StorageFront } from '../storage/front.ts';
import type { InvocationResult } from '../lambda/function.ts';
import { compileFilters } from './filter.ts';
import { nameOfArn, type MappingDefinition } from './mapping.ts';
import { queueFailures } from './outcome.ts';
import type { RunningMapping } from './running.ts';

export interface SqsMappingOptions {
  readonly storage: Pick<StorageFront, 'receive' | 'deleteMessages'>;
  readonly region: string;
  invoke(functionName: string, payload: string): Promise<InvocationResult>;
}

const LONG_POLL_SECONDS = 20;
const MAX_RECEIVE = 10;

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
const eventOf = (mapping: MappingDefinition, region: string, messages: readonly QueueMessage[]): string =>
  JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: message.attributes,
      messageAttributes: message.messageAttributes,
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: mapping.sourceArn,
      awsRegion: region,
    })),
  });

/** Long polls a queue; what failed stays and comes back when its visibility ends, up to the queue's redrive policy. */
export function startSqsMapping(mapping: MappingDefinition, options: SqsMappingOptions): RunningMapping {
  const { storage } = options;
  const queue = nameOfArn(mapping.sourceArn);
  const filter = compileFilters(mapping.filters, 'body');
  const loops: Promise<void>[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const isStopped = (): boolean => signal.aborted;
  let held = 0;

  const collect = async (): Promise<QueueMessage[]> => {
    const messages = await storage.receive(queue, { max: Math.min(mapping.batchSize, MAX_RECEIVE), waitSeconds: LONG_POLL_SECONDS });
    const until = Date.now() + mapping.windowSeconds * 1000;
    while (messages.length > 0 && messages.length < mapping.batchSize && !isStopped()) {
      const left = Math.ceil((until - Date.now()) / 1000);
      const more = await storage.receive(queue, { max: Math.min(mapping.batchSize - messages.length, MAX_RECEIVE), waitSeconds: Math.max(0, Math.min(left, LONG_POLL_SECONDS)) });
      if (more.length === 0 && left <= 0) break;
      messages.push(...more);
    }
    return messages;
  };
  const deliver = async (messages: readonly QueueMessage[]): Promise<void> => {
    const wanted = filter ? messages.filter((message) => filter(message.body, {})) : messages;
    // What no filter names is deleted, as AWS does for queues.
    const dropped = filter ? messages.filter((message) => !wanted.includes(message)) : [];
    const done = dropped.map((message) => message.receiptHandle);
    if (wanted.length > 0) {
      const result = await options.invoke(mapping.functionName, eventOf(mapping, options.region, wanted));
      const failed = queueFailures(result, wanted.map((message) => message.messageId), mapping.reportsItemFailures);
      done.push(...wanted.filter((message) => !failed.includes(message.messageId)).map((message) => message.receiptHandle));
    }
    for (let at = 0; at < done.length; at += MAX_RECEIVE) await storage.deleteMessages(queue, done.slice(at, at + MAX_RECEIVE));
  };
  const loop = async (): Promise<void> => {
    while (!isStopped()) {
      try {
        const messages = await collect();
        if (messages.length === 0 || isStopped()) continue;
        held += messages.length;
        await deliver(messages).finally(() => (held -= messages.length));
      } catch (error) {
        if (isStopped()) return;
        process.stderr.write(`local cloud: queue mapping of ${mapping.functionName}: ${String(error)}\n`);
        await new Promise((wait) => setTimeout(wait, 1000).unref());
      }
    }
  };
  for (let count = 0; count < Math.min(mapping.maximumConcurrency ?? 2, 5); count += 1) loops.push(loop());
  return {
    definition: mapping,
    flush: () => undefined,
    activity: () => ({ records: held, unread: false }),
    stop() {
      // A waiting long poll is left to end with the connection; nothing that it brings is taken any more.
      stopping.abort();
      return Promise.resolve();
    },
  };
}
