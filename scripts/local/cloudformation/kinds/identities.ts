import { DEFAULT_COPY_KEY } from '../../access-ports.ts';
import type { Role } from '../../roles.ts';
import { text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

const roleArn = ({ physicalId, properties }: Existing, cloud: Cloud): string => `arn:aws:iam::${cloud.accountId}:role${text(properties, 'Path', '/')}${physicalId}`;
/** What AWS::IAM::Policy has put beside a role's own policies. */
const isAttached = (policy: unknown): boolean => typeof policy === 'object' && policy !== null && 'Roles' in policy;

function setRole(resource: Existing, cloud: Cloud): void {
  const arn = roleArn(resource, cloud);
  const { properties } = resource;
  const attached = cloud.roles.all().find((each) => each.arn === arn)?.role.policies.filter(isAttached) ?? [];
  cloud.roles.set(arn, { name: resource.physicalId, policies: [...((properties['Policies'] ?? []) as unknown[]), ...((properties['ManagedPolicyArns'] ?? []) as unknown[]), ...attached], trust: properties['AssumeRolePolicyDocument'] });
}

/** Roles are kept with their policies: calls are judged by them. */
const role: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'RoleName', generatedName),
  attributes: (resource, cloud) => ({ Arn: roleArn(resource, cloud), RoleId: `AROA${resource.physicalId.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 17)}` }),
  create: setRole,
  remove: (existing, cloud) => cloud.roles.remove(roleArn(existing, cloud)),
};

const nameOf = (policy: unknown): unknown => (policy as { PolicyName?: unknown; ManagedPolicyName?: unknown }).PolicyName ?? (policy as { ManagedPolicyName?: unknown }).ManagedPolicyName;

/** Takes the policy off every role, then puts it on those that it names. */
function attach(resource: Existing, cloud: Cloud, roles: readonly string[]): void {
  const named = { PolicyName: resource.physicalId, ...resource.properties };
  for (const { arn, role: found } of cloud.roles.all()) {
    const others: Role['policies'] = found.policies.filter((policy) => !(isAttached(policy) && nameOf(policy) === nameOf(named)));
    if (roles.includes(found.name)) cloud.roles.set(arn, { ...found, policies: [...others, named] });
    else if (others.length < found.policies.length) cloud.roles.set(arn, { ...found, policies: others });
  }
}
const attachToAll = (resource: Existing, cloud: Cloud): void => attach(resource, cloud, (resource.properties['Roles'] ?? []) as string[]);

const policy: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'ManagedPolicyName', text(properties, 'PolicyName', generatedName)),
  attributes: ({ physicalId }, cloud) => ({ PolicyArn: `arn:aws:iam::${cloud.accountId}:policy/${physicalId}` }),
  create: attachToAll,
  remove: (existing, cloud) => attach(existing, cloud, []),
};


/** The warehouse answers under any name. */
const namespace: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'NamespaceName', generatedName),
  attributes: ({ physicalId, properties }, cloud) => ({ 'Namespace.NamespaceArn': `arn:aws:redshift-serverless:${cloud.region}:${cloud.accountId}:namespace/${physicalId}`, 'Namespace.NamespaceName': physicalId, 'Namespace.NamespaceId': physicalId, 'Namespace.DbName': text(properties, 'DbName', 'dev') }),
  create: ({ properties }, cloud) => {
    if (properties['DefaultIamRoleArn'] !== undefined) cloud.roles.keep(DEFAULT_COPY_KEY, text(properties, 'DefaultIamRoleArn', ''));
  },
  remove: () => undefined,
};
const workgroup: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'WorkgroupName', generatedName),
  attributes: ({ physicalId }, cloud) => ({ 'Workgroup.WorkgroupArn': `arn:aws:redshift-serverless:${cloud.region}:${cloud.accountId}:workgroup/${physicalId}`, 'Workgroup.WorkgroupName': physicalId, 'Workgroup.WorkgroupId': physicalId, 'Workgroup.Endpoint.Address': '127.0.0.1', 'Workgroup.Endpoint.Port': '5439' }),
  create: () => undefined,
  remove: () => undefined,
};

export const identityKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': policy,
  'AWS::RedshiftServerless::Namespace': namespace,
  'AWS::RedshiftServerless::Workgroup': workgroup,
};
