import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretName, type Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import type { SecretsPort } from './ports.ts';

/** Read anew after this, so that a rotation is noticed without a restart. */
const freshMs = 60_000;

/** A secret's text is the webhook secret itself or, during a rotation, a JSON list: `["new", "old"]`. */
export function secretsIn(text: string): readonly string[] {
  if (!text.startsWith('[')) return [text];
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || list.length === 0 || !list.every((one) => typeof one === 'string' && one !== '')) {
    throw new Error('a webhook secret that begins with [ must be a JSON list of texts');
  }
  return list as string[];
}

/** Secrets Manager, one secret an account, kept for a minute; while it does not answer, what is known stays valid. */
export function secretsManager(client: Pick<SecretsManagerClient, 'send'>, stage: string, clock: Clock): SecretsPort {
  const cache = new Map<string, { readonly secrets: readonly string[]; readonly readAt: number }>();
  const reading = new Map<string, Promise<readonly string[]>>();

  const read = async (name: string): Promise<readonly string[]> => {
    const known = cache.get(name);
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
      if (SecretString === undefined) throw new Error(`secret ${name} holds no text`);
      const secrets = secretsIn(SecretString);
      cache.set(name, { secrets, readAt: clock() });
      return secrets;
    } catch (error) {
      if (!known) throw error;
      cache.set(name, { ...known, readAt: clock() });
      return known.secrets;
    } finally {
      reading.delete(name);
    }
  };

  return {
    async of(account: Account) {
      const name = secretName(stage, account);
      const known = cache.get(name);
      if (known && clock() - known.readAt < freshMs) return known.secrets;
      const under = reading.get(name) ?? read(name);
      reading.set(name, under);
      return under;
    },
  };
}
