import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SNSClient } from '@aws-sdk/client-sns';
import { isAddress, MemoryMailer, withMode, type Mailer } from './mailer.ts';
import { renderMail } from './render-mail.ts';
import { NoticeNotSent, NoticeOutcomeUnknown, readSendError, sendOnce } from './send-outcome.ts';
import { sesMailer } from './ses-mailer.ts';
import { snsNotifier } from './sns-notifier.ts';
import { subjectOf, type AlertNotice, type PackagingNotice } from './staff-message.ts';

const mail = renderMail('delivered', { shop: 'Acme', orderNumber: '1001' });
const message = { to: 'ada@example.com', mail, idempotency: 'acme:default:1001#delivered' };
const noWait = () => Promise.resolve();

/** An SDK client that answers from a list: an error is thrown, anything else returned. */
const client = (...answers: unknown[]) => {
  const inputs: { input: Record<string, unknown> }[] = [];
  const send = (command: { input: Record<string, unknown> }) => {
    inputs.push(command);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { inputs, ses: { send } as unknown as SESv2Client, sns: { send } as unknown as SNSClient };
};
const sdkError = (name: string, status?: number, code?: string) =>
  Object.assign(new Error(name), { name, ...(code ? { code } : {}), ...(status ? { $metadata: { httpStatusCode: status } } : {}) });

describe('readSendError', () => {
  it.each([
    [sdkError('TooManyRequestsException', 429), NoticeNotSent],
    [sdkError('ServiceUnavailable', 503), NoticeNotSent],
    [sdkError('SendingPausedException', 400), NoticeNotSent],
    [sdkError('Error', undefined, 'ECONNREFUSED'), NoticeNotSent],
    [sdkError('TimeoutError'), NoticeOutcomeUnknown],
    [sdkError('Error', undefined, 'ECONNRESET'), NoticeOutcomeUnknown],
    [sdkError('InternalFailure', 500), NoticeOutcomeUnknown],
  ])('%s', (error, kind) => {
    expect(readSendError(error)).toBeInstanceOf(kind);
  });

  it('takes a rejected message as an answer, not as a failure', () => {
    expect(readSendError(sdkError('MessageRejected', 400))).toEqual({ outcome: 'refused', code: 'MessageRejected' });
  });
});

describe('sendOnce', () => {
  it('waits throttling out and sends once', async () => {
    const answers = [sdkError('ThrottlingException', 429), undefined];
    let calls = 0;
    const result = await sendOnce(() => {
      calls += 1;
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : Promise.resolve('id');
    }, noWait);
    expect(result).toEqual({ outcome: 'sent', messageId: 'id' });
    expect(calls).toBe(2);
  });

  it('never sends again after a time-out', async () => {
    let calls = 0;
    const send = () => {
      calls += 1;
      return Promise.reject(sdkError('TimeoutError'));
    };
    await expect(sendOnce(send, noWait)).rejects.toBeInstanceOf(NoticeOutcomeUnknown);
    expect(calls).toBe(1);
  });
});

describe.each<[string, (fail?: Error) => { mailer: Mailer; count: () => number }]>([
  ['SES', (fail) => {
    const { ses, inputs } = client(fail ?? { MessageId: 'm-1' });
    return { mailer: sesMailer(ses, { from: 'Acme <orders@example.com>' }), count: () => inputs.length };
  }],
  ['memory', (fail) => {
    const mailer = new MemoryMailer();
    mailer.failNext = fail ? (readSendError(fail) as Error) : undefined;
    return { mailer, count: () => 1 };
  }],
])('mailer contract: %s', (_, make) => {
  it('says what became of the mail', async () => {
    expect(await make().mailer.send(message)).toMatchObject({ outcome: 'sent', messageId: expect.any(String) as string });
  });
  it('throws the unknown outcome', async () => {
    const { mailer, count } = make(sdkError('TimeoutError'));
    await expect(mailer.send(message)).rejects.toBeInstanceOf(NoticeOutcomeUnknown);
    expect(count()).toBe(1);
  });
});

it('gives SES no order key and both bodies', async () => {
  const { ses, inputs } = client({ MessageId: 'm-1' });
  await sesMailer(ses, { from: 'orders@example.com', configurationSet: 'orderflow-local' }).send(message);
  const input = inputs[0]?.input;
  expect(JSON.stringify(input?.['EmailTags'])).not.toContain('1001');
  expect(input).toMatchObject({ Destination: { ToAddresses: ['ada@example.com'] }, ConfigurationSetName: 'orderflow-local' });
});

describe('withMode', () => {
  it('sends nothing when off, to our own address in the sandbox', async () => {
    const inner = new MemoryMailer();
    expect(await withMode(inner, 'off').send(message)).toEqual({ outcome: 'off' });
    await withMode(inner, 'sandbox', 'us@example.com').send(message);
    await withMode(inner, 'live').send(message);
    expect(inner.sent.map((sent) => sent.to)).toEqual(['us@example.com', 'ada@example.com']);
  });

  it.each(['a@b.example,c@d.example', 'a@b.example\r\nBcc: c@d.example', 'Ada <a@b.example>', 'no-address', 'a@b', ''])(
    'refuses the address %j', async (to) => {
      expect(isAddress(to)).toBe(false);
      expect(await withMode(new MemoryMailer(), 'live').send({ ...message, to })).toEqual({ outcome: 'refused', code: 'BadAddress' });
    });
});

describe('staff notices', () => {
  const packaging: PackagingNotice = {
    schema: 'orderflow.packaging.v1', id: 'n1', at: '2026-11-22T09:30:00Z', orderKey: 'acme:default:1001', orderNumber: 'Ünïcode\n1',
    lines: [{ lineId: '1', name: 'Teapot', quantity: 2 }], linesOmitted: 0,
  };

  it('publishes JSON for programs and text for mailboxes', async () => {
    const { sns, inputs } = client({ MessageId: 's-1' });
    await snsNotifier(sns, { packaging: 'arn:p' }).notify('packaging', packaging);
    const sent = inputs[0]?.input as { TopicArn: string; Message: string; Subject: string };
    const message = JSON.parse(sent.Message) as { default: string; email: string };
    expect(JSON.parse(message.default)).toEqual(packaging);
    expect(message.email).toContain('2 x Teapot');
    expect(sent.Subject).toMatch(/^[\x20-\x7E]{1,100}$/);
  });

  it('keeps the subject of a long digest within what SNS takes', () => {
    const groups = Array.from({ length: 20 }, (_, at) => ({ code: `CODE_${at}`, state: 'new' as const, count: 9, examples: [], action: 'look' }));
    const alert: AlertNotice = { schema: 'orderflow.alert.v1', id: 'a', at: '2026-11-22T09:30:00Z', stage: 'local', groups };
    expect(subjectOf(alert)).toHaveLength(100);
  });

  it('says which topic lacks an ARN', () => {
    expect(() => snsNotifier(client().sns, {}).notify('review', packaging)).toThrow('topic review');
  });
});
