import { AwsError } from '../../service.ts';
import { text, type Cloud, type ResourceKind } from '../resource.ts';

/** Kept with their policies, so that granting can be checked; see `RoleBook`. */
const role: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'RoleName', input.generatedName);
  const arn = `arn:aws:iam::${cloud.accountId}:role${text(input.properties, 'Path', '/')}${name}`;
  cloud.roles.set(arn, { name, policies: [...((input.properties['Policies'] ?? []) as unknown[]), ...((input.properties['ManagedPolicyArns'] ?? []) as unknown[])], trust: input.properties['AssumeRolePolicyDocument'] });
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 17)}` } };
};

const policy: ResourceKind = (input, cloud) => {
  const names = (input.properties['Roles'] ?? []) as string[];
  for (const { arn, role: found } of cloud.roles.all()) {
    if (names.includes(found.name)) cloud.roles.set(arn, { ...found, policies: [...found.policies, input.properties] });
  }
  return { ref: text(input.properties, 'ManagedPolicyName', text(input.properties, 'PolicyName', input.generatedName)), attributes: { PolicyArn: `arn:aws:iam::${cloud.accountId}:policy/${input.generatedName}` } };
};

/** SES keeps what exists; anything else that it refuses fails the deployment. */
async function ses(cloud: Cloud, method: string, path: string, body: unknown): Promise<void> {
  await cloud.aws.rest('ses', method, path, JSON.stringify(body), { 'content-type': 'application/json' }).catch((error: unknown) => {
    if (!(error instanceof AwsError && /AlreadyExists|Conflict|UnknownOperation/.test(error.code))) throw error;
  });
}

const mailIdentity: ResourceKind = async (input, cloud) => {
  const identity = text(input.properties, 'EmailIdentity', '');
  await ses(cloud, 'POST', '/v2/email/identities', { EmailIdentity: identity });
  return { ref: identity, attributes: Object.fromEntries([1, 2, 3].flatMap((at) => [[`DkimDNSTokenName${at}`, `local${at}._domainkey`], [`DkimDNSTokenValue${at}`, `local${at}.dkim`]])) };
};

const configurationSet: ResourceKind = async (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  await ses(cloud, 'POST', '/v2/email/configuration-sets', { ConfigurationSetName: name });
  return { ref: name };
};

const eventDestination: ResourceKind = async (input, cloud) => {
  const destination = input.properties['EventDestination'] as { Name: string; MatchingEventTypes: string[]; SnsDestination?: { TopicARN: string } };
  const set = text(input.properties, 'ConfigurationSetName', '');
  await ses(cloud, 'POST', `/v2/email/configuration-sets/${encodeURIComponent(set)}/event-destinations`, {
    EventDestinationName: destination.Name,
    EventDestination: { Enabled: true, MatchingEventTypes: destination.MatchingEventTypes.map((type) => type.toUpperCase()), ...(destination.SnsDestination ? { SnsDestination: { TopicArn: destination.SnsDestination.TopicARN } } : {}) },
  });
  return { ref: `${set}|${destination.Name}` };
};

/** The warehouse and the model answer under any name; only their names are handed on. */
const namespace: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'NamespaceName', input.generatedName);
  return { ref: name, attributes: { 'Namespace.NamespaceArn': `arn:aws:redshift-serverless:${cloud.region}:${cloud.accountId}:namespace/${name}`, 'Namespace.NamespaceName': name, 'Namespace.NamespaceId': name, 'Namespace.DbName': text(input.properties, 'DbName', 'dev') } };
};
const workgroup: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'WorkgroupName', input.generatedName);
  return { ref: name, attributes: { 'Workgroup.WorkgroupArn': `arn:aws:redshift-serverless:${cloud.region}:${cloud.accountId}:workgroup/${name}`, 'Workgroup.WorkgroupName': name, 'Workgroup.WorkgroupId': name, 'Workgroup.Endpoint.Address': '127.0.0.1', 'Workgroup.Endpoint.Port': '5439' } };
};
const endpoint: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'EndpointName', input.generatedName);
  return { ref: `arn:aws:sagemaker:${cloud.region}:${cloud.accountId}:endpoint/${name}`, attributes: { EndpointName: name } };
};

export const identityKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': policy,
  'AWS::SES::EmailIdentity': mailIdentity,
  'AWS::SES::ConfigurationSet': configurationSet,
  'AWS::SES::ConfigurationSetEventDestination': eventDestination,
  'AWS::RedshiftServerless::Namespace': namespace,
  'AWS::RedshiftServerless::Workgroup': workgroup,
  'AWS::SageMaker::Endpoint': endpoint,
};
