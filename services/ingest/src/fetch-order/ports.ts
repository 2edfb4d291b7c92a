import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Quarantine } from '@orderflow/shared/stream';
import type { AskedDeps } from '../intake/take-asked.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import type { VendorPort } from '../vendor/port.ts';
import type { Result } from './outcome.ts';

export type NoticeEvent = CanonicalEvent<'source.notified'>;

/** What became of each notice, kept a month: a notice is accounted for when it has a result or is in quarantine. */
export interface ResultsPort {
  put(notice: NoticeEvent, result: Result, events: readonly CanonicalEvent[]): Promise<void>;
}

/** Messages of the notice queues. */
export interface QueuePort {
  /** The message comes again in so many seconds. */
  hide(queueArn: string, receiptHandle: string, seconds: number): Promise<void>;
}

export interface FetchDeps extends AskedDeps, Pick<IntakeDeps, 'clock'> {
  readonly vendor: VendorPort;
  readonly results: ResultsPort;
  readonly queue: QueuePort;
  /** Takes notices that cannot be fetched, whole: a replay puts them back into their queue. */
  readonly unfetched: Quarantine;
}
