/** Made once for each key: a formatter costs a hundred times what formatting does. */
function kept<Format>(make: (locale: string, currency: string) => Format) {
  const made = new Map<string, Format | undefined>();
  return (locale: string, currency = ''): Format | undefined => {
    const key = `${locale} ${currency}`;
    if (made.has(key)) return made.get(key);
    let format: Format | undefined;
    try {
      format = make(locale, currency);
    } catch {
      format = undefined; // an unknown locale or currency
    }
    if (made.size < 1_000) made.set(key, format);
    return format;
  };
}

const moneyFormat = kept((locale, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }));
const dateFormat = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }));

/** Minor units as a decimal number in text: (1234, 2) → "12.34". Exact, because no float is involved. */
export const decimalOf = (minor: number, digits: number): `${number}` => {
  const all = Math.abs(minor).toString().padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  const text = digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
  return `${sign}${text}` as `${number}`;
};

/**
 * Money for people: (599900, 'JPY') → "¥599,900", (1234, 'KWD') → "KWD 1.234".
 * @param minor integer in the minor unit of the currency (ISO 4217)
 * @param locale BCP 47; an unknown one falls back to `en`
 */
export function formatMoney(minor: number, currency: string, locale = 'en'): string {
  const format = moneyFormat(locale, currency) ?? moneyFormat('en', currency);
  if (format === undefined) return `${decimalOf(minor, 2)} ${currency}`;
  // `format` takes decimal text exactly; the fraction digits are those of the currency
  return format.format(decimalOf(minor, format.resolvedOptions().maximumFractionDigits ?? 2)).replaceAll(/[\u00A0\u202F]/g, ' ');
}

/** A UTC time as a date for people; the time of day is left out, because the reader's zone is not known. */
export const formatDate = (time: string, locale = 'en'): string =>
  (dateFormat(locale) ?? dateFormat('en'))?.format(new Date(time)) ?? time;

/**
 * One line of plain text: control characters, line breaks and the marks that turn text around become spaces, runs of
 * space one, length capped. What goes into a subject or an address can then start no header of its own.
 */
export const oneLine = (text: string, most = 200): string => {
  const clean = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  const points = [...clean];
  return points.length <= most ? clean : `${points.slice(0, most - 1).join('')}…`;
};

/** Text inside HTML elements and double-quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** A link that may stand in an e-mail: http(s) only, else undefined (`javascript:` and `data:` never). */
export function safeLink(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined;
}
