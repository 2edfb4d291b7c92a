import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DailySeries } from '../../../services/insights/src/forecast/series.ts';

/** Series by name in named groups: scores are given by group. */
export type Groups = Readonly<Record<string, Readonly<Record<string, DailySeries>>>>;

const dayMs = 86_400_000;
const productsMost = 50;

const lineOf = (line: string): readonly string[] =>
  line.includes('"') ? Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, bare]) => (quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'))) : line.split(',');

/** The records of a CSV file (compressed or not), by the names of their columns. Values hold no line ends. */
export function* records(path: string): Generator<(column: string) => string> {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.split(/\r?\n/);
  const columns = lineOf(header.replace(/^\uFEFF/, ''));
  for (const line of lines) {
    if (line === '') continue;
    const values = lineOf(line);
    yield (column) => values[columns.indexOf(column)] ?? '';
  }
}

/** Adds up amounts by name and day. */
class Daily {
  readonly #days = new Map<string, Map<string, number>>();
  #last = '';

  add(name: string, day: string, amount: number): void {
    const own = this.#days.get(name) ?? new Map<string, number>();
    this.#days.set(name, own.set(day, (own.get(day) ?? 0) + amount));
    if (day > this.#last) this.#last = day;
  }

  names(): string[] {
    return [...this.#days.keys()];
  }

  /** From its own first day to the last day of all. */
  series(name: string): DailySeries {
    const days = this.#days.get(name) ?? new Map<string, number>();
    const from = [...days.keys()].toSorted()[0] ?? this.#last;
    const count = Math.round((Date.parse(this.#last) - Date.parse(from)) / dayMs) + 1;
    return { from, values: Array.from({ length: count }, (_, at) => days.get(new Date(Date.parse(from) + at * dayMs).toISOString().slice(0, 10)) ?? 0) };
  }
}

const among = (daily: Daily, names: readonly string[]): Record<string, DailySeries> => Object.fromEntries(names.map((name) => [name, daily.series(name)]));

/**
 * UCI Online Retail: net sales in GBP of the whole and of the four countries with the most, and pieces sold of the 50 products with the
 * most sales. Products and countries are ranked by the first half year, before the first day that is judged.
 */
function onlineRetail(path: string): Groups {
  const sales = new Daily();
  const pieces = new Daily();
  const early = new Map<string, number>();
  for (const column of records(path)) {
    const day = column('InvoiceDate').slice(0, 10);
    const quantity = Number(column('Quantity'));
    const amount = quantity * Number(column('UnitPrice'));
    const [code, country] = [column('StockCode'), column('Country')];
    const product = /^\d{5}/.test(code) && amount > 0;
    sales.add('total', day, amount);
    sales.add(country, day, amount);
    if (product) pieces.add(code, day, quantity);
    if (day >= '2011-06-01') continue;
    early.set(country, (early.get(country) ?? 0) + amount);
    if (product) early.set(code, (early.get(code) ?? 0) + amount);
  }
  const ranked = (daily: Daily, most: number): string[] =>
    daily.names().filter((name) => name !== 'total').toSorted((a, b) => (early.get(b) ?? 0) - (early.get(a) ?? 0)).slice(0, most);
  return { total: among(sales, ['total']), headline: among(sales, ['total', ...ranked(sales, 4)]), sku: among(pieces, ranked(pieces, productsMost)) };
}

/** Series of a file with the columns series, date (ISO 8601) and value; days that are not in it are 0. */
function ofFile(path: string): Groups {
  const daily = new Daily();
  for (const column of records(path)) {
    const [name, day, value] = [column('series'), column('date'), Number(column('value'))];
    if (name === '' || column('value').trim() === '' || Number.isNaN(Date.parse(day)) || !Number.isFinite(value)) throw new Error(`${path}: not a line of series,date,value: ${name},${day},${column('value')}`);
    daily.add(name, day.slice(0, 10), value);
  }
  return { file: among(daily, daily.names()) };
}

/** A year of a shop that is closed on Saturdays: a week's pattern, growth and noise, each time the same. */
function generated(): Groups {
  let state = 20_101_201;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const week = [0.6, 1, 1.1, 1.05, 1.3, 0.9, 0];
  const series = (level: number): DailySeries => ({
    from: '2023-01-01',
    values: Array.from({ length: 370 }, (_, at) => Math.round(level * (week[at % 7] ?? 0) * (1 + at / 700) * (0.5 + random()))),
  });
  return { headline: { total: series(30_000) }, sku: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`product ${at + 1}`, series(5 + 4 * at)])) };
}

/** The series to judge by: a named file, else UCI Online Retail where it is, else generated ones. */
export function readGroups(root: string, file: string | undefined, folder: string | undefined, say: (line: string) => void): Groups {
  if (file !== undefined) {
    const [first] = records(file);
    const retail = first !== undefined && first('InvoiceNo') !== '';
    return retail ? onlineRetail(file) : ofFile(file);
  }
  const path = join(folder ?? join(dirname(root), 'shared/data'), 'online-retail/online-retail.csv.gz');
  if (existsSync(path)) return onlineRetail(path);
  say('UCI Online Retail is not here (ORDERFLOW_DATA_DIR: a folder that holds online-retail/online-retail.csv.gz); generated series instead');
  return generated();
}
