/** What Redshift has and the local warehouse has not. Our SQL must run on both, so the lint names these too. */
interface Lacking {
  readonly form: RegExp;
  readonly instead: string;
}

const lacking: readonly Lacking[] = [
  { form: /\bQUALIFY\b/i, instead: 'QUALIFY: filter the window function in an outer query' },
  { form: /\b(UN)?PIVOT\s*\(/i, instead: 'PIVOT and UNPIVOT: use CASE inside aggregates, or UNION ALL' },
  { form: /\bSELECT\s+TOP\s+\d/i, instead: 'TOP: use LIMIT' },
  { form: /\b(IGNORE|RESPECT)\s+NULLS\b/i, instead: 'IGNORE NULLS: filter in a subquery' },
  { form: /\bH3_\w+\s*\(/i, instead: 'H3 functions: compute cells before loading' },
  { form: /\bST_\w+\s*\(|\bGEOMETRY\b|\bGEOGRAPHY\b/i, instead: 'spatial functions and types' },
  { form: /\bCONNECT\s+BY\b/i, instead: 'CONNECT BY: use WITH RECURSIVE' },
  { form: /\bHLL\w*\s*\(|\bHLLSKETCH\b/i, instead: 'HyperLogLog sketches: use APPROXIMATE COUNT(DISTINCT …)' },
  { form: /\b(FNV_HASH|FARMFINGERPRINT64|MURMUR3_32_HASH|CRC32|BIT(AND|OR|NOT|XOR|LSHIFT|RSHIFT)|BOOLAND_AGG|OBJECT_TRANSFORM|JSON_PARSE_\w+|TEXT_TO_\w+_ALT|OCTETINDEX|SOUNDEX|DIFFERENCE)\s*\(/i, instead: 'this function' },
  { form: /^\s*UNLOAD\b/i, instead: 'UNLOAD: page through the result' },
  { form: /^\s*(CREATE\s+(OR\s+REPLACE\s+)?(EXTERNAL|MODEL|LIBRARY|DATASHARE|FUNCTION|PROCEDURE|MASKING|RLS)|CALL|ALTER\s+DATASHARE|ATTACH|SHOW)\b/i, instead: 'this statement' },
  { form: /\b(STL|STV|SVV|SVL|SVCS)_(?!LOAD_ERRORS\b|DB_ISOLATION_LEVEL\b)\w+/i, instead: 'this system view; there are stl_load_errors, sys_load_error_detail, stv_db_isolation_level, information_schema and pg_catalog' },
  { form: /\bSYS_(?!LOAD_ERROR_DETAIL\b)\w+/i, instead: 'this system view; there is sys_load_error_detail' },
  { form: /^\s*(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT)\b/i, instead: 'transactions by hand: each call is a session of its own; use BatchExecuteStatement' },
];

/** Form of SQL (literals masked) that only Redshift has, each with what to write instead. */
export const lackingForms = (code: string): string[] => lacking.filter(({ form }) => form.test(code)).map(({ instead }) => instead);
