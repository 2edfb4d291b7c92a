import { restProtocol } from '../rest-protocol.ts';
import type { RestOperation, RestTable } from '../rest-protocol.ts';
import { AwsError } from '../service.ts';
import type { LocalService } from '../service.ts';
import { publishEvents } from './events.ts';
import type { PublishEvent } from './events.ts';
import { accountOptions, optionRoutes } from './options.ts';
import { address, sendMessage } from './sending.ts';
import type { MailStore } from './store.ts';

type Input = Record<string, unknown>;
/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_BulkEmailEntryResult.html */
const BULK_STATUS: Readonly<Record<string, string>> = { MessageRejected: 'MESSAGE_REJECTED', SendingPausedException: 'ACCOUNT_SENDING_PAUSED', NotFoundException: 'CONFIGURATION_SET_NOT_FOUND', BadRequestException: 'INVALID_PARAMETER' };

const missing = (what: string): AwsError => new AwsError('NotFoundException', `${what} does not exist`, 404);

/** SES v2 over the outbox. `publish` takes the events that configuration sets ask for, at least once. */
export function sesService(store: MailStore, publish: PublishEvent): LocalService {
  const stopEvents = publishEvents(store, publish);
  const sendEmail: RestOperation = (_parts, input) => ({ MessageId: sendMessage(store, input, (input['Destination'] ?? {}) as Input, (input['Content'] ?? {}) as Input) });
  const sendBulk: RestOperation = (_parts, input) => ({
    BulkEmailEntryResults: ((input['BulkEmailEntries'] ?? []) as Input[]).map((entry) => {
      const template = (input['DefaultContent'] as Input)['Template'] as Input;
      const own = ((entry['ReplacementEmailContent'] as Input | undefined)?.['ReplacementTemplate'] as Input | undefined)?.['ReplacementTemplateData'];
      try {
        return { Status: 'SUCCESS', MessageId: sendMessage(store, input, entry['Destination'] as Input, { Template: { ...template, ...(own !== undefined && { TemplateData: own }) } }) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { Status: BULK_STATUS[error.code] ?? 'FAILED', Error: error.message };
      }
    }),
  });

  const identity = (name: string): Input => {
    const found = store.setting('identity', name.toLowerCase());
    if (!found) throw missing(`Email identity ${name}`);
    return {
      IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', VerifiedForSendingStatus: true, VerificationStatus: 'SUCCESS',
      FeedbackForwardingStatus: (found['Feedback'] as Input | undefined)?.['EmailForwardingEnabled'] ?? true,
      DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS', Tokens: ['one', 'two', 'three'], ...(found['DkimAttributes'] as Input | undefined) },
      MailFromAttributes: found['MailFromAttributes'], ConfigurationSetName: (found['ConfigurationSet'] as Input | undefined)?.['ConfigurationSetName'],
    };
  };
  const account = (): Input => {
    const { sending, suppressed } = accountOptions(store);
    return { SendingEnabled: sending, ProductionAccessEnabled: true, EnforcementStatus: 'HEALTHY', SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: store.count() }, SuppressionAttributes: { SuppressedReasons: suppressed } };
  };

  const table: RestTable = {
    'POST /v2/email/outbound-emails': ['SendEmail', sendEmail],
    'POST /v2/email/outbound-bulk-emails': ['SendBulkEmail', sendBulk],
    'POST /v2/email/identities': ['CreateEmailIdentity', (_parts, input) => {
      const name = String(input['EmailIdentity']).toLowerCase();
      if (store.setting('identity', name)) throw new AwsError('AlreadyExistsException', `Email identity ${name} already exists`);
      store.putSetting('identity', name, input['ConfigurationSetName'] === undefined ? {} : { ConfigurationSet: { ConfigurationSetName: input['ConfigurationSetName'] } });
      return identity(name);
    }],
    'GET /v2/email/identities': ['ListEmailIdentities', () => ({ EmailIdentities: store.settings('identity').map(({ name }) => ({ IdentityName: name, IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', SendingEnabled: true })) })],
    'GET /v2/email/identities/{name}': ['GetEmailIdentity', ({ name = '' }) => identity(name)],
    'DELETE /v2/email/identities/{name}': ['DeleteEmailIdentity', ({ name = '' }) => {
      identity(name);
      store.removeSetting('identity', name.toLowerCase());
    }],
    ...named(store, 'set', '/v2/email/configuration-sets', 'ConfigurationSet', 'ConfigurationSetName'),
    'POST /v2/email/configuration-sets/{set}/event-destinations': ['CreateConfigurationSetEventDestination', ({ set = '' }, input) => {
      if (!store.setting('set', set)) throw missing(`Configuration set ${set}`);
      const name = String(input['EventDestinationName']);
      if (store.setting(`destination/${set}`, name)) throw new AwsError('AlreadyExistsException', `Event destination ${name} already exists`);
      store.putSetting(`destination/${set}`, name, input['EventDestination'] as object);
    }],
    'GET /v2/email/configuration-sets/{set}/event-destinations': ['GetConfigurationSetEventDestinations', ({ set }) => ({ EventDestinations: store.settings(`destination/${set}`).map(({ name, content }) => ({ Name: name, ...content })) })],
    'PUT /v2/email/configuration-sets/{set}/event-destinations/{name}': ['UpdateConfigurationSetEventDestination', ({ set = '', name = '' }, input) => {
      if (!store.setting(`destination/${set}`, name)) throw missing(`Event destination ${name}`);
      store.putSetting(`destination/${set}`, name, input['EventDestination'] as object);
    }],
    'DELETE /v2/email/configuration-sets/{set}/event-destinations/{name}': ['DeleteConfigurationSetEventDestination', ({ set = '', name = '' }) => void store.removeSetting(`destination/${set}`, name)],
    ...optionRoutes(store),
    ...named(store, 'template', '/v2/email/templates', 'EmailTemplate', 'TemplateName', 'TemplateContent'),
    'PUT /v2/email/suppression/addresses': ['PutSuppressedDestination', (_parts, input) => {
      if (input['Reason'] !== 'BOUNCE' && input['Reason'] !== 'COMPLAINT') throw new AwsError('BadRequestException', 'Reason must be BOUNCE or COMPLAINT');
      store.putSetting('suppressed', address(String(input['EmailAddress'])), { Reason: input['Reason'], LastUpdateTime: Date.now() / 1000 });
    }],
    'GET /v2/email/suppression/addresses': ['ListSuppressedDestinations', (_parts, _input, { query }) => {
      const reasons = query.getAll('Reason');
      const from = query.get('NextToken') ?? '';
      const found = store.settings('suppressed').filter(({ name, content }) => name > from && (reasons.length === 0 || reasons.includes(String(content['Reason']))));
      const page = found.slice(0, Number(query.get('PageSize') ?? 1000));
      return { SuppressedDestinationSummaries: page.map(({ name, content }) => ({ EmailAddress: name, ...content })), ...(page.length < found.length && { NextToken: page.at(-1)?.name }) };
    }],
    'GET /v2/email/suppression/addresses/{name}': ['GetSuppressedDestination', ({ name = '' }) => {
      const found = store.setting('suppressed', address(name));
      if (!found) throw missing('The address on the suppression list');
      return { SuppressedDestination: { EmailAddress: address(name), ...found } };
    }],
    'DELETE /v2/email/suppression/addresses/{name}': ['DeleteSuppressedDestination', ({ name = '' }) => {
      if (!store.removeSetting('suppressed', address(name))) throw missing('The address on the suppression list');
    }],
    'GET /v2/email/account': ['GetAccount', account],
  };
  // the outbox belongs to who opened it
  return { ...restProtocol(['ses'], table), close: stopEvents };
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
