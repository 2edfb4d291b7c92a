import { docs, type Rule } from './rule.ts';

const leaderOnly = `${docs}/c_SQL_functions_leader_node_only.html`;
const unsupported = `${docs}/c_unsupported-postgresql-functions.html`;
const ends = '(?=\\s*(?:[,)]|$|NOT\\b|NULL\\b|DEFAULT\\b|ENCODE\\b|DISTKEY\\b|SORTKEY\\b|PRIMARY\\b|UNIQUE\\b|REFERENCES\\b))';
const column = /^\s*(CREATE|ALTER)\b/i;
/** A type, where one can stand: after the name of a column, in CAST, behind `::`. */
const typed = (names: string): RegExp =>
  new RegExp(`(?:^\\s*(?:CREATE|ALTER)\\s+(?:TEMP\\w*\\s+)?TABLE\\b[\\s\\S]*[\\w\\u0001](?<!\\bAS)\\s+|\\bCAST\\s*\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\bAS\\s+|::\\s*)(?:${names})\\b(?!\\s*\\()(?:${ends}|(?<=::\\s*\\w+))`, 'i');

/** Functions that Redshift lacks, with what to use. */
const functions: readonly (readonly [names: string, instead: string])[] = [
  ['GENERATE_SERIES|GENERATE_SUBSCRIPTS', 'generate_series runs on the leader node only: use a table of numbers or a recursive CTE'],
  ['STRING_AGG|ARRAY_AGG|XMLAGG|JSONB?_AGG|JSONB?_OBJECT_AGG', 'string_agg, array_agg: use LISTAGG'],
  ['NOW|CLOCK_TIMESTAMP|TRANSACTION_TIMESTAMP|STATEMENT_TIMESTAMP|AGE|PG_SLEEP|TIMEOFDAY', `functions of time that Redshift lacks or runs on the leader node only: use GETDATE() or SYSDATE (${leaderOnly})`],
  ['PG_(?:TRY_)?ADVISORY\\w*', 'advisory locks: use LOCK'],
  ['EVERY|CORR|COVAR_POP|COVAR_SAMP|REGR_\\w+|MODE|WIDTH_BUCKET|DIV|SETSEED|GCD|LCM|FACTORIAL|SCALE|MIN_SCALE|TRIM_SCALE|ERF|ERFC|CBRTL', `a function of numbers that Redshift lacks (${unsupported})`],
  ['CONCAT_WS|FORMAT|OVERLAY|BIT_LENGTH|CONVERT_FROM|CONVERT_TO|ENCODE|QUOTE_NULLABLE|STARTS_WITH|STRING_TO_ARRAY|STRING_TO_TABLE|ARRAY_TO_STRING|REGEXP_MATCH|REGEXP_MATCHES|REGEXP_LIKE|REGEXP_SPLIT_TO_\\w+|UNISTR|NORMALIZE|PARSE_IDENT', `a function of texts that Redshift lacks (${unsupported})`],
  ['ARRAY_(?:LENGTH|APPEND|PREPEND|CAT|REMOVE|REPLACE|POSITION|POSITIONS|DIMS|UPPER|LOWER|NDIMS|FILL|SHUFFLE|SAMPLE)|CARDINALITY|UNNEST', 'functions of PostgreSQL arrays: use SUPER'],
  ['MAKE_(?:DATE|TIME|TIMESTAMP|TIMESTAMPTZ|INTERVAL)|DATE_BIN|JUSTIFY_\\w+|ISFINITE|DATE_ADD|DATE_SUBTRACT', 'a function of dates that Redshift lacks: use DATEADD, DATEDIFF, TO_DATE'],
  ['TO_JSONB?|ROW_TO_JSON|JSONB?_(?:BUILD_\\w+|EACH\\w*|OBJECT|OBJECT_KEYS|POPULATE_\\w+|ARRAY_ELEMENTS\\w*|TO_RECORD\\w*|SET|INSERT|PRETTY|PATH_\\w+|STRIP_NULLS|EXTRACT_PATH|ARRAY|TABLE|QUERY|VALUE|EXISTS|SCALAR)|JSONB_\\w+', 'JSON functions of PostgreSQL: use SUPER functions or JSON_EXTRACT_PATH_TEXT'],
  ['GEN_RANDOM_UUID|UUID_GENERATE_\\w+|UUIDV\\d', 'uuid functions: make ids before loading'],
  ['NUM_NULLS|NUM_NONNULLS|GREATEST_LEAST|PG_TYPEOF|TXID_\\w+|PG_CURRENT_\\w+|NEXTVAL|CURRVAL|SETVAL|LASTVAL|HSTORE|SIMILARITY|TO_TSVECTOR|TO_TSQUERY|LO_\\w+|QUERY_TO_XML|XML\\w+|RANDOM_NORMAL', 'a function that Redshift lacks'],
];

/** Rules about what stands inside statements. */
export const expressionRules: readonly Rule[] = [
  ...functions.map(([names, instead]): Rule => ({ name: `${names.split('|')[0]?.replace(/\W.*/, '')}()`, form: new RegExp(`(?<![.\\w])(?:${names})\\s*\\(`, 'i'), instead })),
  { name: 'CURRENT_TIMESTAMP', form: /\b(CURRENT_TIMESTAMP|LOCALTIMESTAMP|CURRENT_TIME|LOCALTIME|CURRENT_CATALOG)\b/i, instead: `leader-node functions of time: use GETDATE() or SYSDATE (${leaderOnly})` },
  { name: 'JSON operators', form: /->>?|#>>?|#-|@>|<@|@\?|@@|\?\||\?&/, instead: 'JSON operators: use a SUPER path or JSON_EXTRACT_PATH_TEXT' },
  { name: 'regular expression operators', form: /!?~\*|!?~~/, instead: '~*, ~~: use ~, LIKE or ILIKE' },
  { name: 'other operators', form: /<->|\^@|&&|-\|-|:=|=>(?!=)/, instead: 'an operator that Redshift lacks' },
  { name: 'arrays', form: /\[\s*\]|\bARRAY\s*\[|\bARRAY\s*\(\s*SELECT\b|\b(ANY|ALL|SOME)\s*\(\s*(ARRAY\b|\u0001|\$|:)/i, instead: 'PostgreSQL arrays: use IN, or SUPER' },
  { name: 'ROW', form: /\bROW\s*\((?!\s*\))/i, instead: 'row constructors: compare column by column' },
  { name: 'LATERAL', form: /\bLATERAL\b/i, instead: 'LATERAL: unnest by FROM t, t.super_column' },
  { name: 'FILTER', form: /\bFILTER\s*\(\s*WHERE\b/i, instead: 'aggregate FILTER: use CASE inside the aggregate' },
  { name: 'DISTINCT ON', form: /\bDISTINCT\s+ON\s*\(/i, instead: 'DISTINCT ON: use ROW_NUMBER()' },
  { name: 'VALUES', form: /(\b(FROM|JOIN|IN|USING|UNION|ALL|AS)\s*\(?|,\s*\(?|^)\s*VALUES\s*\(/i, instead: 'VALUES as a table: use SELECT … UNION ALL SELECT …' },
  { name: 'WINDOW', form: /\bWINDOW\s+\w+\s+AS\s*\(|\bOVER\s+(?!\()\w+/i, instead: 'named windows: write the window out in OVER (…)' },
  { name: 'FETCH FIRST', form: /\bFETCH\s+(FIRST|NEXT)\b|\bWITH\s+TIES\b/i, instead: 'FETCH FIRST: use LIMIT' },
  { name: 'INTERSECT ALL', form: /\b(INTERSECT|EXCEPT)\s+ALL\b/i, instead: `INTERSECT ALL and EXCEPT ALL (${docs}/r_UNION.html): leave ALL out` },
  { name: 'FOR UPDATE', form: /\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\bFOR\s+(KEY\s+)?SHARE\b|\bSKIP\s+LOCKED\b|\bNOWAIT\b/i, instead: 'row locks: use LOCK' },
  { name: 'IS DISTINCT FROM', form: /\bIS\s+(NOT\s+)?DISTINCT\s+FROM\b/i, instead: `IS DISTINCT FROM: use NVL or compare both for NULL (${unsupported})` },
  { name: 'TABLESAMPLE', form: /\bTABLESAMPLE\b|\bROWS\s+FROM\s*\(|\bAS\s+(NOT\s+)?MATERIALIZED\s*\(|\bWITH\s+ORDINALITY\b/i, instead: 'a clause that Redshift lacks' },
  { name: 'TABLE command', form: /^\s*TABLE\s+\w/i, instead: 'TABLE t: write SELECT * FROM t' },
  { name: 'CONCAT of three', form: /\bCONCAT\s*\(\s*(?:[^(),]|\([^()]*\))+\)|\bCONCAT\s*\((?:[^(),]|\((?:[^()]|\([^()]*\))*\))+,(?:[^(),]|\((?:[^()]|\([^()]*\))*\))+,/i, instead: 'CONCAT takes two arguments (and is NULL when one is): use ||' },
  { name: 'quotient of sums', form: /\b(SUM|AVG)\s*\((?:[^()]|\([^()]*\))*\)\s*\/\s*(NULLIF\s*\(\s*)?(SUM|AVG)\s*\(/i, instead: `a quotient of DECIMAL sums is cut to four digits on Redshift (${docs}/r_numeric_computations201.html), one of whole numbers to none: cast one side to DOUBLE PRECISION` },
  { name: 'dollar quotes', form: /\$\w*\$/, instead: 'dollar quotes: use single quotes' },
  { name: 'escaped text', form: /\b(E|U&|B|X)\u0001\d/i, instead: "E'…', U&'…': use plain texts and CHR()" },
  { name: 'COLLATE', form: /\bCOLLATE\s+(?!CASE_(IN)?SENSITIVE\b)[\w\u0001]/i, instead: 'COLLATE: texts compare by their bytes' },
  { name: 'system columns', form: /\b(ctid|xmin|xmax|cmin|cmax|tableoid)\b/i, instead: 'system columns of PostgreSQL do not exist' },

  { name: 'JSON column', form: typed('JSONB?'), instead: 'JSON/JSONB columns: use SUPER' },
  { name: 'missing type', form: typed('UUID|BYTEA|INET|CIDR|MACADDR|MONEY|TSVECTOR|TSQUERY|INT4RANGE|INT8RANGE|NUMRANGE|TSRANGE|TSTZRANGE|DATERANGE|XML|POINT|POLYGON|HSTORE|CITEXT|BIT|REGCLASS'), instead: 'a type that Redshift lacks: use VARCHAR or VARBYTE' },
  { name: 'TEXT', form: typed('TEXT'), instead: 'TEXT is VARCHAR(256) on Redshift: give VARCHAR a length' },
  { name: 'NUMERIC', form: typed('NUMERIC'), instead: 'NUMERIC without precision is (18,0) on Redshift: give both' },
  { name: 'DECIMAL', form: typed('DECIMAL|DEC'), instead: 'DECIMAL without precision is (18,0) on Redshift: give both' },
  { name: 'VARCHAR without length', of: column, form: typed('VARCHAR|CHARACTER\\s+VARYING'), instead: 'VARCHAR without a length is VARCHAR(256) on Redshift: give it one' },
  { name: 'VARCHAR too long', form: /\b(VARCHAR|CHARACTER\s+VARYING)\s*\(\s*(6553[6-9]|655[4-9]\d|65[6-9]\d\d|6[6-9]\d{3}|[7-9]\d{4}|\d{6,})\s*\)|\bCHAR\s*\(\s*(409[7-9]|4[1-9]\d\d|[5-9]\d{3}|\d{5,})\s*\)/i, instead: 'the longest VARCHAR has 65535 bytes, the longest CHAR 4096' },
  { name: 'DECIMAL too long', form: /\b(DECIMAL|NUMERIC)\s*\(\s*(39|[4-9]\d|\d{3,})\b/i, instead: 'the longest DECIMAL has 38 digits' },
];
