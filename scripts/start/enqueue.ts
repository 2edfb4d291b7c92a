import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { stageName } from './stage.ts';

/** Whether a source's messages come through a queue of ours, and not over HTTP. */
export const isQueued = (source: string): boolean => {
  const definition = findSource(source);
  return definition?.queue !== undefined && definition.verify === 'not-http';
};

/** Writes messages as vendors do, each into the queue of its source. */
export function enqueueWith(sqs: SQSClient): (source: string, body: string) => Promise<void> {
  const addresses = new Map<string, string | undefined>();
  return async (source, body) => {
    if (!addresses.has(source)) addresses.set(source, (await sqs.send(new GetQueueUrlCommand({ QueueName: `orderflow-${stageName}-intake-${source}` }))).QueueUrl);
    await sqs.send(new SendMessageCommand({ QueueUrl: addresses.get(source), MessageBody: body }));
  };
}
