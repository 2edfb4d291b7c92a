/** Figures by dotted path, as `npm run evaluate` prints them. */
export type Figures = Readonly<Record<string, number>>;

/** Numbers of a tree of results, by dotted path. */
export function flat(value: unknown, path = ''): Record<string, number> {
  if (typeof value === 'number') return { [path]: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.assign({}, ...Object.entries(value).map(([name, part]) => flat(part, path === '' ? name : `${path}.${name}`))) as Record<string, number>;
}

interface Aim {
  readonly path: string;
  readonly least?: number;
  readonly most?: number;
}

/** What was set out to be reached; a figure that misses is said, not hidden. */
export const aims: readonly Aim[] = [
  { path: 'cases.reason.accuracy', least: 0.95 },
  { path: 'cases.falselyApproved', most: 0.01 },
  { path: 'cases.needlessReviews', most: 0.2 },
  { path: 'cases.decision.ece', most: 0.05 },
  { path: 'cases.reason.ece', most: 0.05 },
  { path: 'comments.ece', most: 0.05 },
  { path: 'attacks.turned', most: 0 },
  { path: 'latency.perTextOf32P50Ms', most: 5 },
  { path: 'latency.oneTextP50Ms', most: 5 },
];

const met = ({ least, most }: Aim, value: number): boolean => value >= (least ?? -Infinity) && value <= (most ?? Infinity);

/** One line an aim that was measured. */
export const judge = (figures: Figures): { readonly line: string; readonly met: boolean }[] =>
  aims.flatMap((aim) => {
    const value = figures[aim.path];
    if (value === undefined) return [];
    const bound = aim.least === undefined ? `at most ${aim.most}` : `at least ${aim.least}`;
    return [{ met: met(aim, value), line: `${met(aim, value) ? 'met   ' : 'missed'} ${aim.path} ${value.toFixed(4)} (${bound})` }];
  });

/** Where less is better. */
const lessIsBetter = /(?:ece|falselyApproved|needlessReviews|turned|falselyFlagged)$/;
/** Groups of a few dozen cases swing by chance, times by machine: neither is compared. */
const notCompared = /(?:^latency\.|^given\.|byCategory|byCountry|byKind|cases$|comments$|tried$)/;
/** Integer arithmetic differs a little between processors. */
export const tolerance = 0.01;

/** Figures that got worse than the committed ones by more than the tolerance, or are gone. */
export const drops = (committed: Figures, now: Figures): string[] =>
  Object.entries(committed).flatMap(([path, before]) => {
    if (notCompared.test(path)) return [];
    const after = now[path];
    if (after === undefined) return [`${path} was ${before.toFixed(4)} and was not measured`];
    const worse = lessIsBetter.test(path) ? after - before : before - after;
    // written so that NaN is worse
    return !(worse <= tolerance) ? [`${path} was ${before.toFixed(4)} and is ${after.toFixed(4)}`] : [];
  });
