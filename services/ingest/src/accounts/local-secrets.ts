import { accountsOf, secretName } from '@orderflow/shared/accounts';
import { findSource } from '../sources/registry.ts';

/** Name and value of a webhook secret. */
export interface LocalSecret {
  readonly name: string;
  readonly value: string;
}

/** The webhook secret of an account in the local stage: well known, worth nothing anywhere else. */
export const localSecret = (source: string, account: string): string =>
  account === 'default' ? `local-${source}-secret` : `local-${source}-${account}-secret`;

/** The secrets that the local cloud must hold for every configured account that is signed for. */
export const localSecrets = (stage = 'local'): readonly LocalSecret[] =>
  accountsOf(stage)
    .filter((one) => findSource(one.source)?.verify !== 'not-http')
    .map((one) => ({ name: secretName(stage, one), value: localSecret(one.source, one.account) }));
