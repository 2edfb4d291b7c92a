import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { checkEnvironments, checkMappings } from './functions.ts';
import { checkGraph } from './graph.ts';
import { checkPermissions } from './permissions.ts';
import { checkReferences } from './references.ts';
import { attributesFrom, checkSpecification, specificationOf } from './specification.ts';
import { checkStateMachines } from './state-machines.ts';
import type { PackagedService, Resource, Template } from './template.ts';

const specification = specificationOf(loadAwsServiceSpecSync(), ['AWS::Kinesis::Stream', 'AWS::Lambda::EventSourceMapping', 'AWS::SNS::Topic']);
const service = (Resources: Record<string, Resource>, rest: Partial<Template> = {}, name = 'orders'): PackagedService => ({
  name,
  template: { Resources, ...rest },
});
const messages = (findings: readonly { where: string; message: string }[]) => findings.map(({ where, message }) => `${where}: ${message}`);

const stream: Resource = { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'events', ShardCount: 1 } };

describe('the resource specification', () => {
  const check = (resource: Resource) => messages(checkSpecification([service({ R: resource })], specification));

  it('passes what CloudFormation knows', () => expect(check(stream)).toEqual([]));
  it('names an unknown type', () => expect(check({ Type: 'AWS::Kinesis::Strom' })).toEqual(['orders/R: AWS::Kinesis::Strom is no resource type of CloudFormation']));
  it('names an unknown property, also deep down', () => {
    expect(check({ ...stream, Properties: { Nome: 'x' } })).toEqual(['orders/R.Nome: is no property of this type in the specification']);
    expect(check({ ...stream, Properties: { StreamModeDetails: { StreamMode: 'ON_DEMAND', Extra: 1 } } })).toEqual([
      'orders/R.StreamModeDetails.Extra: is no property of this type in the specification',
    ]);
  });
  it('names a missing required property', () => expect(check({ Type: 'AWS::Lambda::EventSourceMapping', Properties: {} })).toEqual(['orders/R: needs the property FunctionName']));
  it('names a value of the wrong type', () => expect(check({ ...stream, Properties: { ShardCount: 'many' } })).toEqual(['orders/R.ShardCount: must be a number']));
});

describe('references', () => {
  const check = (services: PackagedService[]) => messages(checkReferences(services, attributesFrom(specification)));
  const reader = (value: Resource['Properties']): Resource => ({ Type: 'AWS::SNS::Topic', Properties: value ?? {} });

  it('resolve within and between templates', () => {
    const core = service({ S: stream }, { Outputs: { A: { Value: { 'Fn::GetAtt': ['S', 'Arn'] }, Export: { Name: 'events-arn' } } } }, 'core');
    const other = service({ T: reader({ TopicName: { 'Fn::ImportValue': 'events-arn' }, DisplayName: { 'Fn::Sub': '${AWS::Region}-${T}' } }) });
    expect(check([core, other])).toEqual([]);
  });
  it.each([
    [{ TopicName: { Ref: 'Nobody' } }, 'Unresolved resource dependencies [Nobody]'],
    [{ TopicName: { 'Fn::GetAtt': ['S', 'Arm'] } }, 'does not support attribute type Arm'],
    [{ TopicName: { 'Fn::Sub': 'x-${Nobody.Arn}' } }, 'undefined resource Nobody'],
    [{ TopicName: { 'Fn::ImportValue': 'nothing' } }, 'imports nothing'],
    [{ TopicName: { 'Fn::If': ['Never', 'a', 'b'] } }, 'condition dependency Never'],
  ])('are found when %j', (properties, expected) => {
    expect(check([service({ S: stream, T: reader(properties) })]).join()).toContain(expected);
  });
});

describe('event mappings', () => {
  const root = mkdtempSync(join(tmpdir(), 'validate-'));
  mkdirSync(join(root, 'services/orders/src/consume'), { recursive: true });
  mkdirSync(join(root, 'services/orders/src/other'), { recursive: true });
  writeFileSync(join(root, 'services/orders/src/consume/handle.ts'), 'return consume(event, handling)');
  writeFileSync(join(root, 'services/orders/src/other/handle.ts'), 'return undefined');
  const good = {
    FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
    StartingPosition: 'TRIM_HORIZON',
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 8,
    MaximumRecordAgeInSeconds: 86_400,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
  };
  const check = (over: object, handler = 'src/consume/index.handler') =>
    messages(
      checkMappings(
        [service({ F: { Type: 'AWS::Lambda::Function', Properties: { Handler: handler } }, M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...good, ...over } } })],
        root,
      ),
    ).join();

  it('pass when they agree', () => expect(check({})).toBe(''));
  it.each([
    [{ FunctionResponseTypes: [] }, 'does not ask for ReportBatchItemFailures'],
    [{ StartingPosition: 'LATEST' }, 'TRIM_HORIZON'],
    [{ BisectBatchOnFunctionError: false }, 'bisectBatchOnFunctionError'],
    [{ MaximumRetryAttempts: -1 }, 'MaximumRetryAttempts'],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:0:q' } } }, 'S3'],
  ])('are found when %j', (over, expected) => expect(check(over)).toContain(expected));
  it('are found when the handler reports nothing', () => expect(check({}, 'src/other/index.handler')).toContain('the handler reports none'));
});

it('an environment that invoke local cannot resolve is found', () => {
  const served = (value: unknown): PackagedService => service({ F: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { X: value } } } as never } });
  expect(checkEnvironments([served('text'), served({ Ref: 'T' }), served({ 'Fn::ImportValue': 'x' })])).toEqual([]);
  expect(messages(checkEnvironments([served({ 'Fn::Sub': 'x' })])).join()).toContain('Fn::Sub');
});

it('a role that grants everything is found, one that must is not', () => {
  const role = (Action: string, Resource: string): PackagedService =>
    service({ R: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }] } } });
  expect(checkPermissions([role('xray:PutTraceSegments', '*'), role('s3:PutObject', 'arn:aws:s3:::b/raw/*')])).toEqual([]);
  expect(checkPermissions([role('s3:PutObject', '*')])).toHaveLength(1);
  expect(checkPermissions([role('s3:*', 'arn:aws:s3:::b')])).toHaveLength(1);
});

describe('state machines', () => {
  const machine = (definition: object): PackagedService =>
    service({
      F: { Type: 'AWS::Lambda::Function' },
      M: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: { 'Fn::Sub': [JSON.stringify(definition), { f: { 'Fn::GetAtt': ['F', 'Arn'] } }] } } },
    });
  const task = (over: object = {}) => ({ Type: 'Task', Resource: '${f}', TimeoutSeconds: 60, End: true, ...over });
  const definition = (state: object, over: object = {}) => ({ StartAt: 'A', TimeoutSeconds: 600, States: { A: state }, ...over });

  it('pass', () => expect(messages(checkStateMachines([machine(definition(task()))]))).toEqual([]));
  it('need a bound on each task', () => expect(messages(checkStateMachines([machine(definition(task({ TimeoutSeconds: undefined })))])).join()).toContain('the task has no TimeoutSeconds'));
  it('must call what is there', () => expect(messages(checkStateMachines([machine(definition(task({ Resource: '${Gone.Arn}' })))])).join()).toContain('Gone'));
  it('must be States Language', () => expect(checkStateMachines([machine(definition(task({ Next: 'Nowhere', End: undefined })))])).not.toEqual([]));
});

it('a deployment order that misses an import is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const file = join(folder, 'serverless-compose.yml');
  const core = service({ S: stream }, { Outputs: { A: { Value: 'x', Export: { Name: 'x' } } } }, 'core');
  const other = service({ T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': 'x' } } } }, {}, 'other');
  writeFileSync(file, 'services:\n  core: { path: a }\n  other: { path: b, dependsOn: core }\n');
  expect(checkGraph([core, other], file)).toEqual([]);
  writeFileSync(file, 'services:\n  core: { path: a }\n  other: { path: b }\n');
  expect(checkGraph([core, other], file)).toHaveLength(1);
});
