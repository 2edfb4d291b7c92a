import {
  CreateEmailIdentityCommand, CreateEmailTemplateCommand, DeleteSuppressedDestinationCommand, GetAccountCommand, GetEmailIdentityCommand,
  GetSuppressedDestinationCommand, ListSuppressedDestinationsCommand, PutSuppressedDestinationCommand, SESv2Client, SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { startForTest } from '../started-for-test.ts';
import type { StartedForTest } from '../started-for-test.ts';

let started: StartedForTest;
let client: SESv2Client;

beforeAll(async () => {
  started = await startForTest(`${__dirname}/..`);
  client = new SESv2Client({ ...started.client, maxAttempts: 1 });
  await client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'shop.example' }));
});

afterAll(async () => {
  client.destroy();
  await started.close();
});

const simple = { Simple: { Subject: { Data: 'Your order <1>' }, Body: { Text: { Data: 'text' }, Html: { Data: '<b>html</b><script>alert(1)</script>' } } } };
const send = (to: string, more: Partial<SendEmailCommandInput> = {}) =>
  client.send(new SendEmailCommand({ FromEmailAddress: 'Shop <orders@shop.example>', Destination: { ToAddresses: [to] }, Content: simple, ...more }));
const outbox = (path: string) => fetch(`http://127.0.0.1:${started.services.ports.mail}${path}`);

test('a message is in the outbox, as JSON and to be read', async () => {
  const { MessageId } = await send('ann@mail.example', { ReplyToAddresses: ['help@shop.example'], EmailTags: [{ Name: 'order', Value: '1' }] });
  const { count, emails } = (await (await outbox('/store')).json()) as { count: number; emails: object[] };
  expect(count).toBe(1);
  expect(emails).toEqual([expect.objectContaining({
    messageId: MessageId, from: 'Shop <orders@shop.example>', destination: { to: ['ann@mail.example'], cc: [], bcc: [] }, replyTo: ['help@shop.example'],
    subject: 'Your order <1>', body: { text: 'text', html: '<b>html</b><script>alert(1)</script>' }, headers: { order: '1' }, via: 'ses',
  })]);
  expect(await (await outbox('/')).text()).toContain(`<a href="/message/${MessageId}">Your order &#60;1&#62;</a>`);
  const page = await (await outbox(`/message/${MessageId}`)).text();
  expect(page).toContain('<iframe sandbox');
  expect(page).not.toContain('<script>');
  expect((await outbox('/message/none')).status).toBe(404);
});

test('fills templates and takes raw messages', async () => {
  await client.send(new CreateEmailTemplateCommand({ TemplateName: 'shipped', TemplateContent: { Subject: 'Order {{order.number}}', Text: 'Hello {{name}}' } }));
  await send('bob@mail.example', { Content: { Template: { TemplateName: 'shipped', TemplateData: JSON.stringify({ name: 'Bob', order: { number: 7 } }) } } });
  await send('bob@mail.example', { Content: { Raw: { Data: Buffer.from('Subject: Raw\r\n one\r\n\r\nBody') } } });
  expect(started.services.mail.messages(2)).toMatchObject([{ subject: 'Order 7', text: 'Hello Bob' }, { subject: 'Raw one', text: 'Body' }]);
  await expect(send('bob@mail.example', { Content: { Template: { TemplateName: 'shipped', TemplateData: '{}' } } })).rejects.toMatchObject({ name: 'BadRequestException' });
});

test('refuses a sender that is no identity, and a configuration set that is not there', async () => {
  await expect(send('ann@mail.example', { FromEmailAddress: 'me@other.example' })).rejects.toMatchObject({ name: 'MessageRejected' });
  await expect(send('ann@mail.example', { ConfigurationSetName: 'none' })).rejects.toMatchObject({ name: 'NotFoundException' });
  expect((await client.send(new GetEmailIdentityCommand({ EmailIdentity: 'shop.example' }))).VerifiedForSendingStatus).toBe(true);
  await expect(client.send(new GetEmailIdentityCommand({ EmailIdentity: 'other.example' }))).rejects.toMatchObject({ name: 'NotFoundException' });
  expect((await client.send(new GetAccountCommand({}))).SendingEnabled).toBe(true);
});

test('a suppressed address gets nothing', async () => {
  const before = started.services.mail.count();
  await client.send(new PutSuppressedDestinationCommand({ EmailAddress: 'Gone@mail.example', Reason: 'BOUNCE' }));
  expect((await client.send(new GetSuppressedDestinationCommand({ EmailAddress: 'gone@mail.example' }))).SuppressedDestination).toMatchObject({ Reason: 'BOUNCE' });
  expect((await client.send(new ListSuppressedDestinationsCommand({}))).SuppressedDestinationSummaries).toHaveLength(1);
  expect((await send('gone@mail.example')).MessageId).toBeDefined();
  expect(started.services.mail.count()).toBe(before);
  await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: 'gone@mail.example' }));
  await expect(client.send(new GetSuppressedDestinationCommand({ EmailAddress: 'gone@mail.example' }))).rejects.toMatchObject({ name: 'NotFoundException' });
});
