import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../../service.ts';
import { openMessaging } from '../messaging.ts';
import { SNS_OPERATIONS } from './operations.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-topics-'));
const messaging = openMessaging(folder);
const { topics, publisher, queues, messages } = messaging;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const text = (message: string) => ({ message, structured: false, attributes: {} });

test('a delivery is on disk until it is settled, or a dead letter', () => {
  const topic = topics.create('deliveries', {}, {});
  const dead = queues.create('deliveries-dead', {}, {});
  topics.subscribe(topic.arn, 'lambda', 'arn:aws:lambda:eu-west-1:000000000000:function:one', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) });
  publisher.publish(topic.arn, text('1'));
  publisher.publish(topic.arn, text('2'));
  const [one, two] = publisher.unsettled();
  expect([one!.delivery.message, two!.delivery.message]).toEqual(['1', '2']);
  publisher.settle(one!.id);
  publisher.fail(two!.id, 'the function is gone');
  expect(publisher.unsettled()).toEqual([]);
  expect(JSON.parse(messages.receive(dead, 1)[0]!.body)).toMatchObject({ Type: 'Notification', Message: '2' });
});

test('what nobody can take is dropped, and said', () => {
  const topic = topics.create('dropped', {}, {});
  topics.subscribe(topic.arn, 'sqs', 'arn:aws:sqs:eu-west-1:000000000000:none', {});
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  publisher.publish(topic.arn, text('x'));
  expect(said).toHaveBeenCalledWith(expect.stringContaining('the queue does not exist'));
  said.mockRestore();
});

test('a pending subscription gets nothing until its token confirms it', () => {
  const topic = topics.create('pending', {}, {});
  const { arn, token } = topics.subscribe(topic.arn, 'email', 'staff@example.com', {});
  topics.setConfirmed(arn, false);
  publisher.publish(topic.arn, text('unseen'));
  expect(publisher.unsettled()).toEqual([]);
  SNS_OPERATIONS['ConfirmSubscription']!({ topics, publisher }, { TopicArn: topic.arn, Token: token }, {});
  publisher.publish(topic.arn, text('seen'));
  expect(publisher.unsettled().map((one) => one.delivery.message)).toEqual(['seen']);
});

test('entries fail on request', () => {
  const topic = topics.create('batches', {}, {});
  const failing = () => new Map([['a', new AwsError('Throttled', 'slow down', 500)]]);
  expect(SNS_OPERATIONS['PublishBatch']!({ topics, publisher }, { TopicArn: topic.arn, PublishBatchRequestEntries: [{ Id: 'a', Message: '1' }, { Id: 'b', Message: '2' }] }, { failing }))
    .toMatchObject({ Successful: [{ Id: 'b' }], Failed: [{ Id: 'a', Code: 'Throttled', SenderFault: false }] });
});

test('topics and subscriptions are there after a restart', () => {
  const topic = topics.create('kept', { DisplayName: 'Kept' }, { a: 'b' });
  topics.subscribe(topic.arn, 'email', 'a@example.com', { FilterPolicy: '{"k":["v"]}' });
  messaging.close();
  const again = openMessaging(folder);
  expect(again.topics.need(topic.arn)).toEqual(topic);
  const [subscription] = again.topics.subscriptions(topic.arn);
  expect(subscription!.passes('x', { k: { DataType: 'String', StringValue: 'v' } })).toBe(true);
  expect(subscription!.passes('x', {})).toBe(false);
  again.close();
});
