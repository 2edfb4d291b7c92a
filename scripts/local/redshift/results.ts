/** Result rows, kept in memory for GetStatementResult: the newest ones, bounded. */
export interface ResultSet {
  readonly fields: readonly { name: string; oid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytes: number;
}

export type Field =
  | { isNull: true } | { booleanValue: boolean } | { longValue: number } | { doubleValue: number } | { stringValue: string };

/** Limits of the Data API (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations). */
export const mostResultBytes = 100 * 1024 * 1024;
export const mostRowBytes = 64 * 1024;
const mostKept = 128 * 1024 * 1024;
const mostPageRows = 1_000;
const mostPageBytes = 1024 * 1024;

const types: Readonly<Record<number, string>> = {
  16: 'bool', 20: 'int8', 21: 'int2', 23: 'int4', 25: 'varchar', 700: 'float4', 701: 'float8', 1042: 'bpchar',
  1043: 'varchar', 1082: 'date', 1114: 'timestamp', 1184: 'timestamptz', 1700: 'numeric', 3802: 'super', 17: 'varbyte',
};

/** A column value as the Data API types it: decimals, dates and times are strings. */
export function fieldOf(text: string | null, oid: number): Field {
  if (text === null) return { isNull: true };
  switch (oid) {
    case 16: return { booleanValue: text === 't' };
    case 20: case 21: case 23: return { longValue: Number(text) };
    case 700: case 701: return { doubleValue: Number(text) };
    default: return { stringValue: text };
  }
}

export const columnOf = ({ name, oid }: { name: string; oid: number }) => ({
  name, label: name, typeName: types[oid] ?? 'varchar', nullable: 1, isCaseSensitive: oid === 25 || oid === 1043,
  isCurrency: false, isSigned: [20, 21, 23, 700, 701, 1700].includes(oid), precision: 0, scale: 0, length: 0, schemaName: '', tableName: '',
});

export interface ResultStore {
  put(id: string, result: ResultSet): void;
  /** One page from row `from`; undefined when the result is gone. */
  page(id: string, from: number): { records: Field[][]; next: number | undefined; result: ResultSet } | undefined;
}

export function resultStore(): ResultStore {
  const kept = new Map<string, ResultSet>();
  let bytes = 0;
  return {
    put(id, result) {
      kept.set(id, result);
      bytes += result.bytes;
      for (const [oldest, { bytes: freed }] of kept) {
        if (bytes <= mostKept || oldest === id) break;
        kept.delete(oldest);
        bytes -= freed;
      }
    },
    page(id, from) {
      const result = kept.get(id);
      if (!result) return undefined;
      const records: Field[][] = [];
      let size = 0;
      let at = from;
      for (; at < result.rows.length && records.length < mostPageRows && size < mostPageBytes; at++) {
        const row = result.rows[at] ?? [];
        for (const cell of row) size += cell?.length ?? 4;
        records.push(row.map((cell, column) => fieldOf(cell, result.fields[column]?.oid ?? 25)));
      }
      return { records, next: at < result.rows.length ? at : undefined, result };
    },
  };
}
