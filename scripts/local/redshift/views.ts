import { dayMs, type Statement, type SubStatement } from './statement-log.ts';

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html: durations in nanoseconds, times in seconds. */

const shownRows = (part: SubStatement | undefined): { ResultRows: number; ResultSize: number } => ({ ResultRows: part?.rows ?? -1, ResultSize: part?.bytes ?? -1 });
const shownError = (error: string | undefined): { Error?: string } => (error === undefined ? {} : { Error: error });

const subStatement = (statement: Statement) => (part: SubStatement, at: number) => ({
  Id: `${statement.id}:${at + 1}`, Status: part.state, QueryString: part.sql, Duration: part.durationNs, ...shownRows(part), RedshiftQueryId: part.queryId,
  HasResultSet: part.columns !== undefined, CreatedAt: statement.createdAt / 1_000, UpdatedAt: part.updatedAt / 1_000, ...shownError(part.error),
});

export const hasResultSet = (statement: Statement): boolean => statement.parts.some(({ columns }) => columns !== undefined);

/** DescribeStatement's answer; of one statement of a batch when its number is given. */
export function described(statement: Statement, number?: number): Record<string, unknown> {
  const whole = {
    Database: 'orderflow', DbUser: statement.user, WorkgroupName: statement.workgroup, RedshiftPid: statement.pid, ResultFormat: statement.format,
    ...(statement.sessionId === undefined ? {} : { SessionId: statement.sessionId }),
    ...(statement.parameters.length === 0 ? {} : { QueryParameters: statement.parameters }),
  };
  const only = number === undefined ? undefined : statement.parts[number - 1];
  if (only && number !== undefined) return { ...whole, ...subStatement(statement)(only, number - 1) };
  const first = statement.parts[0];
  return {
    ...whole,
    Id: statement.id, Status: statement.state, Duration: statement.durationNs, CreatedAt: statement.createdAt / 1_000,
    UpdatedAt: statement.updatedAt / 1_000, HasResultSet: hasResultSet(statement), ...shownError(statement.error),
    ...(statement.batch
      ? {
        SubStatements: statement.parts.map(subStatement(statement)), ResultRows: -1, ResultSize: -1, RedshiftQueryId: 0,
        ExecutionMode: statement.transaction ? 'TRANSACTION' : 'AUTO_COMMIT',
      }
      : { QueryString: first?.sql, ...shownRows(first), RedshiftQueryId: first?.queryId }),
  };
}

export const listed = (statement: Statement): Record<string, unknown> => ({
  Id: statement.id, Status: statement.state, StatementName: statement.name, IsBatchStatement: statement.batch, ResultFormat: statement.format,
  CreatedAt: statement.createdAt / 1_000, UpdatedAt: statement.updatedAt / 1_000,
  ...(statement.batch ? { QueryStrings: statement.parts.map(({ sql }) => sql) } : { QueryString: statement.parts[0]?.sql }),
  ...(statement.sessionId === undefined ? {} : { SessionId: statement.sessionId }),
  ...(statement.parameters.length === 0 ? {} : { QueryParameters: statement.parameters }),
});

/** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html */
export interface StatementEvent {
  readonly 'detail-type': 'Redshift Data Statement Status Change';
  readonly source: 'aws.redshift-data';
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The event of a statement that was sent with `WithEvent` and has ended. */
export const statementEvent = (statement: Statement, region: string, account: string): StatementEvent => ({
  'detail-type': 'Redshift Data Statement Status Change',
  source: 'aws.redshift-data',
  resources: [`arn:aws:redshift-serverless:${region}:${account}:workgroup/${statement.workgroup ?? ''}`],
  detail: {
    principal: `arn:aws:sts::${account}:assumed-role/${statement.user.replace(/^IAMR?:/, '')}`, statementName: statement.name ?? '', statementId: statement.id,
    redshiftQueryId: statement.batch ? 0 : (statement.parts[0]?.queryId ?? -1), state: statement.state, rows: statement.batch ? 0 : (statement.parts[0]?.rows ?? 0),
    expireAt: Math.floor((statement.createdAt + dayMs) / 1_000),
  },
});
