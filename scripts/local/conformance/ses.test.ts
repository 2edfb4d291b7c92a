import {
  CreateConfigurationSetCommand, CreateConfigurationSetEventDestinationCommand, CreateEmailIdentityCommand, DeleteConfigurationSetCommand, DeleteEmailIdentityCommand, DeleteSuppressedDestinationCommand, GetConfigurationSetCommand,
  GetSuppressedDestinationCommand, ListSuppressedDestinationsCommand, PutConfigurationSetSendingOptionsCommand, PutSuppressedDestinationCommand, SESv2Client, SendBulkEmailCommand, SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import type { EventType, SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { policyFor } from './policies.ts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

interface SesEvent { readonly eventType: string; readonly mail: { readonly messageId: string }; readonly bounce?: { readonly bounceType: string; readonly bounceSubType: string } }

describe('SES', () => {
  let target: ConformanceTarget;
  let ses: SESv2Client;
  let sns: SNSClient;
  let sqs: SQSClient;
  let set: string;
  let queue: string;
  let topic: string;
  const sender = 'shop.example';

  beforeAll(async () => {
    target = await conformanceTarget();
    const client = { ...target.client, maxAttempts: 1 };
    [ses, sns, sqs] = [new SESv2Client(client), new SNSClient(client), new SQSClient(client)];
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: sender }));
    set = target.unique('set');
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: set }));
    topic = (await sns.send(new CreateTopicCommand({ Name: target.unique('events'), Attributes: { Policy: policyFor('ses.amazonaws.com', 'sns:Publish') } }))).TopicArn ?? '';
    queue = (await sqs.send(new CreateQueueCommand({ QueueName: target.unique('events'), Attributes: { Policy: policyFor('sns.amazonaws.com', 'sqs:SendMessage') } }))).QueueUrl ?? '';
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['QueueArn'] }));
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'], Attributes: { RawMessageDelivery: 'true' } }));
    const MatchingEventTypes: EventType[] = ['SEND', 'DELIVERY', 'BOUNCE', 'COMPLAINT'];
    await ses.send(new CreateConfigurationSetEventDestinationCommand({ ConfigurationSetName: set, EventDestinationName: 'all', EventDestination: { Enabled: true, MatchingEventTypes, SnsDestination: { TopicArn: topic } } }));
  });

  afterAll(async () => {
    await ses.send(new DeleteConfigurationSetCommand({ ConfigurationSetName: set }));
    await ses.send(new DeleteEmailIdentityCommand({ EmailIdentity: sender }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
    await sns.send(new DeleteTopicCommand({ TopicArn: topic }));
    for (const client of [ses, sns, sqs]) client.destroy();
    await target.close();
  });

  const send = async (to: string, more: Partial<SendEmailCommandInput> = {}): Promise<string> =>
    (await ses.send(new SendEmailCommand({
      FromEmailAddress: `orders@${sender}`, Destination: { ToAddresses: [to] }, ConfigurationSetName: set,
      Content: { Simple: { Subject: { Data: 'Order' }, Body: { Text: { Data: 'text' } } } }, ...more,
    }))).MessageId ?? '';

  /** The next events of a message, in the order of their types' names. */
  const events = async (messageId: string, count: number): Promise<SesEvent[]> => {
    const found: SesEvent[] = [];
    while (found.length < count) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }));
      if (Messages.length === 0) break;
      for (const message of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: message.ReceiptHandle }));
        const event = JSON.parse(message.Body ?? '') as SesEvent;
        if (event.mail.messageId === messageId) found.push(event);
      }
    }
    return found.sort((left, right) => left.eventType.localeCompare(right.eventType));
  };

  it.each([
    ['success', ['Delivery', 'Send']],
    ['bounce+label', ['Bounce', 'Send']],
    ['complaint', ['Complaint', 'Delivery', 'Send']],
    ['ooto', ['Bounce', 'Delivery', 'Send']],
    ['suppressionlist', ['Bounce', 'Send']],
  ])('the simulator address %s makes %j, and is not put on the suppression list', async (mailbox, types) => {
    const to = `${mailbox}@simulator.amazonses.com`;
    expect((await events(await send(to), types.length)).map((one) => one.eventType)).toEqual(types);
    await expect(ses.send(new GetSuppressedDestinationCommand({ EmailAddress: to }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('a suppressed address is answered as sent and bounces', async () => {
    const EmailAddress = `${target.unique('gone')}@mail.example`;
    await ses.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason: 'COMPLAINT' }));
    const found = await events(await send(EmailAddress), 2);
    expect(found.map((one) => one.bounce?.bounceSubType)).toEqual(['OnAccountSuppressionList', undefined]);
    const listed = await ses.send(new ListSuppressedDestinationsCommand({ Reasons: ['COMPLAINT'] }));
    expect(listed.SuppressedDestinationSummaries).toContainEqual(expect.objectContaining({ EmailAddress, Reason: 'COMPLAINT' }));
    expect((await ses.send(new ListSuppressedDestinationsCommand({ Reasons: ['BOUNCE'] }))).SuppressedDestinationSummaries).not.toContainEqual(expect.objectContaining({ EmailAddress }));
    await ses.send(new DeleteSuppressedDestinationCommand({ EmailAddress }));
    expect((await events(await send(EmailAddress), 2)).map((one) => one.eventType)).toEqual(['Delivery', 'Send']);
  });

  it('sending can be paused by configuration set', async () => {
    const pause = (SendingEnabled: boolean) => ses.send(new PutConfigurationSetSendingOptionsCommand({ ConfigurationSetName: set, SendingEnabled }));
    await pause(false);
    expect((await ses.send(new GetConfigurationSetCommand({ ConfigurationSetName: set }))).SendingOptions?.SendingEnabled).toBe(false);
    await expect(send('ann@mail.example')).rejects.toMatchObject({ name: 'SendingPausedException' });
    await pause(true);
    await expect(send('ann@mail.example')).resolves.toMatch(/./);
  });

  it.each([
    ['a sender that is no identity', { FromEmailAddress: 'me@unverified.example' }, 'MessageRejected'],
    ['a configuration set that is not there', { ConfigurationSetName: 'none' }, 'NotFoundException'],
    ['51 recipients', { Destination: { ToAddresses: Array.from({ length: 51 }, (_, at) => `a${at}@mail.example`) } }, 'BadRequestException'],
    ['an address with a line break', { Destination: { ToAddresses: ['ann@mail.example\r\nBcc: eve@mail.example'] } }, 'BadRequestException'],
    ['no recipient', { Destination: {} }, 'BadRequestException'],
  ])('refuses %s', async (_what, more, name) => {
    await expect(send('ann@mail.example', more)).rejects.toMatchObject({ name });
  });

  it('a bulk message tells the outcome of each entry', async () => {
    const { BulkEmailEntryResults } = await ses.send(new SendBulkEmailCommand({
      FromEmailAddress: `orders@${sender}`, DefaultContent: { Template: { TemplateContent: { Subject: 'Hello {{name}}', Text: 'x' }, TemplateData: '{}' } },
      BulkEmailEntries: [
        { Destination: { ToAddresses: ['ann@mail.example'] }, ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"Ann"}' } } },
        { Destination: { ToAddresses: [] }, ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"Nobody"}' } } },
      ],
    }));
    expect(BulkEmailEntryResults?.map((one) => one.Status === 'SUCCESS')).toEqual([true, false]);
  });
});
