import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { parameterPrefix } from '@orderflow/shared/accounts';

/** Nothing is kept under this name: an answer of the service, not a failure to answer. */
export class NoSuchSecret extends Error {
  constructor(name: string) {
    super(`there is no secret ${name}: make it, or mend its name in accounts.json`);
    this.name = 'NoSuchSecret';
  }
}

/** Reads the text of a secret. @throws NoSuchSecret, or whatever the service throws */
export type ReadSecret = (name: string) => Promise<string>;

const absent = new Set(['ResourceNotFoundException', 'ParameterNotFound', 'ParameterVersionNotFound']);

/**
 * Reads secrets where they are kept: `ssm:/path` is a SecureString of SSM Parameter Store, any other name a secret of
 * Secrets Manager, its version AWSCURRENT.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const secretsOnAws = (secrets: Pick<SecretsManagerClient, 'send'>, parameters: () => Pick<SSMClient, 'send'>): ReadSecret =>
  async (name) => {
    try {
      const text = name.startsWith(parameterPrefix)
        ? (await parameters().send(new GetParameterCommand({ Name: name.slice(parameterPrefix.length), WithDecryption: true }))).Parameter?.Value
        : (await secrets.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
      if (text === undefined || text === '') throw new Error(`secret ${name} holds no text`);
      return text;
    } catch (error) {
      if (error instanceof Error && absent.has(error.name)) throw new NoSuchSecret(name);
      throw error;
    }
  };
