import type { Delivery } from '../demo/delivery.ts';
import type { Answer } from './ledger.ts';
import type { Status } from './summary.ts';
import type { Counts } from './watch.ts';

/** What the run knows of itself while it runs, for terminal and page. */
export interface Live {
  readonly status: () => Status;
  /** Events that have reached a home, since the run began. */
  readonly settled: () => number;
  readonly state: (sentence: string) => void;
  readonly answered: (answer: Answer, delivery: Delivery) => void;
  readonly accepted: (events: number) => void;
  readonly counted: (counts: Counts) => void;
  /** Figures before the run: what is shown is what came after. */
  readonly startFrom: (counts: Counts) => void;
}

export function liveFigures(links: Readonly<Record<string, string>>): Live {
  let sentence = 'starting';
  let accepted = 0;
  let refused = 0;
  let before: Counts = { loaded: 0, parked: 0, quarantined: 0, emails: 0, notices: 0, errors: 0 };
  let counts: Counts | undefined;
  const since = (name: Exclude<keyof Counts, 'parked'>): number | undefined => (counts ? Math.max(0, counts[name] - before[name]) : undefined);
  const settled = (): number => (since('loaded') ?? 0) + (since('quarantined') ?? 0) + Math.max(0, (counts?.parked ?? 0) - before.parked);
  return {
    settled,
    state: (now) => void (sentence = now),
    answered(answer, delivery) {
      if (answer.status >= 300) refused += delivery.kind === 'bad-signature' ? 0 : 1;
      else if (delivery.kind === 'event' || delivery.kind === 'unreadable') accepted += delivery.says.length;
    },
    accepted: (events) => void (accepted = events),
    counted: (now) => void (counts = now),
    startFrom: (now) => void (before = now),
    status: () => ({
      state: sentence,
      figures: {
        accepted, 'in flight': counts ? Math.max(0, accepted - settled()) : undefined, loaded: since('loaded'), parked: counts?.parked,
        quarantined: since('quarantined'), 'e-mails': since('emails'), 'staff notices': since('notices'), errors: counts ? (since('errors') ?? 0) + refused : undefined,
      },
      links,
    }),
  };
}
