import http from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { workerData } from 'node:worker_threads';
import { openGate } from '../gate/checkpoints.ts';
import type { GateRules } from '../gate/checkpoints.ts';
import type { GatedCall } from '../gate/gate.ts';
import { listen } from '../listen.ts';
import { callerOf, readBody } from '../request.ts';
import { serveMain, tellFailed, tellReady } from '../worker-side.ts';
import { openObjectStorage } from './object-storage.ts';
import { messageFor, publishedIn } from './published.ts';
import { openQueuesAndTopics } from './queues-and-topics.ts';
import type { FauxqsReply, FauxqsRequest } from './queues-and-topics.ts';
import { s3, s3Operation } from './s3.ts';
import { TopicJournal } from './topic-journal.ts';

const { dataDir, host } = workerData as { dataDir: string; host: string };
const PUSHED = ['email', 'email-json', 'lambda'];

try {
  const storage = openObjectStorage(dataDir);
  const journal = new TopicJournal(join(dataDir, 'deliveries.db'));

  const push = (request: FauxqsRequest, reply: FauxqsReply, answer: string): void => {
    const form = request.body as Record<string, string> | null | undefined;
    if (reply.statusCode !== 200 || !form) return;
    for (const published of publishedIn(form, answer)) {
      for (const subscription of topics.subscribers(published.topicArn, PUSHED, published.attributes, published.message)) {
        const { topicArn, messageId, subject } = published;
        const message = messageFor(published, subscription.protocol);
        const delivery = {
          protocol: subscription.protocol, topicArn, messageId, message, subscriptionArn: subscription.arn, endpoint: subscription.endpoint, at: Date.now(),
          ...(subject !== undefined && { subject }),
          attributes: Object.fromEntries(Object.entries(published.attributes).map(([name, value]) => [name, { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue ?? '' }])),
        };
        main.event('delivery', { id: journal.add(delivery), delivery });
      }
    }
  };
  const gate = openGate((report) => main.event('gate', report));
  const callOf = (request: FauxqsRequest): GatedCall => {
    const target = request.headers['x-amz-target'];
    const { accessKeyId, service } = callerOf(request.headers['authorization'], '', target);
    const fields = request.body as Record<string, unknown> & { Action?: string } | undefined;
    return { accessKeyId, service, operation: target === undefined ? (fields?.Action ?? '') : target.slice(target.lastIndexOf('.') + 1), path: '/', headers: request.headers, input: () => fields ?? {} };
  };
  const count = (request: FauxqsRequest, reply: FauxqsReply): void => {
    const caller = callOf(request);
    const { operation } = caller;
    if (reply.statusCode === 400 && operation === '') process.stderr.write('local cloud: a request that neither S3, SQS nor SNS understands\n');
    main.count(caller.accessKeyId, caller.service, operation, reply.statusCode, Number(request.headers['content-length'] ?? 0), Number(reply.getHeader('content-length') ?? 0));
  };
  const fauxqs = import.meta.resolve('fauxqs');
  const topics = await openQueuesAndTopics(dataDir, fauxqs, { onAnswer: push, onServed: count, gate, callOf });

  const serveS3 = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const body = await readBody(request, true);
    const read = { method: request.method ?? 'GET', bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join('/')), query: url.searchParams, headers: request.headers as Record<string, string>, body };
    const { accessKeyId } = callerOf(request.headers.authorization, request.url ?? '', undefined);
    const call = { accessKeyId, service: 's3', operation: s3Operation(read), path: url.pathname, headers: request.headers, input: () => ({}) };
    const asked = gate.before(call);
    const refusal = asked instanceof Promise ? await asked : asked;
    const answer = s3(storage, read, refusal);
    const length = answer.body instanceof Readable ? Number(answer.headers?.['content-length']) : Buffer.byteLength(answer.body ?? '');
    main.count(accessKeyId, 's3', answer.operation, answer.status, body.length, length);
    if (!refusal && gate.after(call) === 'lost') return void response.destroy();
    response.writeHead(answer.status, { ...answer.headers, ...(request.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304 && { 'content-length': length }), 'x-amz-request-id': 'LOCAL' });
    if (answer.body instanceof Readable) answer.body.on('error', () => response.destroy()).pipe(response);
    else response.end(answer.body);
  };
  const server = http.createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    const target = request.headers['x-amz-target'] as string | undefined;
    const { service } = callerOf(request.headers.authorization, request.url ?? '', target);
    if (service === 'sqs' || service === 'sns') return topics.serve(request, response);
    serveS3(request, response).catch(() => response.destroy());
  });

  const receive = async ({ queue: name, max, waitSeconds, visibilitySeconds }: { queue: string; max: number; waitSeconds: number; visibilitySeconds?: number }): Promise<unknown> => {
    const queue = need(name);
    let found = queue.dequeue(max, visibilitySeconds, topics.deadLetter);
    if (found.length === 0 && waitSeconds > 0) {
      await queue.waitForMessages(waitSeconds);
      found = queue.dequeue(max, visibilitySeconds, topics.deadLetter);
    }
    return found.map((one) => {
      const message = queue.inflightMessages.get(one.ReceiptHandle)?.message;
      const attributes = message && {
        ApproximateReceiveCount: message.approximateReceiveCount, SentTimestamp: message.sentTimestamp, SenderId: '000000000000',
        ApproximateFirstReceiveTimestamp: message.approximateFirstReceiveTimestamp, MessageGroupId: message.messageGroupId,
        SequenceNumber: message.sequenceNumber, MessageDeduplicationId: message.messageDeduplicationId,
      };
      return {
        messageId: one.MessageId, receiptHandle: one.ReceiptHandle, body: one.Body, md5OfBody: one.MD5OfBody, messageAttributes: one.MessageAttributes ?? {},
        attributes: Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== undefined).map(([key, value]) => [key, String(value)])),
      };
    });
  };
  const need = (name: string): NonNullable<ReturnType<typeof topics.queue>> => {
    const queue = topics.queue(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  };

  const main = serveMain(
    {
      watch: (bucket: string) => storage.buckets.watch(bucket),
      unsettled: () => ({ objects: storage.objects.unsettled(), deliveries: journal.unsettled() }),
      settleObject: (id: number) => storage.objects.settle(id),
      settleDelivery: (id: number) => journal.settle(id),
      receive,
      gate: (rules: GateRules) => gate.tell(rules),
      deleteMessages: ({ queue, receipts }: { queue: string; receipts: string[] }) => receipts.forEach((receipt) => need(queue).deleteMessage(receipt)),
      changeVisibility: ({ queue, receipt, seconds }: { queue: string; receipt: string; seconds: number }) => need(queue).changeVisibility(receipt, seconds),
    },
    async () => {
      server.close();
      server.closeAllConnections();
      await topics.close();
      storage.close();
      journal.close();
    },
  );
  storage.objects.onNotice = (id, created) => main.event('object', { id, created });
  tellReady(await listen(server, 0, host));
} catch (error) {
  tellFailed(error);
}
