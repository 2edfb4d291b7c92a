import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../../service.ts';
import { openMessaging } from '../messaging.ts';
import type { Messaging } from '../messaging.ts';
import { SQS_OPERATIONS } from './operations.ts';
import type { Queue } from './queues.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-queues-'));
let now = Date.parse('2026-11-22T10:00:00Z');
let messaging: Messaging;
const open = () => (messaging = openMessaging(folder, () => now));
beforeAll(open);
afterAll(() => {
  messaging.close();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const queue = (attributes: Record<string, string> = {}): Queue => messaging.queues.create(`queue-${(made += 1)}${attributes['FifoQueue'] ? '.fifo' : ''}`, attributes, {});
const send = (to: Queue, body: string, more: object = {}) => messaging.messages.send(to, { body, attributes: {}, ...more });
const receive = (from: Queue, max = 10) => messaging.messages.receive(from, max);

test('a message is visible again when its time is over, and gone after its retention', () => {
  const one = queue({ VisibilityTimeout: '30', MessageRetentionPeriod: '60' });
  send(one, 'x');
  expect(receive(one)).toHaveLength(1);
  now += 29_000;
  expect(receive(one)).toHaveLength(0);
  expect(messaging.messages.nextReady(one)).toBe(now + 1000);
  now += 1000;
  expect(receive(one)[0]!.system['ApproximateReceiveCount']).toBe('2');
  now += 40_000;
  expect(receive(one)).toHaveLength(0);
  expect(messaging.messages.count(one)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a dead letter keeps its age and tells where it comes from; brought back it is new', () => {
  const dead = queue();
  const one = queue({ VisibilityTimeout: '0', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }) });
  const { messageId } = send(one, 'x');
  const sentAt = String(now);
  receive(one);
  now += 5000;
  expect(receive(one)).toHaveLength(0);
  const [letter] = receive(dead);
  expect(letter).toMatchObject({ messageId, system: { SentTimestamp: sentAt, DeadLetterQueueSourceArn: one.arn } });
  messaging.messages.changeVisibility(dead, letter!.receiptHandle, 0);
  messaging.moves.start(dead.arn, undefined, undefined);
  const [back] = receive(one);
  expect(back).toMatchObject({ body: 'x', system: { SentTimestamp: String(now), ApproximateReceiveCount: '1' } });
  expect(back!.messageId).not.toBe(messageId);
});

test('a redrive that a kill has stopped goes on', async () => {
  const dead = queue();
  const to = queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }) });
  for (let i = 0; i < 5; i++) send(dead, String(i));
  messaging.moves.start(dead.arn, to.arn, 2);
  expect(messaging.messages.count(to).visible).toBe(2);
  messaging.close();
  open();
  expect(messaging.messages.count(messaging.queues.need(to.name)).visible).toBe(4);
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (messaging.messages.count(messaging.queues.need(to.name)).visible < 5) return;
      clearInterval(look);
      resolve();
    }, 20);
  });
  expect(messaging.moves.list(messaging.queues.need(dead.name), 1)).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 5, ApproximateNumberOfMessagesToMove: 5 }]);
});

test('a queue of a group-wise deduplication takes the same message once a group, for five minutes', () => {
  const fifo = queue({ FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
  const ids = ['a', 'b', 'a'].map((group) => send(fifo, 'x', { group, deduplication: 'same' }).messageId);
  expect(new Set(ids).size).toBe(2);
  now += 300_001;
  expect(ids).not.toContain(send(fifo, 'x', { group: 'a', deduplication: 'same' }).messageId);
});

test('an old receipt deletes nothing; what a caller is told has failed was not sent', async () => {
  const one = queue({ VisibilityTimeout: '0' });
  send(one, 'x');
  const [first] = receive(one);
  receive(one);
  messaging.messages.delete(one, first!.receiptHandle);
  expect(messaging.messages.count(one).visible).toBe(1);
  messaging.messages.purge(one);
  const failing = () => new Map([['b', new AwsError('RequestThrottled', 'slow down', 503)]]);
  const answer = await SQS_OPERATIONS['SendMessageBatch']!(messaging, { QueueUrl: one.name, Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: '2' }] }, { host: 'local', failing });
  expect(answer).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'RequestThrottled', SenderFault: false }] });
  expect(receive(one).map((message) => message.body)).toEqual(['1']);
});

test('one that hangs up takes no message with it', async () => {
  const one = queue();
  const gone = new AbortController();
  const waiting = messaging.polls.receive(one, 1, 20, undefined, gone.signal);
  gone.abort();
  expect(await waiting).toEqual([]);
  send(one, 'x');
  expect(receive(one)).toHaveLength(1);
});
