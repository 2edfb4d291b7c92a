import {
  CancelMessageMoveTaskCommand, ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand, ListMessageMoveTasksCommand, ListQueuesCommand, ListQueueTagsCommand, PurgeQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient,
  StartMessageMoveTaskCommand, TagQueueCommand, UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Message, QueueAttributeName, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let sqs: SQSClient;
const made: string[] = [];

beforeAll(async () => {
  target = await conformanceTarget();
  sqs = new SQSClient({ ...target.client, maxAttempts: 1 });
});
afterAll(async () => {
  for (const QueueUrl of made) await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => undefined);
  sqs.destroy();
  await target.close();
});

async function queue(Attributes: Partial<Record<QueueAttributeName, string>> = {}, name = target.unique('queue')): Promise<string> {
  const QueueName = Attributes.FifoQueue === 'true' ? `${name}.fifo` : name;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  made.push(QueueUrl!);
  return QueueUrl!;
}
const attributes = async (QueueUrl: string) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes!;
const arnOf = async (QueueUrl: string): Promise<string> => (await attributes(QueueUrl))['QueueArn']!;
const send = (QueueUrl: string, MessageBody: string, more = {}) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], ...more }))).Messages ?? [];
const bodies = (messages: readonly Message[]) => messages.map((one) => one.Body).sort();

test('a queue is made once, found by its name, changed and deleted', async () => {
  const name = target.unique('made');
  const url = await queue({ VisibilityTimeout: '5' }, name);
  expect(await queue({ VisibilityTimeout: '5' }, name)).toBe(url);
  await expect(queue({ VisibilityTimeout: '6' }, name)).rejects.toMatchObject({ name: 'QueueNameExists' });
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(url);
  expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls).toEqual([url]);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '1', MessageRetentionPeriod: '60' } }));
  expect(await attributes(url)).toMatchObject({ VisibilityTimeout: '5', DelaySeconds: '1', MessageRetentionPeriod: '60', ApproximateNumberOfMessages: '0' });
  await expect(sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '43201' } }))).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1', b: '2' } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['a'] }));
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ b: '2' });
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await expect(send(url, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a message comes with its attributes, is hidden while it is worked on, and comes again', async () => {
  const url = await queue();
  const sent = await send(url, 'äöü', { MessageAttributes: { n: { DataType: 'Number', StringValue: '1' }, b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) } } });
  expect(sent.MD5OfMessageAttributes).toMatch(/^[\da-f]{32}$/);
  const [first] = await receive(url, { MessageAttributeNames: ['n'] });
  expect(first).toMatchObject({ Body: 'äöü', MessageId: sent.MessageId, MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } }, Attributes: { ApproximateReceiveCount: '1' } });
  expect(first!.MessageAttributes!['b']).toBeUndefined();
  expect(await receive(url)).toEqual([]);
  expect((await attributes(url))['ApproximateNumberOfMessagesNotVisible']).toBe('1');
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first!.ReceiptHandle!, VisibilityTimeout: 0 }));
  const [again] = await receive(url);
  expect(again!.Attributes).toMatchObject({ ApproximateReceiveCount: '2', ApproximateFirstReceiveTimestamp: first!.Attributes!['ApproximateFirstReceiveTimestamp'] });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again!.ReceiptHandle! }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again!.ReceiptHandle! }));
  expect((await attributes(url))['ApproximateNumberOfMessagesNotVisible']).toBe('0');
  await expect(sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'none' }))).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
});

test('a long poll ends with the message, and with the end of a delay', async () => {
  const url = await queue();
  const waiting = receive(url, { WaitTimeSeconds: 10 });
  await send(url, 'now');
  expect(bodies(await waiting)).toEqual(['now']);
  const began = Date.now();
  await send(url, 'later', { DelaySeconds: 1 });
  expect(bodies(await receive(url, { WaitTimeSeconds: 10 }))).toEqual(['later']);
  expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  expect(Date.now() - began).toBeLessThan(8000);
});

test('a batch fails by its entries', async () => {
  const url = await queue();
  const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: 'bad\u0000' }, { Id: 'c', MessageBody: '3' }] }));
  expect(batch.Successful!.map((one) => one.Id)).toEqual(['a', 'c']);
  expect(batch.Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'InvalidMessageContents' }]);
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: Array.from({ length: 11 }, (_, i) => ({ Id: String(i), MessageBody: 'x' })) }))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'x' }] }))).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  const got = await receive(url, { WaitTimeSeconds: 1 });
  const Entries = got.map((one, i) => ({ Id: String(i), ReceiptHandle: one.ReceiptHandle! }));
  expect((await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: Entries.map((one) => ({ ...one, VisibilityTimeout: 60 })) }))).Successful).toHaveLength(got.length);
  const gone = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...Entries, { Id: 'none', ReceiptHandle: 'none' }] }));
  expect(gone.Successful).toHaveLength(got.length);
  expect(gone.Failed).toMatchObject([{ Id: 'none', Code: 'ReceiptHandleIsInvalid' }]);
});

test('a message has its size limit', async () => {
  const url = await queue({ MaximumMessageSize: '1024' });
  await send(url, 'x'.repeat(1024));
  await expect(send(url, 'ä'.repeat(513))).rejects.toMatchObject({ message: expect.stringContaining('1024 bytes') as string });
});

test('dead letters are moved, and brought back', async () => {
  const dead = await queue();
  const deadArn = await arnOf(dead);
  const url = await queue({ VisibilityTimeout: '0', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 }) });
  expect((await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls).toEqual([url]);
  await send(url, 'poison');
  expect(await receive(url)).toHaveLength(1);
  expect(await receive(url)).toHaveLength(1);
  expect(await receive(url)).toEqual([]);
  const [letter] = await receive(dead, { VisibilityTimeout: 0, WaitTimeSeconds: 2 });
  expect(letter).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: await arnOf(url) } });
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadArn }));
  const [back] = await receive(url, { WaitTimeSeconds: 10 });
  expect(back).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
  expect(back!.MessageId).not.toBe(letter!.MessageId);
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadArn }));
  expect(Results).toMatchObject([{ Status: expect.stringMatching(/COMPLETED|RUNNING/) as string, SourceArn: deadArn, ApproximateNumberOfMessagesMoved: 1 }]);
  await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'bm9uZQ==' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: await arnOf(url) }))).rejects.toThrow();
});

test('a FIFO queue keeps the order of a group, one at a time, and takes a message once', async () => {
  const url = await queue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const first = await send(url, 'a1', { MessageGroupId: 'a' });
  expect((await send(url, 'a1', { MessageGroupId: 'a' })).MessageId).toBe(first.MessageId);
  await send(url, 'a2', { MessageGroupId: 'a' });
  await send(url, 'b1', { MessageGroupId: 'b', MessageDeduplicationId: 'own' });
  await expect(send(url, 'no group')).rejects.toThrow('MessageGroupId');
  const [a1] = await receive(url, { MaxNumberOfMessages: 1 });
  expect(a1).toMatchObject({ Body: 'a1', Attributes: { MessageGroupId: 'a', SequenceNumber: first.SequenceNumber } });
  // group a waits for a1
  const [b1, ...none] = await receive(url);
  expect([b1!.Body, b1!.Attributes!['MessageDeduplicationId'], none.length]).toEqual(['b1', 'own', 0]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: a1!.ReceiptHandle! }));
  expect(bodies(await receive(url, { WaitTimeSeconds: 2 }))).toEqual(['a2']);
});

test('a queue is purged', async () => {
  const url = await queue();
  await send(url, 'x');
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  await expect(sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  if (target.own) expect(await receive(url)).toEqual([]);
});

test('older clients speak the query protocol', async () => {
  const url = await queue();
  const name = url.split('/').at(-1)!;
  const ask = async (path: string, fields: Record<string, string>) => {
    const answer = await fetch(new URL(path, target.client.endpoint), {
      method: 'POST', body: new URLSearchParams({ Version: '2012-11-05', ...fields }),
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=local' },
    });
    return { status: answer.status, text: await answer.text() };
  };
  if (!target.own) return;
  const sent = await ask(`/000000000000/${name}`, { Action: 'SendMessage', MessageBody: 'a & <b>', 'MessageAttribute.1.Name': 'k', 'MessageAttribute.1.Value.DataType': 'String', 'MessageAttribute.1.Value.StringValue': 'v' });
  expect(sent).toMatchObject({ status: 200, text: expect.stringMatching(/<SendMessageResult>.*<MessageId>/) as string });
  const got = await ask('/', { Action: 'ReceiveMessage', QueueUrl: url, 'AttributeName.1': 'ApproximateReceiveCount', 'MessageAttributeName.1': 'All' });
  expect(got.text).toContain('<Body>a &#38; &#60;b&#62;</Body>');
  expect(got.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
  expect(got.text).toContain('<MessageAttribute><Name>k</Name>');
  const missing = await ask('/', { Action: 'GetQueueUrl', QueueName: target.unique('none') });
  expect(missing).toMatchObject({ status: 400, text: expect.stringContaining('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>') as string });
  const unknown = await ask('/', { Action: 'Unheard' });
  expect(unknown).toMatchObject({ status: 400, text: expect.stringContaining('<Code>InvalidAction</Code>') as string });
});
