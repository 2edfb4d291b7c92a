import { AwsError, type JsonOperation } from '../service.ts';
import { invalid, statementId, text, waitMs, type Input } from './request.ts';
import { csvOf, fieldOf, metadataOf, pageOf, type Page } from './results.ts';
import type { Statement, StatementLog, SubStatement } from './statement-log.ts';

export interface ResultParts {
  readonly log: StatementLog;
  /** @throws AwsError ResourceNotFoundException */
  readonly find: (id: string, number?: number) => Statement;
  /** Resolves when the statement has ended, or after the time given. */
  readonly ended: (id: string, milliseconds: number) => Promise<void>;
}

const noResult = (id: string): AwsError =>
  new AwsError('ResourceNotFoundException', 'Query does not have result. Please check query status with DescribeStatement.', 400, { ResourceId: id });

/** GetStatementResult for results in JSON, GetStatementResultV2 for those in CSV. */
export function resultOperations({ log, find, ended }: ResultParts): Record<string, JsonOperation> {
  /** The page that NextToken names, of the result of one statement. */
  const resultPage = async (input: Input, format: 'JSON' | 'CSV'): Promise<{ page: Page; part: SubStatement; next: string | undefined }> => {
    const { id, number } = statementId(input);
    await ended(id, waitMs(input));
    const statement = find(id, number);
    const part = statement.batch && number === undefined ? undefined : statement.parts[(number ?? 1) - 1];
    if (statement.state !== 'FINISHED' || part?.columns === undefined) throw noResult(id);
    if (statement.format !== format) throw invalid(format === 'CSV' ? 'GetStatementResultV2 reads results in CSV format: use GetStatementResult' : 'GetStatementResult reads results in JSON format: use GetStatementResultV2');
    const token = text(input, 'NextToken');
    const [of, at = '0'] = token === undefined ? [id] : Buffer.from(token, 'base64url').toString('utf8').split(' ');
    if (of !== id || !/^\d+$/.test(at)) throw invalid('Invalid NextToken');
    const page = pageOf(log, statement.batch ? `${id}:${number}` : id, Number(at));
    if (!page) throw noResult(id);
    return { page, part, next: page.last ? undefined : Buffer.from(`${id} ${Number(at) + 1}`).toString('base64url') };
  };

  return {
    async GetStatementResult(input) {
      const { page, part, next } = await resultPage(input, 'JSON');
      const columns = part.columns ?? [];
      return {
        Records: page.rows.map((row) => row.map((cell, column) => fieldOf(cell, columns[column]?.oid ?? 25))),
        ColumnMetadata: columns.map(metadataOf), TotalNumRows: part.rows, ...(next !== undefined && { NextToken: next }),
      };
    },
    async GetStatementResultV2(input) {
      const { page, part, next } = await resultPage(input, 'CSV');
      return {
        Records: [{ CSVRecords: csvOf(page.rows) }], ColumnMetadata: (part.columns ?? []).map(metadataOf), TotalNumRows: part.rows, ResultFormat: 'CSV',
        ...(next !== undefined && { NextToken: next }),
      };
    },
  };
}
