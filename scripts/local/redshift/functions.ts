/**
 * Redshift's functions that PostgreSQL lacks or has otherwise, in a schema of their own that comes before PostgreSQL's on the
 * search path. Pages: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
 */
const time = `
CREATE OR REPLACE FUNCTION redshift.getdate() RETURNS timestamp LANGUAGE sql VOLATILE AS $$ SELECT statement_clock FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS statement_clock) c $$;
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
    WHEN lower($1) IN ('ms','millisecond','milliseconds') THEN 'millisecond' WHEN lower($1) IN ('us','microsecond','microseconds') THEN 'microsecond' WHEN lower($1) IN ('dayofweek','dw','weekday') THEN 'dow' WHEN lower($1) IN ('dayofyear','yearday') THEN 'doy' ELSE lower($1) END $$;
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
CREATE OR REPLACE FUNCTION redshift.trunc(date) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE OR REPLACE FUNCTION redshift.date_trunc(text, date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_trunc($1, $2::timestamp) $$;
CREATE OR REPLACE FUNCTION redshift.date_part_year(date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part('year', $1)::integer $$;
CREATE OR REPLACE FUNCTION redshift.date_part(text, timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(redshift.part_name($1), $2) $$;
CREATE OR REPLACE FUNCTION redshift.date_part(text, date) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(redshift.part_name($1), $2) $$;
CREATE OR REPLACE FUNCTION redshift.months_between(timestamp, timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT (date_part('year', $1) - date_part('year', $2)) * 12 + date_part('month', $1) - date_part('month', $2)
    + CASE WHEN date_part('day', $1) = date_part('day', $2) OR ($1::date = redshift.last_day($1) AND $2::date = redshift.last_day($2)) THEN 0
      ELSE (date_part('day', $1) - date_part('day', $2)) / 31 END $$;
CREATE OR REPLACE FUNCTION redshift.next_day(date, text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT $1 + (1 + (array_position(ARRAY['su','mo','tu','we','th','fr','sa'], lower(left($2, 2))) - 1 - date_part('dow', $1)::integer + 6) % 7) $$;
`;

const json = `
CREATE OR REPLACE FUNCTION redshift.json_parse(text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT $1::jsonb $$;
CREATE OR REPLACE FUNCTION redshift.json_serialize(jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE OR REPLACE FUNCTION redshift.json_extract_path_text(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.json_extract_path_text($1::json, VARIADIC $2) $$;
CREATE OR REPLACE FUNCTION redshift.is_valid_json(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 IS JSON OBJECT $$;
CREATE OR REPLACE FUNCTION redshift.is_valid_json_array(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 IS JSON ARRAY $$;
CREATE OR REPLACE FUNCTION redshift.can_json_parse(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 IS JSON $$;
CREATE OR REPLACE FUNCTION redshift.json_array_length(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.json_array_length($1::json) $$;
CREATE OR REPLACE FUNCTION redshift.json_extract_array_element_text(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::json ->> $2 $$;
CREATE OR REPLACE FUNCTION redshift.json_typeof(jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof($1) $$;
CREATE OR REPLACE FUNCTION redshift.is_array(jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof($1) = 'array' $$;
CREATE OR REPLACE FUNCTION redshift.is_object(jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof($1) = 'object' $$;
CREATE OR REPLACE FUNCTION redshift.get_array_length(jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_array_length($1) $$;
`;

const text = `
CREATE OR REPLACE FUNCTION redshift.sha2(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(CASE $2 WHEN 512 THEN sha512($1::bytea) WHEN 384 THEN sha384($1::bytea) WHEN 224 THEN sha224($1::bytea) ELSE sha256($1::bytea) END, 'hex') $$;
CREATE OR REPLACE FUNCTION redshift.strtol(text, integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $2 WHEN 16 THEN ('x' || lpad($1, 16, '0'))::bit(64)::bigint WHEN 10 THEN $1::bigint END $$;
CREATE OR REPLACE FUNCTION redshift.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT strpos($2, $1) $$;
CREATE OR REPLACE FUNCTION redshift.concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE OR REPLACE FUNCTION redshift.regexp_replace(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.regexp_replace($1, $2, regexp_replace($3, '\\$(\\d)', '\\\\\\1', 'g'), 'g') $$;
CREATE OR REPLACE FUNCTION redshift.regexp_replace(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.regexp_replace($1, $2, '', 'g') $$;
`;

const numbers = `
CREATE OR REPLACE FUNCTION redshift.round(double precision, integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;
CREATE OR REPLACE FUNCTION redshift.trunc(double precision, integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc($1::numeric, $2)::double precision $$;
CREATE OR REPLACE FUNCTION redshift.whole_average(bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1[1] > 0 THEN $1[2] / $1[1] END $$;
CREATE OR REPLACE FUNCTION redshift.add_long(bigint[], bigint) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE ARRAY[$1[1] + 1, $1[2] + $2] END $$;
CREATE OR REPLACE AGGREGATE redshift.avg(smallint) (SFUNC = pg_catalog.int2_avg_accum, STYPE = bigint[], FINALFUNC = redshift.whole_average, INITCOND = '{0,0}');
CREATE OR REPLACE AGGREGATE redshift.avg(integer) (SFUNC = pg_catalog.int4_avg_accum, STYPE = bigint[], FINALFUNC = redshift.whole_average, INITCOND = '{0,0}');
CREATE OR REPLACE AGGREGATE redshift.avg(bigint) (SFUNC = redshift.add_long, STYPE = bigint[], FINALFUNC = redshift.whole_average, INITCOND = '{0,0}');
`;

const own = `
CREATE OR REPLACE FUNCTION redshift.forget_byte_limit(text, text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE old text;
  BEGIN
    FOR old IN SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c' AND conname LIKE 'bytes % ' || $2 LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', $1, old);
    END LOOP;
  END $$;
CREATE OR REPLACE FUNCTION redshift.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT NULLIF(current_setting('redshift.last_copy_count', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION redshift.pg_last_copy_id() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT NULLIF(current_setting('redshift.last_copy_id', true), '')::bigint $$;
`;

export const redshiftFunctions = time + json + text + numbers + own;
