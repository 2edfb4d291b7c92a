/** Groups of people that are smaller are not shown: a figure of four could be read as one person's. */
export const leastShown = 5;

export interface Group {
  /** Undefined: those put together because they are few. */
  readonly name: string | undefined;
  readonly customers: number;
}

/**
 * Groups with small ones put together, so that all sums stay. Where those together are still fewer than five, the next smallest
 * joins them: else the total less what is shown would tell them. When everybody together is fewer, there is nothing to show.
 * @param together one group of several, without a name
 */
export function suppressSmall<G extends Group>(groups: readonly G[], together: (few: readonly G[]) => G, least = leastShown): G[] {
  const sorted = groups.filter(({ customers }) => customers > 0).sort((a, b) => b.customers - a.customers || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  const shown = sorted.filter(({ customers }) => customers >= least);
  const few = sorted.slice(shown.length);
  const people = (): number => few.reduce((sum, { customers }) => sum + customers, 0);
  while (few.length > 0 && people() < least && shown.length > 0) few.push(shown.pop() as G);
  if (few.length === 0) return shown;
  return people() < least ? [] : [...shown, together(few)];
}
