import { accountsOf, apiSecretName, secretName } from '@orderflow/shared/accounts';
import { createPublicKey } from 'node:crypto';
import { localCurvePair, localKeyId, localKeyPair } from './local-key-pair.ts';
import type { HttpVerify } from '../verify/index.ts';
import { findSource } from '../sources/registry.ts';

/** Name and value of a secret. */
export interface LocalSecret {
  readonly name: string;
  readonly value: string;
}

const named = (source: string, account: string, what: string): string =>
  account === 'default' ? `local-${source}-${what}` : `local-${source}-${account}-${what}`;

/** How a scheme reads the secret; of several that of the first. */
function decodingOf(scheme: HttpVerify): string {
  if ('anyOf' in scheme) return scheme.anyOf[0] ? decodingOf(scheme.anyOf[0]) : 'text';
  return 'jws' in scheme ? 'pem' : 'key' in scheme ? scheme.key.decode : 'text';
}

/**
 * The webhook secret of an account in the local stage: well known, worth nothing anywhere else. Where a source's secret
 * is the key written in hexadecimal or base64, so is this one: the key's bytes are the same everywhere.
 */
export function localSecret(source: string, account: string): string {
  const key = named(source, account, 'secret');
  const scheme = findSource(source)?.verify;
  const decode = scheme === undefined || scheme === 'not-http' ? 'text' : decodingOf(scheme);
  // a label and, unless the vendor's stand-in publishes it, the public key
  if (decode === 'pem') return findSource(source)?.keys ? key : `${key}\n${localKeyPair.publicKey}`;
  return decode === 'hex' || decode === 'base64' ? Buffer.from(key, 'utf8').toString(decode) : key;
}

/** What an account proves itself with to its vendor's API in the local stage, that is to the stand-in. */
export function localCredential(source: string, account: string): string {
  const key = named(source, account, 'api');
  const flow = findSource(source)?.api?.token;
  if (!flow) return key;
  if (flow.client === 'assertion') return JSON.stringify({ clientId: key, keyId: localKeyId, privateKey: localKeyPair.privateKey });
  return JSON.stringify({ clientId: key, clientSecret: `${key}-secret`, ...(flow.grant === 'refresh_token' && { refreshToken: `${key}-refresh-0` }) });
}

/** What the local stand-in of a source's vendor publishes as its keys, as verification takes them. */
export function localPublished(source: string): readonly string[] {
  const { keys, verify } = findSource(source) ?? {};
  if (!keys) return [];
  if (keys.as === 'jwks') return [JSON.stringify({ keys: [{ ...createPublicKey(localKeyPair.publicKey).export({ format: 'jwk' }), kid: localKeyId, alg: 'RS256', use: 'sig' }] })];
  const curve = typeof verify === 'object' && 'algorithm' in verify && verify.algorithm === 'ecdsa-sha1';
  return [curve ? localCurvePair.publicKey : localKeyPair.publicKey];
}

/** The secrets that the local cloud must hold: of every configured account that is signed for, or that asks an API. */
export const localSecrets = (stage = 'local'): readonly LocalSecret[] =>
  accountsOf(stage).flatMap((one) => {
    const source = findSource(one.source);
    return [
      ...(source?.verify === 'not-http' || (source && 'unsigned' in source.verify) ? [] : [{ name: secretName(stage, one), value: localSecret(one.source, one.account) }]),
      ...(source?.api ? [{ name: apiSecretName(stage, one), value: localCredential(one.source, one.account) }] : []),
    ];
  });
