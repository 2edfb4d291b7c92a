/**
 * A sequence number is a counter in microseconds of the clock, pushed on by one where the clock stands still: unique over
 * all shards, rising over restarts and resharding. Written as 56 digits, so that order of strings is order of numbers.
 */
export function sequenceNumber(counter: number): string {
  return `49${String(counter).padStart(54, '0')}`;
}

/** The counter in a sequence number; NaN for what is not one of ours. */
export function counterOf(sequence: string): number {
  return /^49\d{54}$/.test(sequence) ? Number(sequence.slice(2)) : Number.NaN;
}
