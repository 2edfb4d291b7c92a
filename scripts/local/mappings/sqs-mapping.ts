import type { QueueMessage, StorageFront } from '../storage/front.ts';
import { compileFilters } from './filter.ts';
import { BATCH_BYTES } from './kinesis-event.ts';
import { nameOfArn, type MappingDefinition } from './mapping.ts';
import { queueFailures } from './outcome.ts';
import { pause } from './pause.ts';
import type { MappingPorts } from './ports.ts';
import type { RunningMapping } from './running.ts';
import { messageBytes, messageRecord } from './sqs-event.ts';

export interface SqsMappingOptions extends MappingPorts {
  readonly storage: Pick<StorageFront, 'receive' | 'deleteMessages' | 'changeVisibility'>;
  /** Invocations wait for an environment of the function: more at a time would only let messages grow old. */
  saturated?(functionName: string): boolean;
}

const LONG_POLL_SECONDS = 20;
const MAX_RECEIVE = 10;
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
const FIRST_CONCURRENCY = 5;
const MOST_CONCURRENCY = 1000;
const MORE_A_SECOND = 5;
const AGAIN_MS = 1000;

/**
 * Polls a queue and invokes with batches, five at a time and more while there are messages, never more than the maximum concurrency.
 * What failed stays and comes back when its visibility ends, up to the queue's redrive policy; what no filter names is deleted.
 */
export function startSqsMapping(mapping: MappingDefinition, options: SqsMappingOptions): RunningMapping {
  const { storage, clock } = options;
  const queue = nameOfArn(mapping.sourceArn);
  const filter = compileFilters(mapping.filters, 'body');
  const stopping = new AbortController();
  const { signal } = stopping;
  const most = mapping.maximumConcurrency ?? MOST_CONCURRENCY;
  const running = new Set<Promise<void>>();
  let allowed = Math.min(most, FIRST_CONCURRENCY);
  let grownAt = clock.now();
  let freed = (): void => undefined;
  let flushed = new AbortController();
  let held = 0;
  let lastProblem = '';

  const ask = async (operation: string): Promise<void> => {
    const refusal = await options.ask?.(mapping, operation);
    if (refusal) throw refusal;
  };
  const receive = async (max: number, waitSeconds: number, given: AbortSignal): Promise<QueueMessage[]> => {
    await ask('ReceiveMessage');
    return storage.receive(queue, { max: Math.min(max, MAX_RECEIVE), waitSeconds, signal: given });
  };
  /** A batch: what one receive brings, and with a window what comes until it is over or the batch is full. */
  const collect = async (): Promise<QueueMessage[]> => {
    const messages = await receive(mapping.batchSize, LONG_POLL_SECONDS, signal);
    held += messages.length;
    if (messages.length === 0 || mapping.windowSeconds === 0) return messages;
    const until = clock.now() + mapping.windowSeconds * 1000;
    flushed = new AbortController();
    const over = AbortSignal.any([signal, flushed.signal]);
    let bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
    while (messages.length < mapping.batchSize && bytes < BATCH_BYTES && !over.aborted) {
      const left = (until - clock.now()) / 1000;
      if (left <= 0) break;
      // what is gathered goes to the function whatever becomes of the rest
      const more = await receive(mapping.batchSize - messages.length, Math.min(left, LONG_POLL_SECONDS), over).catch((error: unknown) => {
        problem(error);
        return undefined;
      });
      if (!more) break;
      held += more.length;
      bytes += more.reduce((sum, message) => sum + messageBytes(message), 0);
      messages.push(...more);
    }
    return messages;
  };
  const remove = async (messages: readonly QueueMessage[]): Promise<void> => {
    if (messages.length === 0) return;
    await ask('DeleteMessage');
    await storage.deleteMessages(queue, messages.map((message) => message.receiptHandle));
  };
  const deliver = async (messages: readonly QueueMessage[]): Promise<void> => {
    const records = messages.map((message) => messageRecord(mapping, options.region, message));
    const result = await options.invoke(mapping.functionName, JSON.stringify({ Records: records }));
    options.report(mapping, result.functionError ? 'PROBLEM: Function call failed' : 'OK');
    const failed = new Set(queueFailures(result, messages.map((message) => message.messageId), mapping.reportsItemFailures));
    await remove(messages.filter((message) => !failed.has(message.messageId)));
  };
  const problem = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    options.report(mapping, `PROBLEM: ${message}`);
    if (message === lastProblem) return;
    lastProblem = message;
    process.stderr.write(`local cloud: queue mapping of ${mapping.functionName}: ${message}\n`);
  };
  /** Invokes without waiting for the end; several times where the payload limit asks for it. */
  const start = (batch: readonly QueueMessage[]): void => {
    const work = inPayloads(batch).reduce((before, part) => before.then(() => deliver(part)), Promise.resolve()).catch(problem).finally(() => {
      held -= batch.length;
      running.delete(work);
      freed();
    });
    running.add(work);
  };
  const room = async (): Promise<void> => {
    const seconds = (clock.now() - grownAt) / 1000;
    if (running.size >= allowed && seconds >= 1 && options.saturated?.(mapping.functionName) !== true) {
      allowed = Math.min(most, allowed + MORE_A_SECOND * Math.floor(seconds));
      grownAt = clock.now();
    }
    while (running.size >= allowed && !signal.aborted) {
      await Promise.race([new Promise<void>((resolve) => (freed = resolve)), pause(clock, AGAIN_MS, signal)]);
      if (running.size >= allowed) return room();
    }
  };
  const giveBack = (messages: readonly QueueMessage[]): Promise<unknown> =>
    Promise.all(messages.map((message) => storage.changeVisibility(queue, message.receiptHandle, 0))).catch(() => undefined);

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await room();
        if (stopped(signal)) return;
        if (running.size === 0) {
          allowed = Math.min(most, FIRST_CONCURRENCY);
          grownAt = clock.now();
        }
        const messages = await collect();
        if (stopped(signal)) {
          held -= messages.length;
          await giveBack(messages);
          return;
        }
        const wanted = filter ? messages.filter((message) => filter(message.body, () => messageRecord(mapping, options.region, message))) : messages;
        const unwanted = filter ? messages.filter((message) => !wanted.includes(message)) : [];
        held -= unwanted.length;
        if (wanted.length > 0) start(wanted);
        await remove(unwanted);
      } catch (error) {
        if (stopped(signal)) return;
        problem(error);
        await pause(clock, AGAIN_MS, signal);
      }
    }
  };
  const polling = loop();
  return {
    definition: mapping,
    flush: () => flushed.abort(),
    activity: () => ({ records: held, unread: false }),
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

/** Asked anew after an await, which type narrowing does not see. */
const stopped = (signal: AbortSignal): boolean => signal.aborted;

/** Parts of a batch that each fit into an invocation; the messages of a FIFO queue stay in order. */
function inPayloads(batch: readonly QueueMessage[]): QueueMessage[][] {
  const parts: QueueMessage[][] = [];
  let bytes = Infinity;
  for (const message of batch) {
    const size = messageBytes(message);
    if (bytes + size > BATCH_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(message);
    bytes += size;
  }
  return parts;
}
