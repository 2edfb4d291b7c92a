import { createResolver } from './resolve.ts';
import { dependenciesOf, inOrder, type Template } from './template.ts';

const template: Template = {
  Parameters: { Size: { Default: '3' } },
  Mappings: { By: { local: { size: 1 } } },
  Conditions: { Local: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, Remote: { 'Fn::Not': [{ Condition: 'Local' }] } },
  Resources: {},
};
const { value, condition } = createResolver({
  template, region: 'eu-west-1', accountId: '000000000000', stackName: 's', stackId: 'id', parameters: { Size: '3' }, notificationArns: [],
  ref: (name) => (name === 'Queue' ? 'http://queue' : undefined),
  attribute: (name, attribute) => (name === 'Queue' && attribute === 'Arn' ? 'arn:queue' : undefined),
  imported: (name) => (name === 'orderflow-eu-west-1' ? 'imported' : undefined),
});

test.each<[unknown, unknown]>([
  [{ Ref: 'Queue' }, 'http://queue'],
  [{ Ref: 'Size' }, '3'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
  [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
  [{ 'Fn::Sub': '${AWS::AccountId}/${Queue.Arn}/${!Kept}' }, '000000000000/arn:queue/${Kept}'],
  [{ 'Fn::Sub': ['${Own}-${Queue}', { Own: { Ref: 'Size' } }] }, '3-http://queue'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Size' }]] }, 'a-3'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
  [{ 'Fn::ImportValue': { 'Fn::Sub': 'orderflow-${AWS::Region}' } }, 'imported'],
  [{ 'Fn::If': ['Remote', 1, { a: { 'Fn::If': ['Local', { Ref: 'AWS::NoValue' }, 1] }, b: 2 }] }, { b: 2 }],
  [{ 'Fn::FindInMap': ['By', 'local', 'size'] }, 1],
  [{ Action: 'x', Condition: { StringEquals: { k: 'v' } } }, { Action: 'x', Condition: { StringEquals: { k: 'v' } } }],
])('%j', (node, expected) => {
  expect(value(node)).toEqual(expected);
});

test('what names nothing is said', () => {
  expect(condition('Remote')).toBe(false);
  expect(() => value({ Ref: 'Nobody' })).toThrow('stack s: Ref names nothing: Nobody');
  expect(() => value({ 'Fn::ImportValue': 'x' })).toThrow('No export named x found.');
  expect(() => value({ 'Fn::Transform': {} })).toThrow('Fn::Transform is not supported');
});

test('dependencies come first, from every intrinsic function; a circle is named', () => {
  expect([...dependenciesOf({ Type: 'T', DependsOn: 'A', Properties: { x: { Ref: 'B' }, y: [{ 'Fn::GetAtt': ['C', 'Arn'] }], z: { 'Fn::Sub': ['${D}${E.Arn}${Own}', { Own: 1 }] } } })]).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(inOrder(['a', 'b', 'c'], (name) => ({ a: ['c'], b: ['a'], c: [] })[name]!)).toEqual(['c', 'a', 'b']);
  expect(() => inOrder(['a', 'b'], (name) => (name === 'a' ? ['b'] : ['a']))).toThrow('circular dependency: a → b → a');
});
