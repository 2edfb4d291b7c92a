import { randomUUID } from 'node:crypto';
import { text as textIn } from '../fields.ts';
import { restProtocol } from '../rest-protocol.ts';
import type { RestOperation, RestTable } from '../rest-protocol.ts';
import { AwsError } from '../service.ts';
import type { LocalService } from '../service.ts';
import { contentOf } from './content.ts';
import type { MailStore } from './store.ts';

type Input = Record<string, unknown>;
/** Puts an SES event (bounce, complaint, delivery) on the topic of a configuration set. */
export type PublishEvent = (topicArn: string, message: string) => Promise<void>;

const address = (text: string): string => (/<([^>]+)>/.exec(text)?.[1] ?? text).trim().toLowerCase();
const missing = (what: string): AwsError => new AwsError('NotFoundException', `${what} does not exist`, 404);

/** SES v2 over the outbox. `publish` takes the events that a configuration set asks for. */
export function sesService(store: MailStore, publish: PublishEvent): LocalService {
  const verified = (from: string): boolean => {
    const sender = address(from);
    return store.setting('identity', sender) !== undefined || store.setting('identity', sender.slice(sender.indexOf('@') + 1)) !== undefined;
  };

  const send = (input: Input, destination: Input, content: Input): string => {
    const from = textIn(input, 'FromEmailAddress');
    if (!verified(from)) throw new AwsError('MessageRejected', 'Email address is not verified. The sender matches no identity in region EU-WEST-1.');
    const set = input['ConfigurationSetName'] as string | undefined;
    if (set !== undefined && !store.setting('set', set)) throw missing(`Configuration set ${set}`);
    const [to, cc, bcc] = ['ToAddresses', 'CcAddresses', 'BccAddresses'].map((name) => (destination[name] ?? []) as string[]) as [string[], string[], string[]];
    if (to.length + cc.length + bcc.length === 0) throw new AwsError('BadRequestException', 'A message needs a recipient');
    const { subject, text, html } = contentOf(content, (name) => store.setting('template', name));
    const open = (all: string[]): string[] => all.filter((one) => !store.setting('suppressed', address(one)));
    const messageId = randomUUID();
    const recipients = [...to, ...cc, ...bcc];
    // a suppressed address gets nothing, yet SES answers as if it had been sent
    if (open(recipients).length > 0) {
      const tags = ((input['EmailTags'] ?? []) as { Name: string; Value: string }[]).map((tag) => [tag.Name, tag.Value]);
      store.deliver({
        from, to: open(to), cc: open(cc), bcc: open(bcc), replyTo: (input['ReplyToAddresses'] ?? []) as string[], subject, via: 'ses', headers: Object.fromEntries(tags) as Record<string, string>,
        ...(text !== undefined && { text }), ...(html !== undefined && { html }),
      }, messageId);
    }
    if (set !== undefined) for (const recipient of recipients) report(set, messageId, from, recipient, !open([recipient]).length);
    return messageId;
  };

  const report = (set: string, messageId: string, from: string, recipient: string, suppressed: boolean): void => {
    const to = address(recipient);
    // SES' mailbox simulator, https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
    const type = suppressed || /^(bounce|suppressionlist)(\+.*)?@simulator\.amazonses\.com$/.test(to) ? 'Bounce' : /^complaint(\+.*)?@simulator\.amazonses\.com$/.test(to) ? 'Complaint' : 'Delivery';
    const detail = { Bounce: { bounceType: 'Permanent', bounceSubType: suppressed ? 'OnAccountSuppressionList' : 'General', bouncedRecipients: [{ emailAddress: to }] }, Complaint: { complainedRecipients: [{ emailAddress: to }] }, Delivery: { recipients: [to] } }[type];
    const at = new Date().toISOString();
    const event = { eventType: type, mail: { timestamp: at, source: from, messageId, destination: [to] }, [type.toLowerCase()]: { timestamp: at, ...detail } };
    for (const { content } of store.settings(`destination/${set}`)) {
      const { Enabled: enabled, MatchingEventTypes: types, SnsDestination: sns } = content as { Enabled?: boolean; MatchingEventTypes?: string[]; SnsDestination?: { TopicArn: string } };
      if (enabled === false || !sns || !types?.includes(type.toUpperCase())) continue;
      publish(sns.TopicArn, JSON.stringify(event)).catch((error: unknown) => process.stderr.write(`local cloud: ses: an event was not published: ${String(error)}\n`));
    }
  };

  const sendEmail: RestOperation = (_parts, input) => ({ MessageId: send(input, (input['Destination'] ?? {}) as Input, (input['Content'] ?? {}) as Input) });
  const sendBulk: RestOperation = (_parts, input) => ({
    BulkEmailEntryResults: ((input['BulkEmailEntries'] ?? []) as Input[]).map((entry) => {
      const template = (input['DefaultContent'] as Input)['Template'] as Input;
      const own = ((entry['ReplacementEmailContent'] as Input | undefined)?.['ReplacementTemplate'] as Input | undefined)?.['ReplacementTemplateData'];
      return { Status: 'SUCCESS', MessageId: send(input, entry['Destination'] as Input, { Template: { ...template, ...(own !== undefined && { TemplateData: own }) } }) };
    }),
  });

  const identity = (name: string): Input => {
    if (!store.setting('identity', name.toLowerCase())) throw missing(`Email identity ${name}`);
    return { IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', VerifiedForSendingStatus: true, VerificationStatus: 'SUCCESS', FeedbackForwardingStatus: true, DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS', Tokens: ['one', 'two', 'three'] } };
  };
  const accept: RestOperation = () => ({});

  const table: RestTable = {
    'POST /v2/email/outbound-emails': ['SendEmail', sendEmail],
    'POST /v2/email/outbound-bulk-emails': ['SendBulkEmail', sendBulk],
    'POST /v2/email/identities': ['CreateEmailIdentity', (_parts, input) => {
      const name = String(input['EmailIdentity']).toLowerCase();
      if (store.setting('identity', name)) throw new AwsError('AlreadyExistsException', `Email identity ${name} already exists`);
      store.putSetting('identity', name, {});
      return identity(name);
    }],
    'GET /v2/email/identities': ['ListEmailIdentities', () => ({ EmailIdentities: store.settings('identity').map(({ name }) => ({ IdentityName: name, IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', SendingEnabled: true })) })],
    'GET /v2/email/identities/{name}': ['GetEmailIdentity', ({ name = '' }) => identity(name)],
    'DELETE /v2/email/identities/{name}': ['DeleteEmailIdentity', ({ name = '' }) => {
      identity(name);
      store.removeSetting('identity', name.toLowerCase());
    }],
    'PUT /v2/email/identities/{name}/{what+}': ['PutEmailIdentityAttributes', accept],
    ...named(store, 'set', '/v2/email/configuration-sets', 'ConfigurationSet', 'ConfigurationSetName'),
    'POST /v2/email/configuration-sets/{set}/event-destinations': ['CreateConfigurationSetEventDestination', ({ set }, input) => store.putSetting(`destination/${set}`, String(input['EventDestinationName']), input['EventDestination'] as object)],
    'GET /v2/email/configuration-sets/{set}/event-destinations': ['GetConfigurationSetEventDestinations', ({ set }) => ({ EventDestinations: store.settings(`destination/${set}`).map(({ name, content }) => ({ Name: name, ...content })) })],
    'PUT /v2/email/configuration-sets/{set}/event-destinations/{name}': ['UpdateConfigurationSetEventDestination', ({ set = '', name = '' }, input) => store.putSetting(`destination/${set}`, name, input['EventDestination'] as object)],
    'DELETE /v2/email/configuration-sets/{set}/event-destinations/{name}': ['DeleteConfigurationSetEventDestination', ({ set = '', name = '' }) => void store.removeSetting(`destination/${set}`, name)],
    'PUT /v2/email/configuration-sets/{set}/{what+}': ['PutConfigurationSetOptions', accept],
    ...named(store, 'template', '/v2/email/templates', 'EmailTemplate', 'TemplateName', 'TemplateContent'),
    'PUT /v2/email/suppression/addresses': ['PutSuppressedDestination', (_parts, input) => store.putSetting('suppressed', address(String(input['EmailAddress'])), { Reason: input['Reason'], LastUpdateTime: Date.now() / 1000 })],
    'GET /v2/email/suppression/addresses': ['ListSuppressedDestinations', () => ({ SuppressedDestinationSummaries: store.settings('suppressed').map(({ name, content }) => ({ EmailAddress: name, ...content })) })],
    'GET /v2/email/suppression/addresses/{name}': ['GetSuppressedDestination', ({ name = '' }) => {
      const found = store.setting('suppressed', address(name));
      if (!found) throw missing('The address on the suppression list');
      return { SuppressedDestination: { EmailAddress: address(name), ...found } };
    }],
    'DELETE /v2/email/suppression/addresses/{name}': ['DeleteSuppressedDestination', ({ name = '' }) => {
      if (!store.removeSetting('suppressed', address(name))) throw missing('The address on the suppression list');
    }],
    'GET /v2/email/account': ['GetAccount', () => ({ SendingEnabled: true, ProductionAccessEnabled: true, EnforcementStatus: 'HEALTHY', SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: store.count() }, SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] } })],
    'PUT /v2/email/account/{what+}': ['PutAccountAttributes', accept],
  };
  // the outbox belongs to who opened it
  return { ...restProtocol(['ses'], table), close: () => Promise.resolve() };
}

/** Create, list, get, update and delete of things that have only a name and a definition. */
function named(store: MailStore, kind: string, path: string, what: string, nameField: string, contentField?: string): RestTable {
  const need = (name: string): Input => {
    const found = store.setting(kind, name);
    if (!found) throw missing(`${what} ${name}`);
    return found;
  };
  const content = (input: Input): Input => (contentField === undefined ? input : (input[contentField] as Input));
  return {
    [`POST ${path}`]: [`Create${what}`, (_parts, input) => {
      const name = String(input[nameField]);
      if (store.setting(kind, name)) throw new AwsError('AlreadyExistsException', `${what} ${name} already exists`);
      store.putSetting(kind, name, content(input));
    }],
    [`GET ${path}`]: [`List${what}s`, () => ({ [contentField === undefined ? `${what}s` : 'TemplatesMetadata']: store.settings(kind).map(({ name }) => (contentField === undefined ? name : { TemplateName: name })) })],
    [`GET ${path}/{name}`]: [`Get${what}`, ({ name = '' }) => ({ [nameField]: name, ...(contentField === undefined ? need(name) : { [contentField]: need(name) }) })],
    [`PUT ${path}/{name}`]: [`Update${what}`, ({ name = '' }, input) => {
      need(name);
      store.putSetting(kind, name, content(input));
    }],
    [`DELETE ${path}/{name}`]: [`Delete${what}`, ({ name = '' }) => {
      need(name);
      store.removeSetting(kind, name);
    }],
  };
}
