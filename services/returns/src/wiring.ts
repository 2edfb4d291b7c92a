import { redshiftDataClient, s3Client, sesClient, sfnClient, snsClient, warehouseReader } from '@orderflow/shared/aws';
import { mailModes, sesMailer, snsNotifier, withMode, type Mailer, type StaffNotifier } from '@orderflow/shared/notices';
import { s3Objects, s3Quarantine, type Quarantine } from '@orderflow/shared/stream';
import { placeOf, sfnExecutions, type Executions } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { warehouseArchive, type OrderArchive } from './order-archive.ts';
import { taskAnswers, type TaskAnswers } from './task-answers.ts';

/** Variables by what they are for; each function's env.ts takes the groups it needs. */
export const storeEnv = { STAGE: z.string(), TABLE_ARN: z.string(), STAGING_BUCKET: z.string() };
export const factsEnv = { FACTS_STREAM: z.string(), STAGING_BUCKET: z.string() };
export const mailEnv = { MAIL_FROM: z.string(), MAIL_MODE: z.enum(mailModes), MAIL_CONFIGURATION: z.string() };
export const warehouseEnv = { WORKGROUP: z.string(), DATABASE: z.string() };
export const quarantineEnv = { QUARANTINE_BUCKET: z.string() };

/** A stage without a sender writes no mail, whatever its mode says. */
export const customerMailer = (env: { MAIL_FROM: string; MAIL_MODE: (typeof mailModes)[number]; MAIL_CONFIGURATION: string }): Mailer =>
  withMode(sesMailer(sesClient(), { from: env.MAIL_FROM, configurationSet: env.MAIL_CONFIGURATION }), env.MAIL_FROM === 'none' ? 'off' : env.MAIL_MODE);

export const reviewers = (env: { REVIEW_TOPIC: string; ESCALATION_TOPIC: string }): StaffNotifier =>
  snsNotifier(snsClient(), { review: env.REVIEW_TOPIC, escalation: env.ESCALATION_TOPIC });
export const waitingTasks = (): TaskAnswers => taskAnswers(sfnClient());
export const executionsOf = ({ STAGE, TABLE_ARN }: { STAGE: string; TABLE_ARN: string }): Executions =>
  sfnExecutions(sfnClient(), { stage: STAGE, ...placeOf(TABLE_ARN) });
export const archive = (env: { WORKGROUP: string; DATABASE: string }): OrderArchive =>
  warehouseArchive(warehouseReader(redshiftDataClient(), { workgroup: env.WORKGROUP, database: env.DATABASE }, 12_000));
export const quarantineOf = (bucket: string, { clock }: { clock: () => number }): Quarantine => s3Quarantine(s3Objects(s3Client()), bucket, clock);
