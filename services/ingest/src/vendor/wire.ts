import { accountsOf } from '@orderflow/shared/accounts';
import { documentClient, secretsClient, ssmClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { dynamoLeases } from '../cursors/leases.ts';
import { secretsOnAws } from '../intake/secret-text.ts';
import { accountCredentials } from '../intake/secrets.ts';
import { httpVendor } from './call.ts';
import type { VendorHosts } from './hosts.ts';
import type { VendorPort } from './port.ts';
import { tokenStoreOnAws } from './token-store.ts';
import { accessTokens } from './tokens.ts';

export interface VendorEnv {
  readonly STAGE: string;
  readonly CURSORS_TABLE: string;
  readonly VENDOR_HOSTS: VendorHosts;
}

/** The APIs of the stage's accounts, for every function that asks them; credentials as Secrets Manager or SSM hold them. */
export function vendorOnAws({ STAGE, CURSORS_TABLE, VENDOR_HOSTS: hosts }: VendorEnv, { clock, newId }: Pick<Tools, 'clock' | 'newId'>): VendorPort {
  const credentials = accountCredentials(secretsOnAws(secretsClient(), ssmClient), STAGE, clock);
  const store = tokenStoreOnAws(secretsClient(), dynamoLeases(documentClient(), CURSORS_TABLE, clock), STAGE);
  return httpVendor({ fetch, clock, hosts, accounts: accountsOf(STAGE), access: accessTokens({ fetch, credentials, store, hosts, clock, newId }) });
}
