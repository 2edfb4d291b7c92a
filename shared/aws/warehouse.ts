import {
  CancelStatementCommand, DescribeStatementCommand, ExecuteStatementCommand, GetStatementResultCommand, type Field, type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Reads the warehouse. Values are bound by name (`:name`), never put into the text. */
export interface WarehouseReader {
  /** @throws WarehouseFailed; WarehouseSlow, of its kind, when the statement took too long and was cancelled. */
  rows(sql: string, parameters?: Readonly<Record<string, string | number>>): Promise<Row[]>;
}

export class WarehouseFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WarehouseFailed';
  }
}

/** The statement was cancelled, because nobody waits for it any more. */
export class WarehouseSlow extends WarehouseFailed {
  constructor(ms: number) {
    super(`no result within ${ms} ms`);
    this.name = 'WarehouseSlow';
  }
}

const cell = (field: Field): Cell => {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
};

/** The API holds a request open until the statement has ended, at most this long; then it is asked again. */
const longestWait = 30;

/**
 * Through the Redshift Data API: no connection to keep, no password (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html).
 * Statements run by themselves, so this waits for their end until `mostMs`, and cancels what is not needed any more.
 */
export const warehouseReader = (
  client: RedshiftDataClient,
  where: { readonly workgroup: string; readonly database: string },
  mostMs = 20_000,
): WarehouseReader => ({
  async rows(sql, parameters = {}) {
    const bound = Object.entries(parameters).map(([name, value]) => ({ name, value: String(value) }));
    const until = Date.now() + mostMs;
    const wait = (): number => Math.max(1, Math.min(longestWait, Math.floor((until - Date.now()) / 1_000)));
    const { Id, Status: begun } = await client.send(
      new ExecuteStatementCommand({ WorkgroupName: where.workgroup, Database: where.database, Sql: sql, ...(bound.length > 0 && { Parameters: bound }), WaitTimeSeconds: wait() }),
    );
    // the answer to the call itself tells neither a reason nor whether there are rows: a SELECT has some, or an empty page
    if (begun === 'FINISHED' && /^\s*(SELECT|WITH)\b/.test(sql)) return collect(client, Id ?? '');
    for (let now: { Status?: string | undefined; Error?: string | undefined; HasResultSet?: boolean | undefined } = {}; ; ) {
      if (now.Status === 'FINISHED') return now.HasResultSet ? collect(client, Id ?? '') : [];
      if (now.Status === 'FAILED' || now.Status === 'ABORTED') throw new WarehouseFailed(now.Error ?? `the statement was ${now.Status}`);
      if (Date.now() > until) {
        // it may have ended just now
        await client.send(new CancelStatementCommand({ Id })).catch(() => undefined);
        throw new WarehouseSlow(mostMs);
      }
      now = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: wait() }));
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
