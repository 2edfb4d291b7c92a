import type { StatementLog } from './statement-log.ts';

/** A column of a result. */
export interface Column {
  readonly name: string;
  /** PostgreSQL's number of the type, and its modifier (length or precision and scale), -1 for none. */
  readonly oid: number;
  readonly modifier: number;
}

export interface ResultSet {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytes: number;
}

export type Field =
  | { isNull: true } | { booleanValue: boolean } | { longValue: unknown } | { doubleValue: number | string } | { stringValue: string };

/** Limits of the Data API (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-troubleshooting.html). */
export const mostResultBytes = 500 * 1024 * 1024;
export const mostRowBytes = 64 * 1024;
const mostPageRows = 1_000;
const mostPageBytes = 1024 * 1024;

/** Redshift's names of PostgreSQL's types, with the precision that JDBC tells. */
const types: Readonly<Record<number, { readonly name: string; readonly precision?: number; readonly signed?: true }>> = {
  16: { name: 'bool', precision: 1 }, 20: { name: 'int8', precision: 19, signed: true }, 21: { name: 'int2', precision: 5, signed: true },
  23: { name: 'int4', precision: 10, signed: true }, 700: { name: 'float4', precision: 8, signed: true }, 701: { name: 'float8', precision: 17, signed: true },
  1042: { name: 'bpchar' }, 1043: { name: 'varchar' }, 25: { name: 'varchar' }, 1082: { name: 'date', precision: 13 },
  1083: { name: 'time', precision: 15 }, 1266: { name: 'timetz', precision: 21 }, 1114: { name: 'timestamp', precision: 29 },
  1184: { name: 'timestamptz', precision: 35 }, 1186: { name: 'intervald2s' }, 1700: { name: 'numeric', signed: true }, 3802: { name: 'super' }, 17: { name: 'varbyte' },
};

const doubleOf = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);
/** A whole number beyond 2^53 goes out digit by digit. */
const longOf = (text: string): unknown =>
  Number.isSafeInteger(Number(text)) ? Number(text) : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

/**
 * A value as the Data API types it: decimals, dates, times and SUPER are strings
 * (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-jdbc).
 */
export function fieldOf(text: string | null, oid: number): Field {
  if (text === null) return { isNull: true };
  switch (oid) {
    case 16: return { booleanValue: text === 't' };
    case 20: case 21: case 23: return { longValue: longOf(text) };
    case 700: case 701: return { doubleValue: doubleOf(text) };
    default: return { stringValue: text };
  }
}

export function metadataOf({ name, oid, modifier }: Column): Record<string, unknown> {
  const type = types[oid] ?? { name: 'varchar' };
  const numeric = oid === 1700 && modifier > 4;
  const length = (oid === 1042 || oid === 1043) && modifier > 4 ? modifier - 4 : 0;
  return {
    name, label: name, typeName: type.name, nullable: 1, isCaseSensitive: ['varchar', 'bpchar', 'super'].includes(type.name), isCurrency: false,
    isSigned: type.signed ?? false, precision: numeric ? (modifier - 4) >> 16 : (type.precision ?? length), scale: numeric ? (modifier - 4) & 0xffff : 0,
    length, schemaName: '', tableName: '',
  };
}

/** Puts a result on disk, cut into the pages that it is read by. */
export function keepResult(log: StatementLog, id: string, { rows }: ResultSet): void {
  let page = 0;
  for (let from = 0; from < rows.length || page === 0; page++) {
    let bytes = 0;
    let to = from;
    for (; to < rows.length && to - from < mostPageRows && bytes < mostPageBytes; to++) for (const cell of rows[to] ?? []) bytes += cell?.length ?? 4;
    log.putPage(id, page, JSON.stringify({ last: to === rows.length, rows: rows.slice(from, to) }));
    from = to;
  }
}

export interface Page {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly last: boolean;
}

export function pageOf(log: StatementLog, id: string, page: number): Page | undefined {
  const text = log.page(id, page);
  return text === undefined ? undefined : (JSON.parse(text) as Page);
}

const quoted = (cell: string | null): string => (cell === null ? '' : /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const csvOf = (rows: Page['rows']): string => rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
