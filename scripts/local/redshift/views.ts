import type { Statement, SubStatement } from './statement-log.ts';

const subStatement = (statement: Statement, createdAt: number) => (part: SubStatement, at: number) => ({
  Id: `${statement.id}:${at + 1}`, Status: part.state, QueryString: part.sql, Duration: part.durationNs,
  ResultRows: part.rows, ResultSize: part.bytes, HasResultSet: part.hasResult, CreatedAt: createdAt,
  UpdatedAt: part.updatedAt / 1_000, ...(part.error === undefined ? {} : { Error: part.error }),
});

/** DescribeStatement's answer: durations in nanoseconds, times in seconds. */
export function described(statement: Statement): Record<string, unknown> {
  const first = statement.parts[0];
  const createdAt = statement.createdAt / 1_000;
  return {
    Id: statement.id, Status: statement.state, Database: 'orderflow', DbUser: 'IAMR:local', Duration: statement.durationNs,
    CreatedAt: createdAt, UpdatedAt: statement.updatedAt / 1_000,
    HasResultSet: statement.parts.some(({ hasResult }) => hasResult),
    ...(statement.error === undefined ? {} : { Error: statement.error }),
    ...(statement.parameters.length === 0 ? {} : { QueryParameters: statement.parameters }),
    ...(statement.batch
      ? { SubStatements: statement.parts.map(subStatement(statement, createdAt)) }
      : { QueryString: first?.sql, ResultRows: first?.rows ?? 0, ResultSize: first?.bytes ?? 0 }),
  };
}

export const listed = (statement: Statement): Record<string, unknown> => ({
  Id: statement.id, Status: statement.state, StatementName: statement.name, IsBatchStatement: statement.batch,
  CreatedAt: statement.createdAt / 1_000, UpdatedAt: statement.updatedAt / 1_000,
  QueryString: statement.parts[0]?.sql, QueryStrings: statement.parts.map(({ sql }) => sql),
});
