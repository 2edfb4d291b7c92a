import type { Answer } from './reconcile.ts';

type Sum = Answer['sums'][number];
const places = ['accepted', 'loaded', 'inFlight', 'parked', 'quarantined', 'different'] as const;
const headings = ['what', 'source', 'account', 'day', 'currency', 'accepted', 'loaded', 'in flight', 'parked', 'quarantined', 'different'];

const isEven = (sum: Sum): boolean => sum.loaded.count === sum.accepted.count;
const amountOf = (text: string): string => text.replace(/(\.\d\d)0+$/, '$1');
const cell = ({ count, amount }: Sum['accepted'], currency: string): string => (count === 0 ? '·' : currency === '-' ? String(count) : `${count} = ${amountOf(amount)}`);
const cellsOf = (sum: Sum): string[] => [sum.what, sum.source, sum.account, sum.day, sum.currency, ...places.map((place) => cell(sum[place], sum.currency))];

/** Exact sum of decimal texts of four decimals. */
const total = (texts: readonly string[]): string => {
  const units = texts.reduce((all, text) => all + BigInt(text.replace('.', '')), 0n);
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
};

/** What is loaded whole, added up by what and currency: nobody reads hundreds of lines that are even. */
function evenOnes(sums: readonly Sum[]): Sum[] {
  const groups = Map.groupBy(sums, ({ what, currency }) => `${what} ${currency}`);
  return [...groups.values()].map((some): Sum => {
    const added = (place: (typeof places)[number]): Sum['accepted'] => ({ count: some.reduce((all, one) => all + one[place].count, 0), amount: total(some.map((one) => one[place].amount)) });
    const { what, currency } = some[0] as Sum;
    const sources = new Set(some.map(({ source }) => source)).size;
    return {
      what, currency, source: some.length === 1 ? (some[0] as Sum).source : `${sources} source${sources === 1 ? '' : 's'}`, account: '', day: `${some.length} line${some.length === 1 ? '' : 's'}`,
      accepted: added('accepted'), loaded: added('loaded'), inFlight: added('inFlight'), parked: added('parked'), quarantined: added('quarantined'), different: added('different'),
    };
  });
}

/** Lines of a table: each group where something is not loaded, the others added up unless `all` is asked for. */
export function tableOf(sums: readonly Sum[], all: boolean): string[] {
  const shown = all ? sums : [...sums.filter((sum) => !isEven(sum)), ...evenOnes(sums.filter(isEven))];
  const cells = [headings, ...shown.map(cellsOf)];
  const widths = headings.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  return cells.map((row) => row.map((text, at) => (at < 5 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0))).join('  ').trimEnd());
}
