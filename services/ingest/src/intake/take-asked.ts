import { findAccount } from '@orderflow/shared/accounts';
import { findSource } from '../sources/registry.ts';
import type { Delivery } from './delivery.ts';
import { interpret, type Interpretation } from './interpret.ts';
import type { IntakeDeps } from './ports.ts';

export type AskedDeps = Pick<IntakeDeps, 'accounts' | 'sink' | 'archive' | 'quarantine' | 'log' | 'meter'>;

/**
 * Takes one item that a vendor's API was asked for (`via` is set): read → make durable. Returns when every event is on
 * its stream or in the overflow and everything unreadable is in quarantine; the raw archive does not gate, `flush` it.
 * The same bytes make the same event ids, so whoever asks again is recognised behind the stream.
 * @returns what was made; neither events nor rejections: the item says nothing that we record
 * @throws NothingDurable, and whatever the quarantine throws: ask again later
 */
export async function takeAsked(delivery: Delivery, deps: AskedDeps): Promise<Pick<Interpretation, 'events' | 'rejected'>> {
  const source = findSource(delivery.source);
  const account = findAccount(deps.accounts, delivery.source, delivery.account);
  if (!source || !account) throw new Error(`${delivery.source}:${delivery.account} is not configured`);
  const reading = interpret(delivery, { source, account, accounts: deps.accounts });
  const rawref = deps.archive.add(delivery);
  const events = reading.events.map((event) => ({ ...event, rawref }));
  await Promise.all([
    deps.sink.put(events, account),
    reading.rejected.length > 0 ? deps.quarantine.put(delivery, reading.delivery, reading.topic, reading.rejected) : undefined,
  ]);
  deps.meter.count('events', events.length);
  if (reading.rejected.length > 0) {
    deps.meter.count('quarantined', reading.rejected.length, { source: source.name });
    deps.log.warn('QUARANTINED', { source: source.name, count: reading.rejected.length, reason: reading.rejected[0]?.code });
  }
  return { events, rejected: reading.rejected };
}
