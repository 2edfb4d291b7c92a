import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '@orderflow/shared/lambda';
import type { PaymentQuestion } from './look-up.ts';

const keepMs = 5 * 60_000;

/** Name of the secret that holds the key for asking a provider about a shop's payments. */
export const keyName = (stage: string, { provider, source, account }: PaymentQuestion): string => `orderflow/${stage}/payments/${provider}/${source}/${account}`;

/** Keys from Secrets Manager, each kept for five minutes so that a rotated one is noticed. A missing one is `undefined`. */
export function secretKeys(client: Pick<SecretsManagerClient, 'send'>, stage: string, clock: Clock): (question: PaymentQuestion) => Promise<string | undefined> {
  const kept = new Map<string, { readonly key: string | undefined; readonly until: number }>();
  return async (question) => {
    const name = keyName(stage, question);
    const known = kept.get(name);
    if (known && known.until > clock()) return known.key;
    const key = await client.send(new GetSecretValueCommand({ SecretId: name })).then(
      (answer) => answer.SecretString,
      (error: unknown) => {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      },
    );
    kept.set(name, { key, until: clock() + keepMs });
    return key;
  };
}
