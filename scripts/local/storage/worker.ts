import { hash } from 'node:crypto';
import http from 'node:http';
import { workerData } from 'node:worker_threads';
import { judgeService } from '../gate/access/judge.ts';
import { compiledPolicy } from '../gate/access/policy.ts';
import { openGate } from '../gate/checkpoints.ts';
import type { GateRules } from '../gate/checkpoints.ts';
import { listen } from '../listen.ts';
import { callerOf } from '../request.ts';
import { AwsError } from '../service.ts';
import { serveMain, tellFailed, tellReady } from '../worker-side.ts';
import { openMessaging } from './messaging.ts';
import { expireObjects } from './s3/lifecycle.ts';
import { openObjectStorage } from './s3/object-storage.ts';
import { serveMessages } from './serve-messages.ts';
import { serveS3 } from './serve-s3.ts';
import type { Queue } from './sqs/queues.ts';

/** AWS looks at lifecycles about once a day. */
const EXPIRE_EVERY_MS = 3_600_000;
const { dataDir, host } = workerData as { dataDir: string; host: string };

try {
  const storage = openObjectStorage(dataDir);
  const messaging = openMessaging(dataDir);
  const { queues, messages, polls, topics, publisher } = messaging;
  const gate = openGate((report) => main.event('gate', report));

  const queue = (name: string): Queue => {
    const found = queues.find(name);
    if (!found) throw new AwsError('QueueDoesNotExist', `there is no queue ${name}`);
    return found;
  };
  const waits = new Map<number, AbortController>();
  const main = serveMain(
    {
      watch: (bucket: string) => storage.buckets.watch(bucket),
      unsettled: () => ({ objects: storage.objects.unsettled(), deliveries: publisher.unsettled() }),
      settleObject: (id: number) => storage.objects.settle(id),
      settleDelivery: (id: number) => publisher.settle(id),
      failDelivery: ({ id, reason }: { id: number; reason: string }) => publisher.fail(id, reason),
      receive: async ({ queue: name, wait, max, waitSeconds, visibilitySeconds }: { queue: string; wait: number; max: number; waitSeconds: number; visibilitySeconds?: number }) => {
        const gone = new AbortController();
        waits.set(wait, gone);
        const found = await polls.receive(queue(name), max, waitSeconds, visibilitySeconds, gone.signal).finally(() => waits.delete(wait));
        return found.map(({ messageId, receiptHandle, body, attributes, system }) => ({ messageId, receiptHandle, body, md5OfBody: hash('md5', body), attributes: system, messageAttributes: attributes }));
      },
      hangUp: (wait: number) => waits.get(wait)?.abort(),
      deleteMessages: ({ queue: name, receipts }: { queue: string; receipts: string[] }) => receipts.forEach((receipt) => messages.delete(queue(name), receipt)),
      changeVisibility: ({ queue: name, receipt, seconds }: { queue: string; receipt: string; seconds: number }) => messages.changeVisibility(queue(name), receipt, seconds),
      publish: ({ topicArn, message, subject }: { topicArn: string; message: string; subject?: string }) => publisher.publish(topicArn, { message, structured: false, attributes: {}, ...(subject !== undefined && { subject }) }),
      subscriptions: () => topics.subscriptions().map(({ arn, topicArn, protocol, endpoint, confirmed, token }) => ({ arn, topicArn, protocol, endpoint, confirmed, token })),
      setConfirmed: ({ arn, confirmed }: { arn: string; confirmed: boolean }) => topics.setConfirmed(arn, confirmed),
      gate: (rules: GateRules) => gate.tell(rules),
    },
    () => {
      server.close();
      server.closeAllConnections();
      messaging.close();
      storage.close();
    },
  );
  const onMessages = serveMessages(messaging, gate, main);
  const onS3 = serveS3(storage, gate, main);
  const server = http.createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    const caller = callerOf(request.headers.authorization, request.url ?? '', request.headers['x-amz-target'] as string | undefined);
    const served = caller.service === 'sqs' || caller.service === 'sns' ? onMessages(request, response, caller) : onS3(request, response);
    served.catch(() => response.destroy());
  });
  setInterval(() => expireObjects(storage), EXPIRE_EVERY_MS).unref();
  storage.objects.onNotice = (id, created) => main.event('object', { id, created });
  publisher.mayDeliver = ({ arn, attributes }, topicArn) => judgeService(compiledPolicy(attributes['Policy']), 'sns.amazonaws.com', 'sqs:SendMessage', arn, topicArn) === 'allowed';
  publisher.onDelivery = (id, delivery) => main.event('delivery', { id, delivery });
  tellReady(await listen(server, 0, host));
} catch (error) {
  tellFailed(error);
}
