import {
  BatchExecuteStatementCommand, DescribeStatementCommand, ExecuteStatementCommand, GetStatementResultCommand,
  type Field, type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import type { Cell } from './warehouse.ts';

export type Parameters = Readonly<Record<string, string>>;

/** `aborted` also where nobody knows whether it was committed. */
export type BatchResult = { readonly outcome: 'committed' } | { readonly outcome: 'failed'; readonly reason: string };

/** The warehouse as the loader uses it. */
export interface Warehouse {
  /** Runs statements as one transaction; the same token again does not run them again within eight hours. */
  transaction(statements: readonly string[], parameters: Parameters, token: string): Promise<BatchResult>;
  /** @throws StatementFailed */
  query(sql: string, parameters?: Parameters): Promise<Cell[][]>;
}

export class StatementFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StatementFailed';
  }
}

/** The API holds a request open until the statement has ended, at most this long; then it is asked again. */
const waitSeconds = 30;

const cellOf = (field: Field): Cell =>
  field.isNull ? null : (field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null);

const bound = (parameters: Parameters) => {
  const list = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return list.length > 0 ? { Parameters: list } : {};
};

/** Through the Redshift Data API by long polling: one request for a statement that ends within half a minute. */
export function dataApi(client: RedshiftDataClient, where: { readonly workgroup: string; readonly database: string }): Warehouse {
  const target = { WorkgroupName: where.workgroup, Database: where.database };
  const ended = async (id: string, first: string | undefined): Promise<{ status: string; reason: string }> => {
    let status = first ?? 'SUBMITTED';
    let reason = '';
    // a failure is asked for once more: the answer to the call itself carries no reason
    while (status !== 'FINISHED' && !(reason !== '' && (status === 'FAILED' || status === 'ABORTED'))) {
      const now = await client.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: waitSeconds }));
      status = now.Status ?? status;
      if (status === 'FAILED' || status === 'ABORTED') reason = now.Error ?? `the statement was ${status}`;
    }
    return { status, reason };
  };
  return {
    async transaction(statements, parameters, token) {
      const { Id: id = '', Status: first } = await client.send(
        new BatchExecuteStatementCommand({ ...target, Sqls: [...statements], ...bound(parameters), ClientToken: token, WaitTimeSeconds: waitSeconds }),
      );
      const { status, reason } = await ended(id, first);
      return status === 'FINISHED' ? { outcome: 'committed' } : { outcome: 'failed', reason };
    },
    async query(sql, parameters = {}) {
      const { Id: id = '', Status: first } = await client.send(
        new ExecuteStatementCommand({ ...target, Sql: sql, ...bound(parameters), WaitTimeSeconds: waitSeconds }),
      );
      const { status, reason } = await ended(id, first);
      if (status !== 'FINISHED') throw new StatementFailed(reason);
      if (!/^\s*(SELECT|WITH|SHOW)\b/i.test(sql)) return [];
      const rows: Cell[][] = [];
      let token: string | undefined;
      do {
        const page = await client.send(new GetStatementResultCommand({ Id: id, ...(token !== undefined && { NextToken: token }) }));
        for (const record of page.Records ?? []) rows.push(record.map(cellOf));
        token = page.NextToken;
      } while (token !== undefined);
      return rows;
    },
  };
}
