import { checkFleet } from './fleet.ts';
import type { Json, Resource } from './template.ts';

type Changes = Readonly<Record<string, (resource: { Properties: Record<string, Json> } & Record<string, unknown>) => void>>;

/** A fleet without a fault. */
const good = (): Record<string, Resource> => ({
  Machine: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: {
      LaunchTemplateData: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
        NetworkInterfaces: [{ AssociatePublicIpAddress: false, Groups: [{ 'Fn::GetAtt': ['Inside', 'GroupId'] }] }],
      },
    },
  },
  Inside: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: { 'Fn::GetAtt': ['Outside', 'GroupId'] } }] } },
  Outside: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }] } },
  Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', DefaultActions: [{ Type: 'forward' }] } },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    CreationPolicy: { ResourceSignal: { Count: 2 } },
    UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: 2, WaitOnResourceSignals: true } },
    Properties: { MinSize: '2', MaxSize: '3', HealthCheckType: 'ELB' },
  },
  Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
  Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: 's' }] } }] } },
  Policy: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: 'l' }] } } },
});

const found = (changes: Changes): string[] => {
  const Resources = good();
  for (const [id, change] of Object.entries(changes)) change(Resources[id] as never);
  return checkFleet([{ name: 'ingest', template: { Resources } }]).map(({ where, message }) => `${where}: ${message}`);
};
const machine = (change: (data: Record<string, Json>) => void): Changes => ({ Machine: ({ Properties }) => change(Properties['LaunchTemplateData'] as Record<string, Json>) });
const set = (id: string, name: string, value: Json): Changes => ({ [id]: ({ Properties }) => void (Properties[name] = value) });
const policy = (Statement: Json): Changes => set('Policy', 'PolicyDocument', { Statement });
const writesToken = (of: string): Json => ({ Effect: 'Allow', Action: 'secretsmanager:PutSecretValue', Resource: { 'Fn::Sub': `arn:aws:secretsmanager:eu:1:secret:orderflow/dev/tokens/${of}` } });
const leases = (...keys: string[]): Json => ({ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: 't', ...(keys.length > 0 ? { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } } : {}) });
const world = { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, CidrIp: '10.0.0.0/8' };

it('a sound fleet passes', () => expect(found({})).toEqual([]));

it('one source\'s token may be kept, under its lease', () => expect(found(policy([writesToken('ebay/*'), leases('token#ebay#*')]))).toEqual([]));

it.each<[string, Changes, string]>([
  ['metadata without a token', machine((data) => void (data['MetadataOptions'] = { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 })), 'HttpTokens: required'],
  ['metadata that travels', machine((data) => void (data['MetadataOptions'] = { HttpTokens: 'required', HttpPutResponseHopLimit: 2 })), 'HttpPutResponseHopLimit: 1'],
  ['a bare disk', machine((data) => void (data['BlockDeviceMappings'] = [{ Ebs: { VolumeSize: 8 } }])), 'every disk must be encrypted'],
  ['a public address', machine((data) => void (data['NetworkInterfaces'] = [{ AssociatePublicIpAddress: true }])), 'no public address'],
  ['an SSH key', machine((data) => void (data['KeyName'] = 'mine')), 'no SSH key'],
  ['instances open to addresses', set('Inside', 'SecurityGroupIngress', [world]), 'from their balancer only'],
  ['another port open to addresses', set('Outside', 'SecurityGroupIngress', [world]), 'only TCP port 443'],
  ['old TLS', set('Listener', 'SslPolicy', 'ELBSecurityPolicy-2016-08'), 'must speak TLS 1.2 or 1.3 only'],
  ['webhooks without TLS', set('Listener', 'Protocol', 'HTTP'), 'may redirect only'],
  ['no word from new instances', { Group: (resource) => { delete resource['CreationPolicy']; } }, 'must say that it answers'],
  ['no room for an update', set('Group', 'MaxSize', '2'), 'maxInstances must be above minInstances (2)'],
  ['health by power only', set('Group', 'HealthCheckType', 'EC2'), 'HealthCheckType: ELB'],
  ['a role that reads', set('Role', 'Policies', [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:Scan', Resource: 't' }] } }]), 'may not dynamodb:Scan'],
  ['a policy beside it', set('Policy', 'PolicyDocument', { Statement: [{ Effect: 'Allow', Action: 's3:DeleteObject', Resource: 'b' }] }), 'may not s3:DeleteObject'],
  ['every source\'s token written', policy([writesToken('*')]), 'may not secretsmanager:PutSecretValue but on the tokens of one named source'],
  ['any item changed', policy([leases()]), 'may not dynamodb:UpdateItem but on items named token#<source>#*'],
  ['every lease taken', policy([leases('token#ebay#*', 'token#*')]), 'may not dynamodb:UpdateItem but'],
  ['a managed policy', set('Role', 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore']), 'no managed policies'],
])('%s is found', (_what, changes, expected) => expect(found(changes).join()).toContain(expected));
