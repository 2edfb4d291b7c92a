/** Codes of https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html */
export const codes = {
  delimiterNotFound: 1201, extraColumns: 1202, tooFewColumns: 1203, outOfRange: 1204, date: 1205, timestamp: 1206, digit: 1207, float: 1208, decimal: 1209, boolean: 1210,
  emptyLine: 1211, notNull: 1213, char: 1215, invalidLine: 1216, utf8: 1220,
} as const;

/** Why one field cannot be loaded. */
export class FieldRefused extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'FieldRefused';
    this.code = code;
  }
}

/** One row that COPY could not load, as stl_load_errors and sys_load_error_detail show it. */
export interface LoadError {
  readonly table: string;
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly type: string;
  readonly length: string;
  readonly position: number;
  readonly rawLine: string;
  readonly rawField: string;
  readonly code: number;
  readonly reason: string;
}

/** As many rows could not be loaded as MAXERROR allows, or more. */
export class LoadFailed extends Error {
  readonly errors: readonly LoadError[];
  constructor(table: string, errors: readonly LoadError[]) {
    super(`ERROR: Load into table '${table}' failed.  Check 'sys_load_error_detail' system table for details.`);
    this.name = 'LoadFailed';
    this.errors = errors;
  }
}
