import { accountsOf, apiSecretName, secretName } from '@orderflow/shared/accounts';
import { localKeyPair } from './local-key-pair.ts';
import { findSource } from '../sources/registry.ts';

/** Name and value of a secret. */
export interface LocalSecret {
  readonly name: string;
  readonly value: string;
}

const named = (source: string, account: string, what: string): string =>
  account === 'default' ? `local-${source}-${what}` : `local-${source}-${account}-${what}`;

/**
 * The webhook secret of an account in the local stage: well known, worth nothing anywhere else. Where a source's secret
 * is the key written in hexadecimal or base64, so is this one: the key's bytes are the same everywhere.
 */
export function localSecret(source: string, account: string): string {
  const key = named(source, account, 'secret');
  const scheme = findSource(source)?.verify;
  const decode = scheme === undefined || scheme === 'not-http' ? 'text' : 'jws' in scheme ? 'pem' : 'key' in scheme ? scheme.key.decode : 'text';
  if (decode === 'pem') return `${key}\n${localKeyPair.publicKey}`;
  return decode === 'hex' || decode === 'base64' ? Buffer.from(key, 'utf8').toString(decode) : key;
}

/** What an account proves itself with to its vendor's API in the local stage, that is to the stand-in. */
export const localCredential = (source: string, account: string): string => named(source, account, 'api');

/** The secrets that the local cloud must hold: of every configured account that is signed for, or that asks an API. */
export const localSecrets = (stage = 'local'): readonly LocalSecret[] =>
  accountsOf(stage).flatMap((one) => {
    const source = findSource(one.source);
    return [
      ...(source?.verify === 'not-http' || (source && 'unsigned' in source.verify) ? [] : [{ name: secretName(stage, one), value: localSecret(one.source, one.account) }]),
      ...(source?.api ? [{ name: apiSecretName(stage, one), value: localCredential(one.source, one.account) }] : []),
    ];
  });
