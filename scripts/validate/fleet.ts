import { intrinsic, isObject, textOf, type Finding, type Json, type JsonObject, type PackagedService, type Resource, type Template } from './template.ts';

/** All that a machine which strangers talk to may do; whatever else a role of such a machine grants is a finding. */
const mayDo: readonly RegExp[] = [
  /^kinesis:(PutRecords|DescribeStreamSummary)$/, /^s3:(PutObject|GetObject)$/, /^sqs:(SendMessage|GetQueueUrl)$/, /^secretsmanager:GetSecretValue$/, /^ssm:GetParameter$/,
  /^logs:(CreateLogStream|PutLogEvents)$/,
];

/** What it may do beside, but only as narrowly as this: the token of one source's API, with which published keys are asked for. */
const mayDoWithin: readonly { action: RegExp; narrow: (statement: JsonObject) => boolean; as: string }[] = [
  {
    action: /^secretsmanager:(PutSecretValue|CreateSecret)$/,
    narrow: ({ Resource }) => listOf(Resource).every((one) => /:secret:orderflow\/[^*]+\/tokens\/[^*/]+\/\*$/.test(patternOf(one))),
    as: 'but on the tokens of one named source',
  },
  {
    action: /^dynamodb:UpdateItem$/,
    narrow: ({ Condition }) => {
      const keys = listOf(objectOf(objectOf(Condition)['ForAllValues:StringLike'])['dynamodb:LeadingKeys']).map(textOf);
      return keys.length > 0 && keys.every((key) => /^token#[^*#]+#\*$/.test(key));
    },
    as: 'but on items named token#<source>#*',
  },
];

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** Logical ids that a value refers to by Ref or GetAtt. */
function referred(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (!isObject(value)) return [];
  const found = intrinsic(value);
  if (found?.fn === 'Ref') return [textOf(found.arg)];
  if (found?.fn === 'Fn::GetAtt') return [Array.isArray(found.arg) ? textOf(found.arg[0]) : (textOf(found.arg).split('.')[0] ?? '')];
  return Object.values(value).flatMap(referred);
}

/** A resource as written, with what is filled in later left as it stands. */
const patternOf = (value: Json): string => {
  const found = isObject(value) ? intrinsic(value) : undefined;
  return found?.fn === 'Fn::Sub' ? textOf(Array.isArray(found.arg) ? found.arg[0] : found.arg) : textOf(value);
};

type Check = (properties: JsonObject, resource: Resource, template: Template) => string[];
const unless = (good: boolean, message: string): string[] => (good ? [] : [message]);

const ofType = (template: Template, type: string): [string, Resource][] => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

const instanceGroups = (template: Template): Set<string> =>
  new Set(ofType(template, 'AWS::EC2::LaunchTemplate').flatMap(([, { Properties }]) => {
    const data = objectOf(Properties?.['LaunchTemplateData']);
    return [...listOf(data['NetworkInterfaces']).flatMap((one) => referred(objectOf(one)['Groups'])), ...referred(data['SecurityGroupIds'])];
  }));

const launchTemplate: Check = (properties) => {
  const data = objectOf(properties['LaunchTemplateData']);
  const metadata = objectOf(data['MetadataOptions']);
  const disks = listOf(data['BlockDeviceMappings']).map((one) => objectOf(objectOf(one)['Ebs']));
  const interfaces = listOf(data['NetworkInterfaces']).map(objectOf);
  return [
    ...unless(metadata['HttpTokens'] === 'required' && metadata['HttpPutResponseHopLimit'] === 1, 'instance metadata must ask for a token (HttpTokens: required) and end on the instance (HttpPutResponseHopLimit: 1)'),
    ...unless(disks.length > 0 && disks.every(({ Encrypted }) => Encrypted === true), 'every disk must be encrypted'),
    ...unless(interfaces.length > 0 && interfaces.every(({ AssociatePublicIpAddress }) => AssociatePublicIpAddress === false), 'an instance must have no public address'),
    ...unless(data['KeyName'] === undefined, 'an instance must have no SSH key'),
  ];
};

const rule = (id: string, open: JsonObject, template: Template): string[] =>
  open['CidrIp'] === undefined && open['CidrIpv6'] === undefined && open['SourcePrefixListId'] === undefined
    ? []
    : [
        ...unless(!instanceGroups(template).has(id), 'instances may be reached from their balancer only, not from addresses'),
        ...unless(open['FromPort'] === 443 && open['ToPort'] === 443 && open['IpProtocol'] === 'tcp', 'from addresses only TCP port 443 may be reached'),
      ];

const listener: Check = (properties) => {
  const actions = listOf(properties['DefaultActions']).map(objectOf);
  if (properties['Protocol'] === 'HTTP') return unless(actions.length > 0 && actions.every(({ Type }) => Type === 'redirect'), 'without TLS a listener may redirect only');
  return unless(/^ELBSecurityPolicy-TLS13-1-[23]-/.test(textOf(properties['SslPolicy'])), 'must speak TLS 1.2 or 1.3 only: SslPolicy ELBSecurityPolicy-TLS13-1-2-… or -1-3-…');
};

const group: Check = (properties, resource) => {
  const signals = objectOf(objectOf(resource.CreationPolicy)['ResourceSignal']);
  const update = objectOf(objectOf(resource.UpdatePolicy)['AutoScalingRollingUpdate']);
  const least = Number(properties['MinSize']);
  return [
    ...unless(Number(signals['Count']) >= 1 && update['WaitOnResourceSignals'] === true, 'an instance must say that it answers before the next one is replaced (CreationPolicy, WaitOnResourceSignals)'),
    ...unless(Number(update['MinInstancesInService']) >= 1, 'an update must leave instances in service'),
    ...unless(Number(properties['MaxSize']) > Number(update['MinInstancesInService']), `an update needs room for one more: maxInstances must be above minInstances (${least})`),
    ...unless(properties['HealthCheckType'] === 'ELB', 'the balancer must judge whether an instance is healthy (HealthCheckType: ELB)'),
  ];
};

const checks: Readonly<Record<string, Check>> = {
  'AWS::EC2::LaunchTemplate': launchTemplate,
  'AWS::ElasticLoadBalancingV2::Listener': listener,
  'AWS::AutoScaling::AutoScalingGroup': group,
};

const statementsOf = (policy: Json | undefined): JsonObject[] => listOf(objectOf(objectOf(policy)['PolicyDocument'])['Statement']).map(objectOf);

/** What roles of instances grant beyond `mayDo`. */
function checkRoles(name: string, template: Template): Finding[] {
  const roles = new Set(ofType(template, 'AWS::IAM::InstanceProfile').flatMap(([, { Properties }]) => referred(Properties?.['Roles'])));
  const findings: Finding[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const own = Type === 'AWS::IAM::Role' && roles.has(id);
    if (!own && !(Type === 'AWS::IAM::Policy' && referred(Properties['Roles']).some((role) => roles.has(role)))) continue;
    if (own && listOf(Properties['ManagedPolicyArns']).length > 0) findings.push({ where: `${name}/${id}`, message: 'an instance\'s role must name each of its actions: no managed policies' });
    for (const statement of own ? listOf(Properties['Policies']).flatMap(statementsOf) : statementsOf(Properties)) {
      for (const action of listOf(statement['Action']).map(textOf)) {
        if (statement['Effect'] !== 'Allow' || mayDo.some((each) => each.test(action))) continue;
        const within = mayDoWithin.find((each) => each.action.test(action));
        if (within?.narrow(statement) !== true) findings.push({ where: `${name}/${id}`, message: ['an instance may not', action, ...(within ? [within.as] : []), '(scripts/validate/fleet.ts)'].join(' ') });
      }
    }
  }
  return findings;
}

/** Machines that strangers reach: closed but for the balancer's port, encrypted, replaced one by one, with a small role. */
export function checkFleet(services: readonly PackagedService[]): Finding[] {
  return services.flatMap(({ name, template }) => [
    ...Object.entries(template.Resources).flatMap(([id, resource]) => {
      const properties = resource.Properties ?? {};
      const messages = checks[resource.Type]?.(properties, resource, template) ?? [];
      if (resource.Type === 'AWS::EC2::SecurityGroup') messages.push(...listOf(properties['SecurityGroupIngress']).flatMap((one) => rule(id, objectOf(one), template)));
      if (resource.Type === 'AWS::EC2::SecurityGroupIngress') messages.push(...referred(properties['GroupId']).flatMap((of) => rule(of, properties, template)));
      return messages.map((message) => ({ where: `${name}/${id}`, message }));
    }),
    ...checkRoles(name, template),
  ]);
}
