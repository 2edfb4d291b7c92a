import { checkPermissions } from './permissions.ts';
import type { PackagedService } from './template.ts';
import { usedLines, usedReport } from './used.ts';
import { resourceText } from './wildcards.ts';

const grant = (role: string, action: string, resource: string, calls: number) => ({ role, action, resource, calls });

it('lists what was granted and never used, by role; what has a reason apart', () => {
  const report = usedReport({
    granted: [grant('orders', 's3:GetObject', 'arn:b/*', 3), grant('orders', 's3:PutObject', 'arn:b/*', 0), grant('orders', 'xray:Put', '*', 0), grant('nobody', 's3:*', '*', 0)],
    denied: [grant('orders', 's3:DeleteObject', 'arn:b/k', 1)], idle: ['nobody'],
  }, [{ role: '*', action: 'xray:*', resource: '*', reason: 'no tracing here' }]);
  expect(report).toMatchObject({ grants: 3, used: 1, explained: [{ action: 'xray:Put', reason: 'no tracing here' }], idle: ['nobody'] });
  expect([...report.unused]).toEqual([['orders', [grant('orders', 's3:PutObject', 'arn:b/*', 0)]]]);
  const lines = usedLines(report).join('\n');
  for (const words of ['1 of 3 granted', '1  no tracing here', 'nothing works under nobody', 'DENIED orders: s3:DeleteObject', '1 were never used', 's3:PutObject on arn:b/*']) expect(lines).toContain(words);
});

it('reads resources through their functions', () => {
  expect(resourceText({ 'Fn::Sub': ['${Table}/index/due', { Table: { 'Fn::ImportValue': 'x' } }] })).toBe('${x}/index/due');
  expect(resourceText({ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['B', 'Arn'] }, '/*']] })).toBe('${B.Arn}/*');
});

it('finds wildcards in resources that nobody has given a reason for', () => {
  const role = (Action: string, Resource: never): PackagedService => ({ name: 'orders', template: { Resources: { R: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }] } } } } });
  expect(checkPermissions([role('s3:GetObject', { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::orderflow-local-staging/pending/*' } as never)])).toEqual([]);
  expect(checkPermissions([role('dynamodb:GetItem', { 'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*' } as never)])).toHaveLength(1);
  expect(checkPermissions([role('s3:GetObject', { 'Fn::Sub': 'arn:aws:s3:::orderflow-*' } as never)])).toHaveLength(1);
});
