import type { Context } from './condition.ts';
import { arn, arnOf, list, record, type Lookups, type Requirement, type Requirements } from './requirement.ts';
import type { GatedCall } from '../gate.ts';

const tableOf = (name: unknown): string => arnOf('dynamodb', 'table/', name);
const WITHOUT_TABLE = new Set(['ListTables', 'DescribeLimits', 'DescribeEndpoints']);

type Input = Readonly<Record<string, unknown>>;

/** Values of the partition key that a key condition names, whatever stands beside it. */
function queried(input: Input, key: string): unknown[] {
  const expression = input['KeyConditionExpression'];
  const [names, values] = [record(input['ExpressionAttributeNames']), record(input['ExpressionAttributeValues'])];
  return typeof expression !== 'string' ? [] : [...expression.matchAll(/(#?[\w.-]+)\s*=\s*(:\w+)/g)].filter(([, name = '']) => (names[name] ?? name) === key).map(([, , value = '']) => values[value]);
}

/** Partition key values that a call names, for `dynamodb:LeadingKeys`; only looked for where a condition asks. */
function leadingKeys(input: Input, lookups: Lookups, items: readonly unknown[] = [input['Key'], input['Item']]): Context {
  return (asked) => {
    if (asked !== 'dynamodb:leadingkeys') return undefined;
    const index = input['IndexName'];
    const key = lookups.partitionKey?.(String(input['TableName']), typeof index === 'string' ? index : undefined);
    if (key === undefined) return undefined;
    const found = [...items.map((item) => record(item)[key]), ...queried(input, key)].filter((value) => value !== undefined);
    return found.length === 0 ? undefined : found.flatMap((value) => Object.values(record(value)).map(String));
  };
}

/** The items that a batch gets, puts or deletes in one table. */
const batched = (requests: unknown): unknown[] => (Array.isArray(requests) ? requests.flatMap((request) => Object.values(record(request)).flatMap((part) => [record(part)['Key'], record(part)['Item']])) : list(record(requests)['Keys']).slice());

/** A transaction needs the rights of its parts; a batch has a right of its own. */
function transaction(input: Input, lookups: Lookups, enclosing: string): Requirement[] {
  return list(input['TransactItems']).flatMap((item) => Object.entries(record(item)).map(([kind, part]) => {
    const keys = leadingKeys(record(part), lookups);
    return {
      action: `dynamodb:${kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`}`, resource: tableOf(record(part)['TableName']),
      context: (key: string) => (key === 'dynamodb:enclosingoperation' ? [enclosing] : keys(key)),
    };
  }));
}

export const dynamodb: Requirements = ({ operation, input }, lookups) => {
  const given = input();
  if (operation.startsWith('Transact')) return transaction(given, lookups, operation);
  const action = `dynamodb:${operation}`;
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') return Object.entries(record(given['RequestItems'])).map(([name, requests]) => ({ action, resource: tableOf(name), context: leadingKeys({ TableName: name }, lookups, batched(requests)) }));
  if (WITHOUT_TABLE.has(operation)) return [{ action, resource: '*' }];
  const table = tableOf(given['TableName'] ?? given['ResourceArn']);
  return [{ action, resource: typeof given['IndexName'] === 'string' ? `${table}/index/${given['IndexName']}` : table, context: leadingKeys(given, lookups) }];
};

const WITHOUT_STREAM = new Set(['ListStreams', 'DescribeLimits', 'UpdateShardCount', 'EnableEnhancedMonitoring', 'DisableEnhancedMonitoring']);

export const kinesis: Requirements = ({ operation, input }, lookups) => {
  const action = `kinesis:${operation}`;
  if (WITHOUT_STREAM.has(operation)) return [{ action, resource: '*' }];
  const given = input();
  const iterator = given['ShardIterator'];
  const name = given['StreamARN'] ?? given['StreamName'] ?? given['ResourceARN'] ?? (typeof iterator === 'string' ? lookups.streamOfIterator?.(iterator) : undefined);
  return name === undefined ? [] : [{ action, resource: arnOf('kinesis', 'stream/', name) }]; // without a stream the service says what is missing
};

/** A statement runs under temporary credentials unless a secret is given. A running statement has no ARN. */
export const redshiftData: Requirements = ({ operation, input }, lookups) => {
  const action = `redshift-data:${operation}`;
  if (/^(Describe|Cancel|List)Statements?$|^GetStatementResult/.test(operation)) return [{ action, resource: '*' }];
  const given = input();
  const workgroup = arnOf('redshift-serverless', 'workgroup/', given['WorkgroupName']);
  const secret = given['SecretArn'];
  return [
    { action, resource: workgroup },
    typeof secret === 'string' ? { action: 'secretsmanager:GetSecretValue', resource: lookups.secretArn?.(secret) ?? secret } : { action: 'redshift-serverless:GetCredentials', resource: workgroup },
  ];
};

const secretArn = (id: unknown, lookups: Lookups): string => lookups.secretArn?.(String(id)) ?? arnOf('secretsmanager', 'secret:', id);

export const secretsmanager: Requirements = ({ operation, input }, lookups) => {
  const given = input();
  const action = `secretsmanager:${operation}`;
  if (operation === 'BatchGetSecretValue') return [{ action, resource: '*' }, ...list(given['SecretIdList']).map((id) => ({ action: 'secretsmanager:GetSecretValue', resource: secretArn(id, lookups) }))];
  if (operation === 'ListSecrets' || operation === 'GetRandomPassword') return [{ action, resource: '*' }];
  return [{ action, resource: secretArn(given['SecretId'] ?? given['Name'], lookups) }];
};

const parameterArn = (name: unknown): string => (String(name).startsWith('arn:') ? String(name) : arn('ssm', `parameter/${String(name).replace(/^\//, '')}`));

export const ssm: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `ssm:${operation}`;
  if (operation === 'DescribeParameters') return [{ action, resource: '*' }];
  const names = Array.isArray(given['Names']) ? given['Names'] : [given['Name'] ?? given['Path'] ?? given['ResourceId']];
  return names.map((name) => ({ action, resource: parameterArn(name) }));
};

const logArn = (group: unknown, stream: unknown): string => {
  const name = (typeof group === 'string' ? group : '').replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  return arn('logs', `log-group:${name}:log-stream:${typeof stream === 'string' ? stream : ''}`);
};

export const logs: Requirements = ({ operation, input }: GatedCall) => {
  const given = input();
  const action = `logs:${operation}`;
  if (operation === 'DescribeLogGroups') return [{ action, resource: logArn('', undefined) }];
  return [{ action, resource: logArn(given['logGroupName'] ?? given['logGroupIdentifier'] ?? given['resourceArn'], given['logStreamName']) }];
};
