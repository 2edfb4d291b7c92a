import fc from 'fast-check';
import type { Context } from './condition.ts';
import { compileStatements, judge, type Statement } from './policy.ts';
import { arnPattern } from './wildcard.ts';

const TABLE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/items';
const nothing: Context = () => undefined;
const allow = (more: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE, ...more });
const outcome = (statements: readonly Statement[], action = 'dynamodb:GetItem', resource = TABLE, context = nothing) => judge(compileStatements(statements), action, resource, context).outcome;

describe('a policy', () => {
  it.each<[string, Statement[], string, string, string]>([
    ['grants nothing by itself', [], 'dynamodb:GetItem', TABLE, 'not granted'],
    ['grants what it names', [allow()], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['does not grant another action', [allow()], 'dynamodb:PutItem', TABLE, 'not granted'],
    ['does not grant another resource', [allow()], 'dynamodb:GetItem', `${TABLE}2`, 'not granted'],
    ['does not grant the index with its table', [allow()], 'dynamodb:GetItem', `${TABLE}/index/due`, 'not granted'],
    ['takes actions without regard to case', [allow({ Action: 'DynamoDB:getitem' })], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['takes resources with regard to case', [allow({ Resource: TABLE.replace('items', 'Items') })], 'dynamodb:GetItem', TABLE, 'not granted'],
    ['knows wildcards in actions', [allow({ Action: 'dynamodb:Get*' })], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['knows single-character wildcards', [allow({ Resource: TABLE.replace('items', 'item?') })], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['lets an explicit denial win, wherever it stands', [allow(), { Effect: 'Deny', Action: '*', Resource: `${TABLE}*` }, allow()], 'dynamodb:GetItem', TABLE, 'denied'],
    ['leaves alone what its denial does not name', [allow(), { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' }], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['grants all but NotAction', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['does not grant what NotAction names', [{ Effect: 'Allow', NotAction: ['iam:*', 'dynamodb:*'], Resource: '*' }], 'dynamodb:GetItem', TABLE, 'not granted'],
    ['grants all but NotResource', [{ Effect: 'Allow', Action: '*', NotResource: `${TABLE}2` }], 'dynamodb:GetItem', TABLE, 'allowed'],
    ['does not grant what NotResource names', [{ Effect: 'Allow', Action: '*', NotResource: `${TABLE}*` }], 'dynamodb:GetItem', TABLE, 'not granted'],
    ['grants what has no resource by * alone', [allow({ Action: 'xray:*', Resource: '*' })], 'xray:PutTraceSegments', '*', 'allowed'],
    ['does not grant what has no resource by an ARN', [allow({ Action: 'xray:*', Resource: 'arn:aws:xray:*:*:*' })], 'xray:PutTraceSegments', '*', 'not granted'],
    ['holds a wildcard within its part of the ARN', [allow({ Resource: 'arn:aws:dynamodb:*:table/items' })], 'dynamodb:GetItem', TABLE, 'malformed'],
    ['does not let it swallow the part beside it', [allow({ Action: 'sns:*', Resource: 'arn:aws:sns:*:t:x' })], 'sns:Publish', 'arn:aws:sns:a:b:t:x', 'not granted'],
    ['reaches over slashes and colons of a name', [allow({ Action: 'logs:*', Resource: 'arn:aws:logs:eu-west-1:*:log-group:/a/b:*' })], 'logs:PutLogEvents', 'arn:aws:logs:eu-west-1:000000000000:log-group:/a/b:log-stream:c/d', 'allowed'],
  ])('%s', (_what, statements, action, resource, expected) => {
    if (expected === 'malformed') expect(() => outcome(statements, action, resource)).toThrow(/ARN format/);
    else expect(outcome(statements, action, resource)).toBe(expected);
  });

  const conditional = (operator: string, wanted: unknown, key = 'aws:SourceArn') => [allow({ Condition: { [operator]: { [key]: wanted } } })];
  const having = (...values: string[]): Context => (key) => (key === 'aws:sourcearn' ? values : undefined);
  it.each<[string, unknown, string[] | undefined, string]>([
    ['StringEquals', ['a', 'b'], ['b'], 'allowed'], ['StringEquals', 'a', ['A'], 'not granted'], ['StringEquals', 'a', undefined, 'not granted'], ['StringEqualsIfExists', 'a', undefined, 'allowed'],
    ['StringEqualsIgnoreCase', 'a', ['A'], 'allowed'], ['StringNotEquals', 'a', ['a'], 'not granted'], ['StringNotEquals', 'a', undefined, 'allowed'],
    ['StringLike', 'over/*', ['over/x/y'], 'allowed'], ['StringLike', 'over/*', ['under/x'], 'not granted'], ['StringNotLike', 'over/*', ['under/x'], 'allowed'],
    ['ArnLike', 'arn:aws:events:*:*:rule/x*', ['arn:aws:events:eu-west-1:1:rule/xy'], 'allowed'], ['ArnEquals', 'arn:aws:events:*:*:rule/x*', ['arn:aws:s3:::b'], 'not granted'],
    ['NumericLessThan', 5, ['4'], 'allowed'], ['NumericGreaterThanEquals', '5', ['4'], 'not granted'], ['DateLessThan', '2030-01-01T00:00:00Z', ['2026-01-01T00:00:00Z'], 'allowed'],
    ['Bool', true, ['true'], 'allowed'], ['Bool', 'false', ['true'], 'not granted'], ['Null', 'true', undefined, 'allowed'], ['Null', 'true', ['a'], 'not granted'], ['Null', false, ['a'], 'allowed'],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'], 'allowed'], ['ForAllValues:StringEquals', ['a'], ['a', 'b'], 'not granted'], ['ForAllValues:StringEquals', ['a'], undefined, 'allowed'],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], 'allowed'], ['ForAnyValue:StringEquals', ['a'], undefined, 'not granted'], ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], 'allowed'],
  ])('%s %j of %j is %s', (operator, wanted, values, expected) => expect(outcome(conditional(operator, wanted), undefined, undefined, values ? having(...values) : nothing)).toBe(expected));

  it('refuses loudly what it cannot judge', () => {
    expect(() => outcome(conditional('BinaryEquals', 'x'))).toThrow(/condition operator BinaryEquals/);
    expect(() => outcome(conditional('StringEquals', 'x', 'ec2:Vpc'))).toThrow(/condition key ec2:vpc/);
    expect(() => outcome([allow({ Resource: `${TABLE}/\${aws:username}` })])).toThrow(/policy variables/);
    expect(() => outcome([{ ...allow(), NotPrincipal: '*' } as Statement])).toThrow(/NotPrincipal/);
    expect(() => outcome([{ Effect: 'allow' as 'Allow', Action: '*', Resource: '*' }])).toThrow(/Effect/);
  });
});

describe('laws', () => {
  const word = fc.stringMatching(/^[a-z0-9/-]{0,8}$/);
  const pattern = fc.array(fc.oneof(word, fc.constantFrom('*', '?')), { maxLength: 5 }).map((parts) => `arn:aws:s3:::${parts.join('')}`);
  const arn = word.map((name) => `arn:aws:s3:::${name}`);
  /** The rule as one reads it: characters one by one. */
  const reads = (wanted: string, value: string): boolean => {
    const [first, ...rest] = wanted;
    if (first === undefined) return value === '';
    if (first === '*') return reads(rest.join(''), value) || (value !== '' && reads(wanted, value.slice(1)));
    return value !== '' && (first === '?' || first === value[0]) && reads(rest.join(''), value.slice(1));
  };
  it('a pattern matches as it reads', () => fc.assert(fc.property(pattern, arn, (wanted, value) => arnPattern(wanted).matches(value) === reads(wanted.slice(13), value.slice(13)))));

  const statement = fc.record({ Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'), Action: fc.constantFrom('s3:GetObject', 's3:*', '*'), Resource: pattern });
  it('the order of statements does not matter, and a denial only takes away', () => {
    fc.assert(fc.property(fc.array(statement, { maxLength: 4 }), statement, arn, (statements, more, resource) => {
      const before = outcome(statements, 's3:GetObject', resource);
      expect(outcome([...statements].reverse(), 's3:GetObject', resource)).toBe(before);
      const after = outcome([...statements, more], 's3:GetObject', resource);
      if (more.Effect === 'Deny' && after === 'allowed') expect(before).toBe('allowed');
      if (before === 'denied') expect(after).toBe('denied');
    }));
  });
});
