/** A record that is being read: its values so far, and the one whose quotation mark is still open. */
export interface Unfinished {
  values: string[];
  open: string | undefined;
}

export const withoutEnd = (text: string): string =>
  text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;

/**
 * Reads one more line of a record (RFC 4180): a value in quotation marks may hold delimiters, line ends and doubled
 * marks; one without them holds no mark. @returns what is wrong
 */
export function readOn(record: Unfinished, line: string, delimiter: string): string | undefined {
  const text = withoutEnd(line);
  if (record.open === undefined && !text.includes('"')) {
    record.values = text.split(delimiter);
    return undefined;
  }
  const { values } = record;
  let at = 0;
  for (;;) {
    if (record.open === undefined && text[at] === '"') {
      record.open = '';
      at++;
    }
    if (record.open === undefined) {
      const end = text.indexOf(delimiter, at);
      const value = text.slice(at, end < 0 ? undefined : end);
      if (value.includes('"')) return 'has a quotation mark within a value';
      values.push(value);
      if (end < 0) return undefined;
      at = end + 1;
      continue;
    }
    const close = text.indexOf('"', at);
    if (close < 0) {
      record.open += line.slice(at);
      return undefined;
    }
    record.open += text.slice(at, close);
    at = close + 1;
    if (text[at] === '"') {
      record.open += '"';
      at++;
      continue;
    }
    values.push(record.open);
    record.open = undefined;
    if (at === text.length) return undefined;
    if (text[at] !== delimiter) return 'has text between a closing quotation mark and the delimiter';
    at++;
  }
}
