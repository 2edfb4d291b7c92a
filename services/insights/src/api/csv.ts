/** A row's values by column; what is nested becomes columns named `outer.inner`. */
function flat(value: unknown, name = ''): [string, unknown][] {
  if (Array.isArray(value)) return [[name, value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join('; ')]];
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`));
}

const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/**
 * A spreadsheet takes a cell that begins so for a formula, whoever wrote it: such a text gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers.
 */
const formula = /^[\s]*[=+\-@\t\r\n|%]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = typeof value !== 'number' && !number.test(text) && formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$|^'/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read letters beyond ASCII. */
export function csvOf(rows: readonly object[]): string {
  const flattened = rows.map((row) => new Map(flat(row)));
  const columns = [...new Set(flattened.flatMap((row) => [...row.keys()]))];
  return `\uFEFF${[columns.map(cell).join(','), ...flattened.map((row) => columns.map((name) => cell(row.get(name))).join(','))].join('\r\n')}\r\n`;
}
