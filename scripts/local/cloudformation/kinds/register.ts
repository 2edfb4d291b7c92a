import { INERT_TYPES } from '../inert-types.ts';
import type { ResourceKind } from '../kind.ts';
import { alarmKinds } from './alarms.ts';
import { customResource } from './custom.ts';
import { dataKinds } from './data.ts';
import { functionKinds } from './functions.ts';
import { httpApiKinds } from './http-apis.ts';
import { identityKinds } from './identities.ts';
import { mailKinds } from './mail.ts';
import { modelKinds } from './models.ts';
import { resourcePolicyKinds } from './resource-policies.ts';
import { settingKinds } from './settings.ts';
import { storageKinds } from './storage.ts';
import { workflowKinds } from './workflows.ts';

/** Types that are really made here. */
export const KINDS: Readonly<Record<string, ResourceKind>> = {
  ...dataKinds, ...settingKinds, ...mailKinds, ...storageKinds, ...functionKinds, ...workflowKinds, ...httpApiKinds, ...identityKinds, ...alarmKinds, ...modelKinds, ...resourcePolicyKinds,
  'AWS::CloudFormation::CustomResource': customResource,
};

/** A name to go by, and made-up attributes where others ask for them. */
const inert: ResourceKind = { create: () => undefined, remove: () => undefined };

export const isInert = (type: string): boolean => Object.hasOwn(INERT_TYPES, type);
export const isKnownType = (type: string): boolean => Object.hasOwn(KINDS, type) || type.startsWith('Custom::') || isInert(type);

export function kindOf(type: string): ResourceKind {
  if (Object.hasOwn(KINDS, type)) return KINDS[type] ?? inert;
  return type.startsWith('Custom::') ? customResource : inert;
}

/** What GetAtt of an inert resource answers. */
export const inertAttribute = (logicalId: string, name: string, region: string, accountId: string): string =>
  name.endsWith('Arn') || name.endsWith('ARN') ? `arn:aws:local:${region}:${accountId}:${logicalId}` : `${logicalId}-${name}`.toLowerCase();
