/**
 * `items` in batches of at most `most`, like lengths together: a batch is as long as its longest row, so that sorting
 * saves most of the padding.
 */
export function batchesOf<T>(items: readonly T[], lengthOf: (item: T) => number, most: number): T[][] {
  const sorted = [...items].sort((a, b) => lengthOf(a) - lengthOf(b));
  const batches: T[][] = [];
  for (let at = 0; at < sorted.length; at += most) batches.push(sorted.slice(at, at + most));
  return batches;
}
