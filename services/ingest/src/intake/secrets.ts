import { apiSecretName, secretName, type Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import { keepSecrets, type Keeping } from './kept-secrets.ts';
import type { CredentialsPort, SecretsPort } from './ports.ts';
import type { ReadSecret } from './secret-text.ts';

/** A secret's text is the webhook secret itself or, during a rotation, a JSON list: `["new", "old"]`. */
export function secretsIn(text: string): readonly string[] {
  if (!text.startsWith('[')) return [text];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    // said below, without the parser's message: it quotes the text
  }
  if (!Array.isArray(list) || list.length === 0 || list.length > 4 || !list.every((one) => typeof one === 'string' && one !== '')) {
    throw new Error('a webhook secret that begins with [ must be a JSON list of one to four texts');
  }
  return list as string[];
}

/** The webhook secrets of a stage's accounts, kept. */
export function accountSecrets(read: ReadSecret, stage: string, clock: Clock, keeping?: Keeping): SecretsPort {
  const kept = keepSecrets(async (name) => secretsIn(await read(name)), clock, keeping);
  return {
    of: (account: Account) => kept.of(secretName(stage, account)),
    anew: (account: Account) => kept.anew(secretName(stage, account)),
  };
}

/** The credentials with which a stage's accounts ask their sources' APIs, kept. */
export function accountCredentials(read: ReadSecret, stage: string, clock: Clock, keeping?: Keeping): CredentialsPort {
  const kept = keepSecrets(read, clock, keeping);
  return {
    of: (account: Account) => kept.of(apiSecretName(stage, account)),
    anew: (account: Account) => kept.anew(apiSecretName(stage, account)),
  };
}
