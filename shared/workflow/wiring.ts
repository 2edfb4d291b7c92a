import * as z from 'zod/mini';
import { accountsOf, type Account } from '@orderflow/shared/accounts';
import { s3Client, sesClient, sfnClient, snsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { mailModes, sesMailer, snsNotifier, withMode, type Mailer, type StaffNotifier } from '@orderflow/shared/notices';
import type { InFlightStore } from '@orderflow/shared/store';
import { s3Objects, s3Quarantine, type ObjectPort, type Quarantine } from '@orderflow/shared/stream';
import { sfnExecutions, type Executions } from './executions.ts';
import { factsOf, type Facts } from './facts-of-item.ts';
import { storeOf } from './store-of.ts';
import { placeOf } from './table-arn.ts';

/** Variables by what they are for; each function's env.ts takes the groups it needs. */
export const storeEnv = { STAGE: z.string(), TABLE_ARN: z.string(), STAGING_BUCKET: z.string() };
export const factsEnv = { FACTS_STREAM: z.string(), STAGING_BUCKET: z.string() };
export const mailEnv = { MAIL_FROM: z.string(), MAIL_MODE: z.enum(mailModes), MAIL_CONFIGURATION: z.string() };
export const quarantineEnv = { QUARANTINE_BUCKET: z.string() };

interface Store { readonly STAGE: string; readonly TABLE_ARN: string; readonly STAGING_BUCKET: string }

/** What nearly every step needs: table, accounts of this stage, tools. */
export const stepDeps = (env: Store, tools: Tools): Tools & { readonly store: InFlightStore; readonly accounts: readonly Account[] } => ({
  ...tools,
  store: storeOf(env, tools),
  accounts: accountsOf(env.STAGE),
});

export const executions = ({ STAGE, TABLE_ARN }: Store): Executions => sfnExecutions(sfnClient(), { stage: STAGE, ...placeOf(TABLE_ARN) });

export const facts = (env: { FACTS_STREAM: string; STAGING_BUCKET: string }, batched = false): Facts =>
  factsOf({ stream: env.FACTS_STREAM, staging: env.STAGING_BUCKET, batched });

/** A stage without a sender writes no mail, whatever its mode says. */
export const mailer = (env: { MAIL_FROM: string; MAIL_MODE: (typeof mailModes)[number]; MAIL_CONFIGURATION: string }): Mailer =>
  withMode(sesMailer(sesClient(), { from: env.MAIL_FROM, configurationSet: env.MAIL_CONFIGURATION }), env.MAIL_FROM === 'none' ? 'off' : env.MAIL_MODE);

/** Topics by their conventional names: the shippers' belongs to another service. */
export const staff = ({ STAGE, TABLE_ARN }: Store): StaffNotifier => {
  const { region, account } = placeOf(TABLE_ARN);
  const topic = (name: string): string => `arn:aws:sns:${region}:${account}:orderflow-${STAGE}-${name}`;
  return snsNotifier(snsClient(), { packaging: topic('packaging'), shipping: topic('shipping') });
};

export const objects = (): ObjectPort => s3Objects(s3Client());
export const quarantine = (env: { QUARANTINE_BUCKET: string }, { clock }: Tools): Quarantine => s3Quarantine(objects(), env.QUARANTINE_BUCKET, clock);
