import type { Log, LogCode, Meter } from '@orderflow/shared/lambda';
import { NoticeNotSent, NoticeOutcomeUnknown, type SendResult } from '@orderflow/shared/notices';
import type { InFlightStore, SentGuard, SentRecord } from '@orderflow/shared/store';

export interface Guarded {
  readonly store: InFlightStore;
  readonly log: Log;
  /** `messagesSent`, `messagesSkipped` (refused, or sending is off), `messagesUnknown`. */
  readonly meter: Meter;
  /** Partition of the guard. */
  readonly pk: string;
  /** `CONFIRMED`, `SHIPPED`, `PACKAGING` … : at most one message each. */
  readonly transition: string;
  /** Execution that sends. */
  readonly by: string;
  /** Takes the guard; default: on its own. Another way takes it in one transaction with a change. */
  readonly claim?: () => Promise<{ readonly outcome: 'claimed' } | { readonly outcome: 'taken'; readonly guard: SentGuard } | { readonly outcome: 'stop' }>;
  readonly send: () => Promise<SendResult>;
}

const codes = (transition: string): { sent: LogCode; unknown: LogCode } =>
  transition === 'PACKAGING' || transition === 'SHIPPING' || transition.startsWith('REVIEW')
    ? { sent: 'NOTICE_SENT', unknown: 'NOTICE_UNKNOWN' }
    : { sent: 'MAIL_SENT', unknown: 'MAIL_UNKNOWN' };

/**
 * Sends one message at most once. The guard is taken before the send; what is certainly not sent gives it back and may
 * be tried again; what may or may not have gone out is never sent again, but recorded as unknown.
 * @returns what to record with Done; nothing when another execution has taken care of it
 * @throws NoticeNotSent to be retried
 */
export async function sendGuarded({ store, log, meter, pk, transition, by, send, claim = () => store.claimSent(pk, { transition, by }) }: Guarded): Promise<SentRecord | undefined> {
  const claimed = await claim();
  const code = codes(transition);
  if (claimed.outcome === 'stop') return undefined;
  if (claimed.outcome === 'taken') {
    // taken by ourselves without an outcome: an earlier try of this step broke off between claim and record
    if (claimed.guard.by !== by || claimed.guard.outcome) return undefined;
    log.error(code.unknown, { execution: by, transition });
    meter.count('messagesUnknown');
    return { transition, outcome: 'unknown' };
  }
  try {
    const result = await send();
    if (result.outcome !== 'sent') {
      log.warn('MAIL_FAILED', { execution: by, transition, outcome: result.outcome, reason: result.outcome === 'refused' ? result.code : undefined });
      meter.count('messagesSkipped');
      return { transition, outcome: 'skipped' };
    }
    log.info(code.sent, { execution: by, transition });
    meter.count('messagesSent');
    return { transition, outcome: 'sent', messageId: result.messageId };
  } catch (error) {
    if (error instanceof NoticeOutcomeUnknown) {
      log.error(code.unknown, { execution: by, transition, reason: error.code });
      meter.count('messagesUnknown');
      return { transition, outcome: 'unknown' };
    }
    if (error instanceof NoticeNotSent) await store.releaseSent(pk, { transition, by });
    throw error;
  }
}
