import type pg from 'pg';
import type { LoadError } from './copy/load-error.ts';

/**
 * Load errors, where Redshift shows them: columns of
 * https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html and
 * https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
 */
export const systemViews = `
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'sys_load_error_detail' AND relnamespace = 'redshift'::regnamespace AND relkind = 'r') THEN DROP TABLE redshift.sys_load_error_detail; END IF;
END $$;
CREATE TABLE IF NOT EXISTS redshift.load_error (
  at timestamp NOT NULL, query bigint, xid bigint, session integer, tbl integer, file_name text, line_number bigint, column_name text, column_type text, column_length text,
  position integer, raw_line text, raw_field text, error_code integer, reason text);
CREATE OR REPLACE VIEW redshift.stl_load_errors AS
SELECT 100 AS userid, 0 AS slice, tbl, at AS starttime, session, query::integer AS query, file_name::char(256) AS filename, line_number, column_name::char(127) AS colname,
  column_type::char(10) AS type, column_length::char(10) AS col_length, position, raw_line::char(1024) AS raw_line, raw_field::char(1024) AS raw_field_value,
  error_code AS err_code, reason::char(100) AS err_reason, 0 AS is_partial, 0::bigint AS start_offset, NULL::bigint AS copy_job_id FROM redshift.load_error;
CREATE OR REPLACE VIEW redshift.sys_load_error_detail AS
SELECT 100 AS user_id, query AS query_id, xid AS transaction_id, session AS session_id, current_database()::char(64) AS database_name, tbl AS table_id, at AS start_time,
  file_name::char(256) AS file_name, line_number, column_name::char(127) AS column_name, column_type::char(10) AS column_type, column_length::char(10) AS column_length,
  position, error_code, reason::char(512) AS error_message FROM redshift.load_error;
CREATE OR REPLACE VIEW redshift.stv_db_isolation_level AS
SELECT d.datname::char(128) AS db_name, (CASE WHEN s.setconfig::text LIKE '%default_transaction_isolation=serializable%' THEN 'Serializable' ELSE 'Snapshot Isolation' END)::char(20) AS isolation_level
FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0 WHERE d.datname = current_database();
`;

/** Notes rows that COPY could not load, apart from the transaction that loaded. */
export async function noteLoadErrors(aside: pg.Pool, queryId: number, pid: number, errors: readonly LoadError[]): Promise<void> {
  const column = (of: (error: LoadError) => unknown): unknown[] => errors.map(of);
  await aside.query(
    `INSERT INTO redshift.load_error (at, query, session, tbl, file_name, line_number, column_name, column_type, column_length, position, raw_line, raw_field, error_code, reason)
     SELECT clock_timestamp() AT TIME ZONE 'UTC', $1, $2, to_regclass($3)::oid::bigint::integer, e.* FROM unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[], $11::text[], $12::integer[], $13::text[]) e`,
    [queryId, pid, errors[0]?.table ?? '', column((e) => e.file), column((e) => e.line), column((e) => e.column), column((e) => e.type), column((e) => e.length), column((e) => e.position),
      column((e) => e.rawLine.replaceAll('\u0000', '')), column((e) => e.rawField.replaceAll('\u0000', '')), column((e) => e.code), column((e) => e.reason)],
  );
}
