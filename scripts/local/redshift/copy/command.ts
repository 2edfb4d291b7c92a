import { mask, unquote } from '../masked.ts';

/** A COPY statement, read (https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html). */
export interface CopyCommand {
  readonly table: string;
  readonly columns: readonly string[] | undefined;
  readonly from: { readonly bucket: string; readonly key: string };
  readonly manifest: boolean;
  /** What S3 is read with: a role's ARN, or `default` for the namespace's own. */
  readonly role: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly format:
    | { readonly kind: 'json'; /** `auto`, `auto ignorecase`, `noshred` or the address of a jsonpaths file. */ readonly paths: string }
    | { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string }
    | { readonly kind: 'text'; readonly delimiter: string; readonly escape: boolean; readonly removeQuotes: boolean };
  readonly nullAs: string | undefined;
  readonly dateFormat: string;
  readonly timeFormat: string;
  /** Put in place of each invalid byte; undefined: invalid bytes are an error. */
  readonly replacement: string | undefined;
  readonly ignoreHeader: number;
  readonly maxError: number;
  readonly flags: ReadonlySet<string>;
}

export const parseS3 = (url: string): { bucket: string; key: string } => {
  const parts = /^s3:\/\/([^/]+)\/(.+)$/.exec(url);
  if (!parts?.[1] || !parts[2]) throw new Error(`ERROR: COPY reads s3://bucket/key here, not ${url}`);
  return { bucket: parts[1], key: parts[2] };
};

/** Options without a value that change what is loaded. */
const flags = new Set([
  'MANIFEST', 'GZIP', 'ZSTD', 'ACCEPTANYDATE', 'BLANKSASNULL', 'EMPTYASNULL', 'ESCAPE', 'EXPLICIT_IDS', 'FILLRECORD', 'IGNOREBLANKLINES', 'REMOVEQUOTES',
  'ROUNDEC', 'TRIMBLANKS', 'TRUNCATECOLUMNS', 'NOLOAD', 'IGNOREALLERRORS',
]);
const withText = new Set(['DELIMITER', 'QUOTE', 'NULL', 'DATEFORMAT', 'TIMEFORMAT', 'ENCODING', 'REGION', 'IAM_ROLE', 'JSON', 'ACCEPTINVCHARS']);
const withNumber = new Set(['MAXERROR', 'IGNOREHEADER', 'COMPROWS']);
/** About compression and statistics, which this warehouse has no need of: they change no row. */
const about = new Set(['COMPUPDATE', 'STATUPDATE']);

interface Options {
  readonly texts: ReadonlyMap<string, string>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly flags: ReadonlySet<string>;
}

/** @throws Error naming what is not known here */
function optionsOf(tokens: readonly string[], literal: (token: string | undefined) => string | undefined): Options {
  const texts = new Map<string, string>();
  const numbers = new Map<string, number>();
  const set = new Set<string>();
  for (let at = 0; at < tokens.length; at++) {
    const word = (tokens[at] ?? '').toUpperCase();
    const value = (): string | undefined => tokens[tokens[at + 1]?.toUpperCase() === 'AS' ? (at += 2) : (at += 1)];
    if (word === 'FORMAT') {
      if (tokens[at + 1]?.toUpperCase() === 'AS') at++;
    } else if (word === 'CSV' || flags.has(word)) {
      set.add(word);
    } else if (about.has(word)) {
      if (/^(ON|OFF|TRUE|FALSE|PRESET)$/i.test(tokens[at + 1] ?? '')) at++;
    } else if (withNumber.has(word)) {
      const given = value() ?? '';
      if (!/^\d+$/.test(given)) throw new Error(`ERROR: syntax error at or near "${given}": ${word} needs a number`);
      numbers.set(word, Number(given));
    } else if (withText.has(word)) {
      const before = at;
      const given = value();
      const textual = literal(given);
      if (textual !== undefined) texts.set(word, textual);
      else if (word === 'IAM_ROLE' && /^default$/i.test(given ?? '')) texts.set(word, 'default');
      else if (word === 'JSON' || word === 'ACCEPTINVCHARS') {
        texts.set(word, word === 'JSON' ? 'auto' : '?'); // their values may be left out
        at = before;
      } else throw new Error(`ERROR: syntax error at or near "${given ?? 'end of input'}": ${word} needs a text`);
    } else {
      throw new Error(`ERROR: COPY option ${literal(tokens[at]) ?? word} is not supported by the local warehouse`);
    }
  }
  return { texts, numbers, flags: set };
}

const octal = (text: string): string => text.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))).replace('\\t', '\t');

function formatOf({ texts, flags: set }: Options): CopyCommand['format'] {
  const json = texts.get('JSON');
  const delimiter = texts.get('DELIMITER');
  if (json !== undefined) {
    if (set.has('CSV') || delimiter !== undefined) throw new Error('ERROR: COPY: JSON cannot be used with CSV or DELIMITER');
    if (!['auto', 'auto ignorecase', 'noshred'].includes(json) && !json.startsWith('s3://')) throw new Error(`ERROR: COPY: '${json}' is no JSON option: 'auto', 'auto ignorecase', 'noshred' or the address of a jsonpaths file`);
    return { kind: 'json', paths: json };
  }
  if (!set.has('CSV')) {
    if (texts.has('QUOTE')) throw new Error('ERROR: COPY: QUOTE can be used only with CSV');
    return { kind: 'text', delimiter: octal(delimiter ?? '|'), escape: set.has('ESCAPE'), removeQuotes: set.has('REMOVEQUOTES') };
  }
  if (set.has('ESCAPE') || set.has('REMOVEQUOTES')) throw new Error('ERROR: COPY: CSV cannot be used with ESCAPE or REMOVEQUOTES');
  return { kind: 'csv', delimiter: octal(delimiter ?? ','), quote: texts.get('QUOTE') ?? '"' };
}

/** Reads a COPY statement; undefined for any other. @throws Error for options that are not known here */
export function parseCopy(sql: string): CopyCommand | undefined {
  const { code, literals } = mask(sql.trim().replace(/;\s*$/, ''));
  if (!/^COPY\b/i.test(code)) return undefined;
  const parts = /^COPY\s+([\w."\u0001]+)\s*(?:\(([^)]*)\)\s*)?FROM\s+(\u0001\d+\u0001)\s*([\s\S]*)$/i.exec(code);
  if (!parts?.[1]) throw new Error('ERROR: syntax error in COPY: COPY table [(columns)] FROM \'s3://…\' IAM_ROLE …');
  const literal = (token: string | undefined): string | undefined => {
    const at = /^\u0001(\d+)\u0001$/.exec(token ?? '')?.[1];
    return at === undefined ? undefined : unquote(literals[Number(at)] ?? "''");
  };
  const options = optionsOf((parts[4] ?? '').split(/\s+/).filter((token) => token !== ''), literal);
  if (!options.texts.has('IAM_ROLE')) throw new Error('ERROR: COPY needs IAM_ROLE: default or the ARN of a role that may read the files');
  const encoding = options.texts.get('ENCODING');
  if (encoding !== undefined && encoding.toUpperCase() !== 'UTF8') throw new Error(`ERROR: COPY: ENCODING ${encoding} is not supported by the local warehouse`);
  const maxError = options.flags.has('IGNOREALLERRORS') ? Infinity : (options.numbers.get('MAXERROR') ?? 0);
  if (maxError !== Infinity && maxError > 100_000) throw new Error('ERROR: COPY: MAXERROR must be between 0 and 100000');
  const name = (part: string): string => part.replace(/\u0001(\d+)\u0001/g, (_, at: string) => literals[Number(at)] ?? '').toLowerCase();
  return {
    table: name(parts[1]),
    columns: parts[2]?.split(',').map((column) => name(column.trim()).replaceAll('"', '')),
    from: parseS3(literal(parts[3]) ?? ''),
    manifest: options.flags.has('MANIFEST'),
    role: options.texts.get('IAM_ROLE') ?? 'default',
    compression: options.flags.has('GZIP') ? 'gzip' : options.flags.has('ZSTD') ? 'zstd' : 'none',
    format: formatOf(options),
    nullAs: options.texts.get('NULL'),
    dateFormat: options.texts.get('DATEFORMAT') ?? 'YYYY-MM-DD',
    timeFormat: options.texts.get('TIMEFORMAT') ?? 'YYYY-MM-DD HH:MI:SS',
    replacement: options.texts.get('ACCEPTINVCHARS'),
    ignoreHeader: options.numbers.get('IGNOREHEADER') ?? 0,
    maxError,
    flags: options.flags,
  };
}
