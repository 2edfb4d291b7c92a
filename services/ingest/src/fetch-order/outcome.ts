import type { VendorAnswer } from '../vendor/port.ts';

/** How a notice ended: what was fetched made events, says nothing that we record, or is in quarantine (it, or the notice). */
export type Result = 'events' | 'nothing' | 'quarantined';

/** What to do with a notice that brought no item. */
export type Step =
  | { readonly then: 'again'; readonly seconds: number }
  | { readonly then: 'give-up'; readonly code: string; readonly message: string };

/** How far a notice has come. */
export interface Standing {
  /** How often it was received, this time included. */
  readonly receives: number;
  /** Since it was put into its queue, milliseconds. */
  readonly ageMs: number;
}

/** An order that was made a moment ago may not be there to read yet. */
const absentForMs = 15 * 60_000;
/** A vendor that asks us to wait is obeyed so long; the queue keeps a message for four days. */
const waitsForMs = 2 * 86_400_000;
/** SQS hides a message for twelve hours at most, counted from when it was received. */
const mostHiddenSeconds = 12 * 3_600 - 900;

/** Pause before the next try, seconds: 5, 10, 20 … 15 minutes. */
export const backoff = (receives: number): number => Math.min(900, 5 * 2 ** Math.min(receives - 1, 10));

/**
 * Pause of a notice whose vendor wants no call for so many seconds. Never shorter than after a failure: many notices that
 * are told `1 second` again and again would use up their receives within a minute and be dead letters.
 */
export const pauseAfterWait = (seconds: number, receives: number): number => Math.max(seconds, backoff(receives));

/** What follows from an answer without an item. */
export function stepAfter(answer: Exclude<VendorAnswer, { status: 'ok' }>, { receives, ageMs }: Standing): Step {
  switch (answer.status) {
    case 'absent':
      return ageMs < absentForMs
        ? { then: 'again', seconds: backoff(receives) }
        : { then: 'give-up', code: 'absent', message: 'the API knows no such thing, a quarter of an hour after the notice' };
    case 'wait':
      return ageMs < waitsForMs
        ? { then: 'again', seconds: Math.min(answer.seconds, mostHiddenSeconds) }
        : { then: 'give-up', code: 'waited', message: 'the API has asked us to wait for two days' };
    case 'refused':
      return { then: 'give-up', code: `refused-${answer.code}`, message: 'the API refuses this call for good: mend the credential or the account, then replay' };
  }
}
