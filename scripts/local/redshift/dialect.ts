import { rewriteCalls } from './calls.ts';
import { alterTable, createTable } from './create-table.ts';
import { mask } from './masked.ts';

/**
 * Redshift SQL → PostgreSQL SQL, for the forms that our own SQL and an analyst's usually take. What is rewritten:
 * - CREATE and ALTER TABLE (see `createTable`)
 * - temporary tables end with their transaction (each Data API call is a session of its own)
 * - quoted names fold to lower case, as they do on Redshift
 * - NVL, NVL2, ISNULL, DECODE, LEN, SYSDATE, LISTAGG, MEDIAN, RATIO_TO_REPORT, APPROXIMATE, MINUS, bare date parts
 * The other functions are in `functions.ts`. What is not rewritten and PostgreSQL has not is refused (`lacking.ts`).
 */
export function toPostgres(sql: string, options: { readonly dropTemporary: boolean }): string[] {
  const { code, literals } = mask(sql.trim());
  // names of database users keep their case
  const folded = literals.map((literal) => (literal.startsWith('"') && !/^"IAMR?:/.test(literal) ? literal.toLowerCase() : literal));
  const restore = (text: string): string => text.replace(/\u0001(\d+)\u0001/g, (_, at: string) => folded[Number(at)] ?? '');
  const fold = (text: string): string => restore(text).toLowerCase();
  const whole = code.trim();
  if (/^CREATE\s+(LOCAL\s+)?(TEMP|TEMPORARY)?\s*TABLE\b/i.test(whole)) return createTable(whole, options.dropTemporary, fold).map((one) => restore(expressions(one)));
  if (/^ALTER\s+TABLE\b/i.test(whole)) return alterTable(whole, fold).map((one) => restore(expressions(one)));
  if (/^ALTER\s+DATABASE\s+\S+\s+ISOLATION\s+LEVEL\b/i.test(whole)) return [isolation(whole)];
  if (/^(CREATE|ALTER)\s+USER\b/i.test(whole)) return [restore(whole.replace(/\bPASSWORD\s+DISABLE\b/gi, ''))];
  if (/^VACUUM\b/i.test(whole)) return [`VACUUM ${restore(whole.replace(/^VACUUM\s*(FULL|SORT\s+ONLY|DELETE\s+ONLY|REINDEX|RECLUSTER)?/i, '').replace(/\bTO\s+\d+\s+PERCENT\b|\bBOOST\b/gi, ''))}`.trim()];
  if (/^ANALYZE\b/i.test(whole)) return [restore(whole.replace(/^ANALYZE\s+(COMPRESSION\s+)?/i, 'ANALYZE ').replace(/\b(PREDICATE|ALL)\s+COLUMNS\b|\bCOMPROWS\s+\d+\b/gi, ''))];
  const views = /^CREATE\b[^(]*\bVIEW\b/i.test(whole) ? whole.replace(/\bWITH\s+NO\s+SCHEMA\s+BINDING\b|\bAUTO\s+REFRESH\s+(YES|NO)\b|\bBACKUP\s+(YES|NO)\b/gi, '') : whole;
  return [restore(expressions(views))];
}

/** New sessions begin with it; the runner asks for it anew. */
const isolation = (code: string): string => {
  const [, database = '', level = ''] = /^ALTER\s+DATABASE\s+([\w"\u0001]+)\s+ISOLATION\s+LEVEL\s+(SERIALIZABLE|SNAPSHOT)\s*$/i.exec(code) ?? [];
  if (database === '') throw new Error('ERROR: syntax error: ALTER DATABASE name ISOLATION LEVEL { SERIALIZABLE | SNAPSHOT }');
  return `ALTER DATABASE ${database} SET default_transaction_isolation = '${level.toUpperCase() === 'SNAPSHOT' ? 'repeatable read' : 'serializable'}'`;
};

const dateParts =
  '(years?|yrs?|y|quarters?|qtrs?|months?|mons?|weeks?|w|days?|d|hours?|hrs?|h|hr|minutes?|mins?|m|seconds?|secs?|s|milliseconds?|ms|microseconds?|us|epoch|dow|dayofweek|dw|doy|dayofyear)';
const dateCalls = new RegExp(`\\b(DATEADD|DATEDIFF|DATE_PART|DATE_ADD|DATE_DIFF|DATE_TRUNC)\\s*\\(\\s*${dateParts}\\s*,`, 'gi');

const lacks = (what: string): never => {
  throw new Error(`ERROR: the local warehouse does not have ${what}`);
};

const decode = (args: readonly string[]): string => {
  const [value = 'NULL', ...rest] = args;
  const cases: string[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) cases.push(`WHEN (${value}) IS NOT DISTINCT FROM (${rest[at]}) THEN ${rest[at + 1]}`);
  return `(CASE ${cases.join(' ')} ELSE ${rest.length % 2 === 1 ? rest.at(-1) : 'NULL'} END)`;
};

const expressions = (code: string): string => {
  let text = code
    .replace(/\bISNULL\s*\(/gi, 'COALESCE(')
    .replace(/\bNVL\s*\(/gi, 'COALESCE(')
    .replace(/\bLEN\s*\(/gi, 'LENGTH(')
    .replace(/(?<![.\w])JSON_SERIALIZE\s*\(/gi, 'redshift.json_serialize(') // PostgreSQL's is a keyword of its grammar
    .replace(/\bSYSDATE\b/gi, "(transaction_timestamp() AT TIME ZONE 'UTC')")
    .replace(/\bAPPROXIMATE\s+(?=COUNT\b|PERCENTILE_DISC\b)/gi, '')
    .replace(/\bMINUS\s+(?=SELECT\b|\()/gi, 'EXCEPT ')
    .replace(dateCalls, "$1('$2',");
  if (/\bNVL2\s*\(/i.test(text)) text = rewriteCalls(text, /NVL2/, ({ args: [value, present, absent] }) => `(CASE WHEN ${value} IS NOT NULL THEN ${present} ELSE ${absent} END)`);
  if (/\bDECODE\s*\(/i.test(text)) text = rewriteCalls(text, /DECODE/, ({ args }) => (args.length < 3 ? undefined : decode(args)));
  if (/\bLISTAGG\s*\(/i.test(text)) {
    text = rewriteCalls(text, /LISTAGG/, ({ args: [value = '', by = "''"], within, over }) => {
      if (over !== undefined) lacks('LISTAGG as a window function: group in a subquery');
      const [, distinct = '', plain = value] = /^(DISTINCT\s+)?([\s\S]*)$/i.exec(value) ?? [];
      return `STRING_AGG(${distinct}CAST(${plain} AS TEXT), ${by}${within === undefined ? '' : ` ${distinct === '' ? within : within.replace(plain, `CAST(${plain} AS TEXT)`)}`})`;
    });
  }
  if (/\bMEDIAN\s*\(|\bPERCENTILE_(?:CONT|DISC)\s*\(/i.test(text)) {
    text = rewriteCalls(text, /MEDIAN|PERCENTILE_CONT|PERCENTILE_DISC/, ({ args, over }, name) => {
      if (over !== undefined) lacks(`${name} as a window function: group in a subquery and join`);
      return name === 'MEDIAN' ? `PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ${args[0]})` : undefined;
    });
  }
  if (/\bRATIO_TO_REPORT\s*\(/i.test(text)) {
    text = rewriteCalls(text, /RATIO_TO_REPORT/, ({ args: [value], over }) => `(CAST(${value} AS DOUBLE PRECISION) / NULLIF(SUM(${value}) OVER (${over ?? ''}), 0))`);
  }
  return text;
};
