import {
  DescribeStatementCommand, ExecuteStatementCommand, GetStatementResultCommand, type Field, type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { setTimeout as sleep } from 'node:timers/promises';

export type Cell = string | number | boolean | null;

const cell = (field: Field): Cell => {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
};

/** Reads the warehouse through the Redshift Data API, as anyone with the rights could. */
export class Warehouse {
  readonly #client: RedshiftDataClient;
  readonly #workgroup: string;

  constructor(client: RedshiftDataClient, stage: string) {
    this.#client = client;
    this.#workgroup = `orderflow-${stage}`;
  }

  /** Runs one statement to its end. @throws Error with what the database said */
  async run(sql: string): Promise<{ readonly id: string; readonly rows: boolean }> {
    const { Id: id } = await this.#client.send(new ExecuteStatementCommand({ WorkgroupName: this.#workgroup, Database: 'orderflow', Sql: sql }));
    for (let wait = 10; ; wait = Math.min(wait * 2, 400)) {
      const state = await this.#client.send(new DescribeStatementCommand({ Id: id }));
      if (state.Status === 'FINISHED') return { id: id ?? '', rows: state.HasResultSet ?? false };
      if (state.Status === 'FAILED' || state.Status === 'ABORTED') throw new Error(`warehouse: ${state.Error ?? state.Status} (${sql.slice(0, 120)})`);
      await sleep(wait);
    }
  }

  /** Rows of a query, page by page. */
  async *query(sql: string): AsyncGenerator<Cell[]> {
    const { id } = await this.run(sql);
    let token: string | undefined;
    do {
      const page = await this.#client.send(new GetStatementResultCommand({ Id: id, ...(token !== undefined && { NextToken: token }) }));
      for (const record of page.Records ?? []) yield record.map(cell);
      token = page.NextToken;
    } while (token !== undefined);
  }

  /** First cell of the first row. */
  async figure(sql: string): Promise<Cell> {
    for await (const [first] of this.query(sql)) return first ?? null;
    return null;
  }
}
