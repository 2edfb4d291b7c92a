import {
  DescribeStatementCommand, ExecuteStatementCommand, GetStatementResultCommand, type Field, type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { setTimeout as pause } from 'node:timers/promises';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Reads the warehouse. Values are bound by name (`:name`), never put into the text. */
export interface WarehouseReader {
  /** @throws WarehouseFailed when the statement failed or took too long. */
  rows(sql: string, parameters?: Readonly<Record<string, string | number>>): Promise<Row[]>;
}

export class WarehouseFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WarehouseFailed';
  }
}

const cell = (field: Field): Cell => {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
};

/**
 * Through the Redshift Data API: no connection to keep, no password (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html).
 * Statements run by themselves, so this asks for the state with growing pauses until `mostMs`.
 */
export const warehouseReader = (
  client: RedshiftDataClient,
  where: { readonly workgroup: string; readonly database: string },
  mostMs = 20_000,
): WarehouseReader => ({
  async rows(sql, parameters = {}) {
    const bound = Object.entries(parameters).map(([name, value]) => ({ name, value: String(value) }));
    const { Id } = await client.send(
      new ExecuteStatementCommand({
        WorkgroupName: where.workgroup,
        Database: where.database,
        Sql: sql,
        ...(bound.length > 0 && { Parameters: bound }),
      }),
    );
    const until = Date.now() + mostMs;
    for (let wait = 20; ; wait = Math.min(wait * 2, 1_000)) {
      const { Status, Error: reason, HasResultSet } = await client.send(new DescribeStatementCommand({ Id }));
      if (Status === 'FINISHED') return HasResultSet ? collect(client, Id ?? '') : [];
      if (Status === 'FAILED' || Status === 'ABORTED') throw new WarehouseFailed(reason ?? `the statement was ${Status}`);
      if (Date.now() > until) throw new WarehouseFailed(`no result within ${mostMs} ms`);
      await pause(wait);
    }
  },
});

async function collect(client: RedshiftDataClient, id: string): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetStatementResultCommand({ Id: id, ...(token && { NextToken: token }) }));
    const names = (page.ColumnMetadata ?? []).map((column) => column.name ?? '');
    for (const record of page.Records ?? []) {
      rows.push(Object.fromEntries(record.map((field, at) => [names[at] ?? String(at), cell(field)])));
    }
    token = page.NextToken;
  } while (token);
  return rows;
}
