/** Redshift's functions that PostgreSQL lacks, in a schema of their own that is on the search path. Run at every start. */
export const redshiftFunctions = `
CREATE SCHEMA IF NOT EXISTS redshift;
CREATE OR REPLACE FUNCTION redshift.getdate() RETURNS timestamp LANGUAGE sql VOLATILE AS $$ SELECT statement_clock FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS statement_clock) c $$;
CREATE OR REPLACE FUNCTION redshift.json_parse(text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT $1::jsonb $$;
CREATE OR REPLACE FUNCTION redshift.json_serialize(jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE OR REPLACE FUNCTION redshift.is_valid_json(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 IS JSON OBJECT $$;
CREATE OR REPLACE FUNCTION redshift.json_extract_path_text(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.json_extract_path_text($1::json, VARIADIC $2) $$;
CREATE OR REPLACE FUNCTION redshift.sha2(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(CASE $2 WHEN 512 THEN sha512($1::bytea) WHEN 384 THEN sha384($1::bytea) WHEN 224 THEN sha224($1::bytea) ELSE sha256($1::bytea) END, 'hex') $$;
CREATE OR REPLACE FUNCTION redshift.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT strpos($2, $1) $$;
CREATE OR REPLACE FUNCTION redshift.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT $1::date $$;
CREATE OR REPLACE FUNCTION redshift.last_day(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT (date_trunc('month', $1) + interval '1 month - 1 day')::date $$;
CREATE OR REPLACE FUNCTION redshift.add_months(timestamp, integer) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$ SELECT $1 + make_interval(months => $2) $$;
CREATE OR REPLACE FUNCTION redshift.convert_timezone(text, text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT ($3 AT TIME ZONE $1) AT TIME ZONE $2 $$;
CREATE OR REPLACE FUNCTION redshift.convert_timezone(text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT ($2 AT TIME ZONE 'UTC') AT TIME ZONE $1 $$;
CREATE OR REPLACE FUNCTION redshift.part_name(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN lower($1) IN ('y','yr','yrs','year','years') THEN 'year' WHEN lower($1) IN ('qtr','qtrs','quarter','quarters') THEN 'quarter'
    WHEN lower($1) IN ('mon','mons','month','months') THEN 'month' WHEN lower($1) IN ('w','week','weeks') THEN 'week'
    WHEN lower($1) IN ('d','day','days') THEN 'day' WHEN lower($1) IN ('h','hr','hrs','hour','hours') THEN 'hour'
    WHEN lower($1) IN ('m','min','mins','minute','minutes') THEN 'minute' WHEN lower($1) IN ('s','sec','secs','second','seconds') THEN 'second'
    WHEN lower($1) IN ('ms','millisecond','milliseconds') THEN 'millisecond' WHEN lower($1) IN ('us','microsecond','microseconds') THEN 'microsecond' ELSE lower($1) END $$;
CREATE OR REPLACE FUNCTION redshift.dateadd(text, bigint, timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT $3 + CASE redshift.part_name($1) WHEN 'quarter' THEN $2 * 3 * interval '1 month' ELSE $2 * ('1 ' || redshift.part_name($1))::interval END $$;
CREATE OR REPLACE FUNCTION redshift.datediff(text, timestamp, timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE redshift.part_name($1)
    WHEN 'year' THEN date_part('year', $3) - date_part('year', $2)
    WHEN 'quarter' THEN (date_part('year', $3) - date_part('year', $2)) * 4 + date_part('quarter', $3) - date_part('quarter', $2)
    WHEN 'month' THEN (date_part('year', $3) - date_part('year', $2)) * 12 + date_part('month', $3) - date_part('month', $2)
    WHEN 'week' THEN (date_trunc('week', $3)::date - date_trunc('week', $2)::date) / 7
    WHEN 'day' THEN $3::date - $2::date
    WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', $3) - date_trunc('hour', $2)) / 3600
    WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', $3) - date_trunc('minute', $2)) / 60
    WHEN 'millisecond' THEN trunc(extract(epoch FROM $3) * 1000) - trunc(extract(epoch FROM $2) * 1000)
    WHEN 'microsecond' THEN extract(epoch FROM $3 - $2) * 1000000
    ELSE extract(epoch FROM date_trunc('second', $3) - date_trunc('second', $2)) END::bigint $$;
CREATE TABLE IF NOT EXISTS redshift.sys_load_error_detail (
  query_id bigint, start_time timestamp, file_name text, line_number bigint, column_name text, column_type text, error_code integer, error_message text);
`;
