import { accountsOf } from '@orderflow/shared/accounts';
import { secretsClient, ssmClient } from '@orderflow/shared/aws';
import type { Clock } from '@orderflow/shared/lambda';
import { secretsOnAws } from '../intake/secret-text.ts';
import { accountCredentials } from '../intake/secrets.ts';
import { httpVendor } from './call.ts';
import type { VendorHosts } from './hosts.ts';
import type { VendorPort } from './port.ts';

/** The APIs of the stage's accounts, for every function that asks them; credentials as Secrets Manager or SSM hold them. */
export const vendorOnAws = (env: { readonly STAGE: string; readonly VENDOR_HOSTS: VendorHosts }, clock: Clock): VendorPort =>
  httpVendor({
    fetch, clock, hosts: env.VENDOR_HOSTS, accounts: accountsOf(env.STAGE),
    credentials: accountCredentials(secretsOnAws(secretsClient(), ssmClient), env.STAGE, clock),
  });
