import type pg from 'pg';
import { AwsError, type JsonOperation } from '../service.ts';
import { bind } from './execute.ts';
import { columnOf, type ResultStore } from './results.ts';
import type { Statement, StatementLog, SubStatement } from './statement-log.ts';
import { described, listed } from './views.ts';

export interface Engine {
  readonly log: StatementLog;
  readonly results: ResultStore;
  readonly pool: pg.Pool;
  readonly clock: () => number;
  readonly newId: () => string;
  submit(statement: Statement, token: string | undefined, transaction: boolean, withEvent: boolean): void;
  running(id: string): { done: Promise<void>; cancel: () => Promise<void> } | undefined;
  active(): number;
}

type Input = Record<string, unknown>;

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
const text = (input: Input, name: string): string | undefined => (typeof input[name] === 'string' ? input[name] : undefined);

function waitOf(input: Input): number {
  const seconds = input['WaitTimeSeconds'] ?? 0;
  if (typeof seconds !== 'number' || seconds < 0 || seconds > 30) throw invalid('WaitTimeSeconds must be between 0 and 30');
  return seconds * 1_000;
}

function targetOf(input: Input): void {
  if (!text(input, 'WorkgroupName') && !text(input, 'ClusterIdentifier')) throw invalid('either WorkgroupName or ClusterIdentifier is required');
  if (text(input, 'Database') !== 'orderflow') throw invalid(`database ${text(input, 'Database') ?? '(none)'} does not exist; the local warehouse has one: orderflow`);
  if (input['SessionId'] !== undefined || input['SessionKeepAliveSeconds'] !== undefined) throw invalid('the local warehouse has no sessions');
}

function parametersOf(input: Input, sqls: readonly string[]): Statement['parameters'] {
  const given = (input['Parameters'] ?? []) as { name?: unknown; value?: unknown }[];
  const parameters = given.map(({ name, value }) => {
    if (typeof name !== 'string' || name === '') throw invalid('a parameter needs a name');
    if (typeof value !== 'string' || value === '') throw invalid(`parameter ${name}: value must have a length of at least 1; NULL cannot be given`);
    return { name, value };
  });
  const map = new Map(parameters.map(({ name, value }) => [name, value]));
  const used = new Set(sqls.flatMap((sql) => [...bind(sql, map).used]));
  const unused = parameters.filter(({ name }) => !used.has(name));
  if (unused.length > 0) throw invalid(`Parameters list contains unused parameters. Unused: [${unused.map(({ name }) => name).join(', ')}]`);
  return parameters;
}

const mostSqlBytes = 100 * 1024;
const mostStatements = 40;
const mostActive = 500;

/** Operations of the Data API; limits as its quotas page gives them. */
export function operationsOf(engine: Engine): Record<string, JsonOperation> {
  const { log, results, clock } = engine;

  const waited = async (id: string, milliseconds: number): Promise<void> => {
    const run = engine.running(id);
    if (!run || milliseconds === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    await Promise.race([run.done, limit]);
    clearTimeout(timer);
  };

  const take = async (input: Input, sqls: readonly string[], batch: boolean): Promise<unknown> => {
    targetOf(input);
    const wait = waitOf(input);
    if (sqls.length === 0 || sqls.length > mostStatements) throw invalid(`Sqls must hold 1 to ${mostStatements} statements`);
    for (const sql of sqls) {
      if (typeof sql !== 'string' || sql.trim() === '') throw invalid('a statement is empty');
      if (Buffer.byteLength(sql) > mostSqlBytes) throw invalid('Statement text exceeds the maximum of 100 KB');
    }
    const token = text(input, 'ClientToken');
    const known = token === undefined ? undefined : log.byToken(token, clock());
    const id = known ?? engine.newId();
    if (known === undefined) {
      if (engine.active() >= mostActive) throw new AwsError('ActiveStatementsExceededException', `more than ${mostActive} statements are active`);
      const now = clock();
      const part = (sql: string): SubStatement => ({ sql, state: 'SUBMITTED', durationNs: 0, rows: 0, bytes: 0, hasResult: false, updatedAt: now });
      const statement: Statement = {
        id, batch, name: text(input, 'StatementName'), createdAt: now, updatedAt: now, state: 'SUBMITTED', durationNs: 0,
        parameters: parametersOf(input, sqls), parts: sqls.map(part),
      };
      engine.submit(statement, token, batch && input['ExecutionMode'] !== 'AUTO_COMMIT', input['WithEvent'] === true);
    }
    await waited(id, wait);
    const statement = find(id);
    return {
      Id: id, CreatedAt: statement.createdAt / 1_000, Database: 'orderflow', WorkgroupName: text(input, 'WorkgroupName'),
      DbUser: 'IAMR:local', Status: statement.state, HasResultSet: statement.parts.some(({ hasResult }) => hasResult),
    };
  };

  const find = (id: string | undefined): Statement => {
    const statement = id === undefined ? undefined : log.get(id.split(':')[0] ?? id);
    if (!statement) throw new AwsError('ResourceNotFoundException', 'Query does not exist.');
    return statement;
  };

  return {
    ExecuteStatement: (input) => take(input, [input['Sql'] as string], false),
    BatchExecuteStatement: (input) => take(input, (input['Sqls'] ?? []) as string[], true),
    async DescribeStatement(input) {
      const id = text(input, 'Id');
      find(id);
      await waited(id ?? '', waitOf(input));
      return described(find(id));
    },
    async GetStatementResult(input) {
      const id = text(input, 'Id') ?? '';
      await waited(id, waitOf(input));
      const statement = find(id);
      if (statement.state !== 'FINISHED') throw new AwsError('ResourceNotFoundException', `Query does not have result. Please check query status with DescribeStatement. State: ${statement.state}`);
      const only = statement.parts.findIndex(({ hasResult }) => hasResult);
      const whole = statement.batch && !id.includes(':') ? `${id}:${only + 1}` : id;
      const page = results.page(whole, Number(text(input, 'NextToken') ?? 0));
      if (!page) throw new AwsError('ResourceNotFoundException', 'Query does not have result. Please check query status with DescribeStatement.');
      return {
        Records: page.records, ColumnMetadata: page.result.fields.map(columnOf), TotalNumRows: page.result.rows.length,
        ...(page.next === undefined ? {} : { NextToken: String(page.next) }),
      };
    },
    ListStatements(input) {
      const state = text(input, 'Status');
      const name = text(input, 'StatementName');
      const found = log.recent().filter((one) => (!state || state === 'ALL' || one.state === state) && (!name || (one.name ?? '').startsWith(name)));
      return { Statements: found.slice(0, Number(input['MaxResults'] ?? 100)).map(listed) };
    },
    async CancelStatement(input) {
      const run = engine.running(text(input, 'Id') ?? '');
      if (!run) {
        find(text(input, 'Id'));
        throw invalid('Could not cancel a query that is already in FINISHED state');
      }
      await run.cancel();
      return { Status: true };
    },
    async ListTables(input) {
      targetOf(input);
      const { rows } = await engine.pool.query(
        `SELECT table_name AS name, table_schema AS "schema", CASE table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END AS type
         FROM information_schema.tables WHERE table_schema LIKE $1 AND table_name LIKE $2 ORDER BY 2, 1`,
        [text(input, 'SchemaPattern') ?? 'public', text(input, 'TablePattern') ?? '%'],
      );
      return { Tables: rows };
    },
    async DescribeTable(input) {
      targetOf(input);
      const { rows } = await engine.pool.query<{ name: string; type: string; nullable: string; length: number | null }>(
        `SELECT column_name AS name, data_type AS type, is_nullable AS nullable, character_maximum_length AS length
         FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position`,
        [text(input, 'Schema') ?? 'public', text(input, 'Table') ?? ''],
      );
      const columns = rows.map(({ name, type, nullable, length }) => ({ name, typeName: type, nullable: nullable === 'YES' ? 1 : 0, length: length ?? 0 }));
      return { TableName: text(input, 'Table'), ColumnList: columns };
    },
  };
}
