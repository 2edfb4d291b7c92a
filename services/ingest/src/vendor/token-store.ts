import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Account } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';
import { free, type Leases } from '../cursors/leases.ts';
import type { TokenStore } from './tokens.ts';

const kept = z.object({ access: z.string(), expiresAt: z.number(), refresh: z.optional(z.string()), of: z.string(), clientId: z.string() });

const called = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/**
 * Tokens in Secrets Manager, below `orderflow/<stage>/tokens/`, one secret an account; who may get a new one is decided by a
 * lease in the cursors' table. A token lives some ten minutes at least, so that the advice of PutSecretValue (not more than
 * one version in ten minutes) is kept: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function tokenStoreOnAws(secrets: Pick<SecretsManagerClient, 'send'>, leases: Leases, stage: string): TokenStore {
  const nameOf = ({ source, account }: Account): string => `orderflow/${stage}/tokens/${source}/${account}`;
  const pkOf = ({ source, account }: Account): string => `token#${source}#${account}`;
  return {
    async read(account) {
      try {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: nameOf(account) }));
        return z.parse(kept, JSON.parse(SecretString ?? '{}'));
      } catch (error) {
        if (called(error, 'ResourceNotFoundException') || called(error, '$ZodError') || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    async write(account, { access, expiresAt, refresh, of, clientId }) {
      const SecretString = JSON.stringify({ access, expiresAt, refresh, of, clientId });
      try {
        await secrets.send(new PutSecretValueCommand({ SecretId: nameOf(account), SecretString }));
      } catch (error) {
        if (!called(error, 'ResourceNotFoundException')) throw error;
        await secrets.send(new CreateSecretCommand({ Name: nameOf(account), SecretString }));
      }
    },
    lock: async (account, owner, leaseMs) =>
      (await leases.take(pkOf(account), owner, leaseMs, { condition: { text: `attribute_not_exists(#owner) OR ${free}` } })) !== undefined,
    unlock: (account, owner) => leases.change(pkOf(account), owner, 0, {}),
  };
}
