import { createHash } from 'node:crypto';
import { AwsError } from '../service.ts';
import { bind } from './bind.ts';

/** What a caller of the Data API sent, checked as its service model says. */
export type Input = Readonly<Record<string, unknown>>;

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
const broken = (value: unknown, member: string, rule: string): AwsError =>
  invalid(`1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`);

const memberOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** A member of type string; undefined when absent. */
export function text(input: Input, name: string, rule: { readonly least?: number; readonly most?: number; readonly pattern?: RegExp; readonly oneOf?: readonly string[] } = {}): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const member = memberOf(name);
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} must be a string`);
  if (value.length < (rule.least ?? 0)) throw broken(value, member, `have length greater than or equal to ${rule.least}`);
  if (value.length > (rule.most ?? Infinity)) throw broken(value, member, `have length less than or equal to ${rule.most}`);
  if (rule.pattern && !rule.pattern.test(value)) throw broken(value, member, `satisfy regular expression pattern: ${rule.pattern.source}`);
  if (rule.oneOf && !rule.oneOf.includes(value)) throw broken(value, member, `satisfy enum value set: [${rule.oneOf.join(', ')}]`);
  return value;
}

export function required(input: Input, name: string, rule: Parameters<typeof text>[2] = {}): string {
  const value = text(input, name, rule);
  if (value === undefined) throw broken('null', memberOf(name), 'not be null');
  return value;
}

export function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const member = memberOf(name);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new AwsError('SerializationException', `${name} must be a whole number`);
  if (value < least) throw broken(value, member, `have value greater than or equal to ${least}`);
  if (value > most) throw broken(value, member, `have value less than or equal to ${most}`);
  return value;
}

export const statementId = (input: Input): { readonly id: string; readonly number: number | undefined } => {
  const given = required(input, 'Id', { pattern: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/ });
  const [id = '', number] = given.split(':');
  return { id, number: number === undefined || number === '' ? undefined : Number(number) };
};

/** Milliseconds that the caller is willing to wait for the end of a statement. */
export const waitMs = (input: Input): number => (whole(input, 'WaitTimeSeconds', 0, 30) ?? 0) * 1_000;

const arn = /^arn:aws(-[a-z]+)*:redshift-serverless:[a-z0-9-]+:\d{12}:workgroup\/[0-9a-f-]{36}$/;

/** The workgroup that is asked. @throws AwsError where it is none, or its database is not ours. */
export function target(input: Input): string | undefined {
  const workgroup = text(input, 'WorkgroupName', { least: 3, most: 128 });
  const cluster = text(input, 'ClusterIdentifier', { least: 1, most: 63 });
  if (workgroup === undefined && cluster === undefined) throw invalid('Either ClusterIdentifier or WorkgroupName must be specified');
  if (workgroup !== undefined && cluster !== undefined) throw invalid('ClusterIdentifier and WorkgroupName can not be specified together');
  if (cluster !== undefined) throw invalid('the local warehouse is a serverless workgroup: give WorkgroupName, not ClusterIdentifier');
  if (workgroup !== undefined && !/^[a-z0-9-]{3,64}$/.test(workgroup) && !arn.test(workgroup)) throw broken(workgroup, 'workgroupName', 'satisfy regular expression pattern: ^[a-z0-9-]{3,63}$');
  for (const name of ['SecretArn', 'DbUser']) if (input[name] !== undefined) throw invalid(`the local warehouse knows callers by their role: leave out ${name}`);
  const database = text(input, 'Database');
  if (database === undefined) throw invalid('Database is required');
  if (database !== 'orderflow') throw invalid(`FATAL: database "${database}" does not exist`);
  return workgroup;
}

/** Parameters, each of them named by some statement; a value is a text of at least one character, never NULL. */
export function parameters(input: Input, sqls: readonly string[]): { name: string; value: string }[] {
  const given = input['Parameters'];
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.length === 0) throw broken('[]', 'parameters', 'have length greater than or equal to 1');
  const list = (given as Input[]).map((one, at) => {
    const member = `parameters.${at + 1}.member`;
    const { name, value } = one;
    if (typeof name !== 'string' || !/^[0-9a-zA-Z_]+$/.test(name)) throw broken(name, `${member}.name`, 'satisfy regular expression pattern: [0-9a-zA-Z_]+');
    if (typeof value !== 'string') throw broken('null', `${member}.value`, 'not be null');
    if (value === '') throw broken('', `${member}.value`, 'have length greater than or equal to 1');
    return { name, value };
  });
  const map = new Map(list.map(({ name, value }) => [name, value]));
  if (map.size < list.length) throw invalid('Parameters list contains duplicate parameters');
  const used = new Set(sqls.flatMap((sql) => [...bind(sql, map).used]));
  const unused = list.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  if (unused.length > 0) throw invalid(`Parameters list contains unused parameters. Unused parameters: [${unused.join(', ')}]`);
  return list;
}

/** The largest statement, and the most of them in one call (quotas page and service model). */
const mostSqlBytes = 100 * 1024;
const mostStatements = 40;

export function statements(input: Input, batch: boolean): string[] {
  const sqls: unknown = batch ? input['Sqls'] : [input['Sql']];
  if (!Array.isArray(sqls)) throw broken('null', 'sqls', 'not be null');
  if (sqls.length === 0) throw broken('[]', 'sqls', 'have length greater than or equal to 1');
  if (sqls.length > mostStatements) throw broken(`[${sqls.length} statements]`, 'sqls', `have length less than or equal to ${mostStatements}`);
  return sqls.map((sql: unknown) => {
    if (typeof sql !== 'string') throw broken('null', batch ? 'sqls' : 'sql', 'not be null');
    if (sql.trim() === '') throw invalid('SQL statement is empty');
    if (Buffer.byteLength(sql) > mostSqlBytes) throw invalid(`Statement text is ${Buffer.byteLength(sql)} bytes; the maximum is ${mostSqlBytes} (100 KB)`);
    return sql;
  });
}

/** Tells two calls with one client token apart. */
export const fingerprint = (input: Input, sqls: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify([sqls, input['Parameters'] ?? [], input['Database'], input['WorkgroupName'], input['ExecutionMode'] ?? 'TRANSACTION'])).digest('base64');
