import { AwsError } from '../service.ts';
import type { RestTable } from '../rest-protocol.ts';
import type { MailStore } from './store.ts';

type Input = Record<string, unknown>;

/** `PUT <path>/<name>/<part>` and what of the resource it replaces. Any other part is an unknown operation. */
interface Part {
  readonly operation: string;
  readonly field: string;
}

const SET_PARTS: Readonly<Record<string, Part>> = {
  sending: { operation: 'PutConfigurationSetSendingOptions', field: 'SendingOptions' },
  'suppression-options': { operation: 'PutConfigurationSetSuppressionOptions', field: 'SuppressionOptions' },
  'delivery-options': { operation: 'PutConfigurationSetDeliveryOptions', field: 'DeliveryOptions' },
  'reputation-options': { operation: 'PutConfigurationSetReputationOptions', field: 'ReputationOptions' },
  'tracking-options': { operation: 'PutConfigurationSetTrackingOptions', field: 'TrackingOptions' },
};
const IDENTITY_PARTS: Readonly<Record<string, Part>> = {
  dkim: { operation: 'PutEmailIdentityDkimAttributes', field: 'DkimAttributes' },
  feedback: { operation: 'PutEmailIdentityFeedbackAttributes', field: 'Feedback' },
  'mail-from': { operation: 'PutEmailIdentityMailFromAttributes', field: 'MailFromAttributes' },
  'configuration-set': { operation: 'PutEmailIdentityConfigurationSetAttributes', field: 'ConfigurationSet' },
};
const ACCOUNT_PARTS: Readonly<Record<string, Part>> = {
  sending: { operation: 'PutAccountSendingAttributes', field: 'Sending' },
  suppression: { operation: 'PutAccountSuppressionAttributes', field: 'SuppressionAttributes' },
};
const ACCOUNT = 'this';

/** Options of sets, identities and the account: kept, described, and heeded by sending. */
export function optionRoutes(store: MailStore): RestTable {
  const routes = (path: string, kind: string, parts: Readonly<Record<string, Part>>): RestTable =>
    Object.fromEntries(Object.entries(parts).map(([part, { operation, field }]) => [`PUT ${path}/${part}`, [operation, ({ name = ACCOUNT }, input) => {
      const found = store.setting(kind, name.toLowerCase()) ?? store.setting(kind, name);
      if (!found && kind !== 'account') throw new AwsError('NotFoundException', `${name} does not exist`, 404);
      store.putSetting(kind, store.setting(kind, name) ? name : name.toLowerCase(), { ...found, [field]: { ...(found?.[field] as Input | undefined), ...input } });
    }]]));
  return {
    ...routes('/v2/email/configuration-sets/{name}', 'set', SET_PARTS),
    ...routes('/v2/email/identities/{name}', 'identity', IDENTITY_PARTS),
    ...routes('/v2/email/account', 'account', ACCOUNT_PARTS),
  };
}

/** The account's options; sending is on, hard bounces and complaints suppress, unless said otherwise. */
export function accountOptions(store: MailStore): { readonly sending: boolean; readonly suppressed: readonly string[] } {
  const found = store.setting('account', ACCOUNT) as { Sending?: { SendingEnabled?: boolean }; SuppressionAttributes?: { SuppressedReasons?: string[] } } | undefined;
  return { sending: found?.Sending?.SendingEnabled ?? true, suppressed: found?.SuppressionAttributes?.SuppressedReasons ?? ['BOUNCE', 'COMPLAINT'] };
}
