import type { Account } from '@orderflow/shared/accounts';
import type { CredentialsPort } from '../intake/ports.ts';
import type { SourceApi } from '../sources/api.ts';

/** What is shown to a vendor: the credential or an access token, and the id of the client that the token was given to. */
export interface Shown {
  readonly text: string;
  readonly clientId?: string;
}

/** What an account shows to its vendor's API: its credential as it is kept, or an access token got with it. */
export interface AccessPort {
  /** @throws NoSuchSecret, CredentialRefused, VendorUnreachable, or whatever keeps the credential from being read */
  of(account: Account, api: SourceApi): Promise<Shown>;
  /** What it is now, after `refused` was not taken; undefined when it may not be asked for again yet. */
  anew(account: Account, api: SourceApi, refused: string | undefined): Promise<Shown | undefined>;
}

/** The vendor takes the account's client, or its refresh token, no more: a person must act. */
export class CredentialRefused extends Error {
  constructor(account: Account) {
    super(`the token endpoint of ${account.source} refuses the credential of ${account.account}: authorise the account again`);
    this.name = 'CredentialRefused';
  }
}

/** For vendors that take the credential itself. */
export const plainAccess = (credentials: CredentialsPort): AccessPort => ({
  of: async (account) => ({ text: await credentials.of(account) }),
  async anew(account) {
    const text = await credentials.anew(account);
    return text === undefined ? undefined : { text };
  },
});
