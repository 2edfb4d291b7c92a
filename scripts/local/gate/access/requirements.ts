import type { GatedCall } from '../gate.ts';
import { cloudformation, codebuild, events, iam, lambda, monitoring, sagemaker, scheduler, ses, states, sts } from './compute-requirements.ts';
import { dynamodb, kinesis, logs, redshiftData, secretsmanager, ssm } from './data-requirements.ts';
import type { Lookups, Requirement, Requirements } from './requirement.ts';
import { s3, sns, sqs } from './storage-requirements.ts';

/** By signing name. */
const SERVICES: Readonly<Record<string, Requirements>> = {
  dynamodb, kinesis, 'redshift-data': redshiftData, secretsmanager, ssm, logs, s3, sqs, sns, lambda, states, ses, sagemaker, scheduler, events, monitoring, sts, cloudformation, codebuild, iam,
};

/** What a call needs; a service without a table needs its operation on everything, so that only a wildcard grants it. */
export const requirementsOf = (call: GatedCall, lookups: Lookups): readonly Requirement[] =>
  SERVICES[call.service]?.(call, lookups) ?? [{ action: `${call.service}:${call.operation}`, resource: '*' }];
