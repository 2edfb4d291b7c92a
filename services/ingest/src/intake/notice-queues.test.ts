import { GetQueueUrlCommand, type SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { orderCreatedEvent } from '@orderflow/shared/testing';
import { messageOf, mostBatchBytes, noticeIn, noticeQueues } from './notice-queues.ts';

const notice = (source: string, id: string, ids: readonly string[] = [id]) => ({
  ...orderCreatedEvent(), id: id.padStart(32, '0'), source: `/sources/${source}/default`, type: 'source.notified' as const,
  data: { notice: { topic: 'order.create', ids } },
});
const record = (source: string, id: string, ids?: readonly string[]) => ({ partitionKey: id, data: Buffer.from(JSON.stringify(notice(source, id, ids))) });

/** A client that keeps what it is told; `answer` may refuse. */
function client(answer: (input: SendMessageBatchCommand['input']) => unknown = ({ Entries = [] }) => ({ Successful: Entries.map(({ Id }) => ({ Id })) })) {
  const calls: SendMessageBatchCommand['input'][] = [];
  const send = async (command: SendMessageBatchCommand | GetQueueUrlCommand) => {
    if (command instanceof GetQueueUrlCommand) return { QueueUrl: `https://q/${command.input.QueueName}` };
    const { input } = command;
    calls.push(input);
    return answer(input);
  };
  return { calls, client: { send } as unknown as SQSClient };
}

describe('the queues of thin notices', () => {
  it('are one for each source, ten messages a call', async () => {
    const { calls, client: sqs } = client();
    const records = [...Array.from({ length: 12 }, (_, at) => record('ecwid', `${at}`)), record('etsy', '99')];
    expect(await noticeQueues(sqs, 'notices-').put(records)).toEqual(records.map(() => ({ ok: true })));
    expect(calls.map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length]).sort()).toEqual([
      ['https://q/notices-ecwid', 10], ['https://q/notices-ecwid', 2], ['https://q/notices-etsy', 1],
    ]);
  });

  it('get no call above their quota of bytes', async () => {
    const { calls, client: sqs } = client();
    const many = Array.from({ length: 100 }, () => 'é'.repeat(100));
    await noticeQueues(sqs, 'q-').put(Array.from({ length: 6 }, (_, at) => record('ecwid', `${at}`, many)));
    const bytes = calls.map(({ Entries = [] }) => Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody ?? ''), 0));
    expect(calls.length).toBeGreaterThan(1);
    for (const size of bytes) expect(size).toBeLessThanOrEqual(mostBatchBytes);
  });

  it('say of each message whether it was taken, whatever becomes of the others', async () => {
    const { client: sqs } = client(({ QueueUrl, Entries = [] }) => {
      if (QueueUrl === 'https://q/q-etsy') throw Object.assign(new Error('no'), { name: 'QueueDoesNotExist' });
      return { Successful: [{ Id: Entries[0]?.Id }], Failed: [{ Id: Entries[1]?.Id, Code: 'InternalError' }] };
    });
    expect(await noticeQueues(sqs, 'q-').put([record('ecwid', '1'), record('etsy', '2'), record('ecwid', '3'), record('ecwid', '4')])).toEqual([
      { ok: true }, { ok: false, code: 'QueueDoesNotExist' }, { ok: false, code: 'InternalError' }, { ok: false, code: 'no result for this message' },
    ]);
  });

  it('carry any text unharmed', () => {
    const { data } = record('ecwid', '1', ['é\uffff\u0007 𝄞']);
    const body = messageOf(data);
    expect(body).toMatch(/^[\x20-\x7e]+$/);
    expect(noticeIn(body).data.notice.ids).toEqual(['é\uffff\u0007 𝄞']);
    expect(() => noticeIn(JSON.stringify(orderCreatedEvent()))).toThrow('no notice');
  });
});
