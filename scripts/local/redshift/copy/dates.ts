import { codes, FieldRefused } from './load-error.ts';

/** Dates and times in the forms that DATEFORMAT and TIMEFORMAT name (https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html). */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const tokens: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})', YY: '(?<short>\\d{2})', MONTH: '(?<name>[A-Za-z]{3,9})', MON: '(?<name>[A-Za-z]{3})', MM: '(?<month>\\d{1,2})', DD: '(?<day>\\d{1,2})',
  HH24: '(?<hour>\\d{1,2})', HH12: '(?<hour>\\d{1,2})', HH: '(?<hour>\\d{1,2})', MI: '(?<minute>\\d{2})', SS: '(?<second>\\d{2}(?:\\.\\d{1,6})?)',
  AM: '(?<half>[AaPp][Mm])', PM: '(?<half>[AaPp][Mm])', OF: '(?<offset>[+-]\\d{2}(?::?\\d{2})?)',
};
const patternOf = (format: string): RegExp =>
  new RegExp(`^\\s*${format.replace(/YYYY|YY|MONTH|MON|MM|DD|HH24|HH12|HH|MI|SS|AM|PM|OF|[^A-Za-z0-9\s]|\s+|[A-Za-z0-9]/gi, (piece) =>
    tokens[piece.toUpperCase()] ?? (/^\s/.test(piece) ? '\\s+' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))}`);

const iso = /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?\s*$/i;
/** What else `auto` recognises: the database reads it. */
const loose = /^[\w\s:/.,+-]*\d[\w\s:/.,+-]*$/;

const two = (value: number | string): string => String(value).padStart(2, '0');
const isDay = (year: number, month: number, day: number): boolean => {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
};
const isTime = (hour: number, minute: number, second: number): boolean => hour < 24 && minute < 60 && second < 60;

function custom(pattern: RegExp, text: string): string | undefined {
  const found = pattern.exec(text)?.groups;
  if (!found) return undefined;
  const month = found['name'] ? months.indexOf(found['name'].slice(0, 3).toLowerCase()) + 1 : Number(found['month'] ?? 1);
  const year = Number(found['year'] ?? (found['short'] ? 2000 + Number(found['short']) : 1970));
  const day = Number(found['day'] ?? 1);
  const late = found['half']?.toLowerCase() === 'pm';
  const hour = found['half'] ? (Number(found['hour']) % 12) + (late ? 12 : 0) : Number(found['hour'] ?? 0);
  const [minute, second] = [found['minute'] ?? '00', found['second'] ?? '00'];
  if (!isDay(year, month, day) || !isTime(hour, Number(minute), Number(second))) return undefined;
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}:${second}${found['offset'] ?? ''}`;
}

function automatic(text: string): string | undefined {
  const found = iso.exec(text);
  if (!found) return loose.test(text) ? text : undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = found;
  return isDay(Number(year), Number(month), Number(day)) && isTime(Number(hour), Number(minute), Number(second)) ? text : undefined;
}

const epoch = (text: string, perSecond: number): string | undefined => {
  const at = new Date((Number(text) / perSecond) * 1_000);
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
};

/** A reader of texts in `format`; the second form is for columns that keep a day only. */
export function dateReader(format: string, kind: 'date' | 'timestamp'): (text: string) => string {
  const refused = (): FieldRefused => kind === 'date'
    ? new FieldRefused(codes.date, `Invalid Date Format - expected ${format}`)
    : new FieldRefused(codes.timestamp, `Invalid timestamp format or value [${format.replace('HH:', 'HH24:')}]`);
  const pattern = format === 'auto' || format.startsWith('epoch') ? undefined : patternOf(format);
  return (text) => {
    const read = format === 'auto' ? automatic(text)
      : format === 'epochsecs' ? epoch(text, 1) : format === 'epochmillisecs' ? epoch(text, 1_000)
        : pattern ? custom(pattern, text) : undefined;
    if (read === undefined) throw refused();
    return kind === 'date' && pattern ? read.slice(0, 10) : read;
  };
}
