import type { SNSEvent } from 'aws-lambda';
import type { Log, Meter } from '@orderflow/shared/lambda';
import { verdictOf } from './notification.ts';

export interface Deps {
  readonly log: Log;
  readonly meter: Meter;
  /** Puts an address on the account's suppression list; again is the same as once. */
  readonly suppress: (address: string, reason: 'BOUNCE' | 'COMPLAINT') => Promise<void>;
}

/**
 * A hard bounce or a complaint takes the address off every later mail; the order's flow goes on (FAULTS 43). Addresses are
 * never logged. Throws when the list cannot be written, so that SNS delivers again.
 */
export async function handle(event: SNSEvent, { log, meter, suppress }: Deps): Promise<void> {
  for (const { Sns } of event.Records) {
    const { messageId, reason, addresses } = verdictOf(Sns.Message);
    if (!reason) {
      meter.count('BouncesPassing');
      continue;
    }
    for (const address of addresses) await suppress(address, reason);
    meter.count(reason === 'BOUNCE' ? 'BouncesHard' : 'Complaints', addresses.length);
    log.warn('BOUNCE', { messageId, reason, addresses: addresses.length });
  }
}
