import { findAccount, type Account } from '@orderflow/shared/accounts';
import { originOf } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import { takeAsked } from '../intake/take-asked.ts';
import { findSource } from '../sources/registry.ts';
import { fetchItem } from '../vendor/fetch-item.ts';
import { stepAfter, type Result, type Standing } from './outcome.ts';
import type { FetchDeps, NoticeEvent } from './ports.ts';

/** What became of one notice: it has ended, or comes again. `wait`: its vendor wants no call of this account until then. */
export type Fetched =
  | { readonly then: 'done'; readonly result: Result }
  | { readonly then: 'again'; readonly seconds: number; readonly wait: boolean };

/** Puts a notice into quarantine as it came, with the reason, and records that. */
export async function giveUp(notice: NoticeEvent, code: string, message: string, deps: FetchDeps): Promise<Fetched> {
  await deps.unfetched.put({ code, message, path: undefined, body: Buffer.from(JSON.stringify(notice)), origin: `notice ${notice.source}` });
  await deps.results.put(notice, 'quarantined', []);
  deps.meter.count('fetchGivenUp');
  deps.log.error('FETCH_GIVEN_UP', { eventId: notice.id, source: notice.source, reason: code });
  return { then: 'done', result: 'quarantined' };
}

async function takeItem(notice: NoticeEvent, account: Account, body: Uint8Array, deps: FetchDeps): Promise<Fetched> {
  const { events, rejected } = await takeAsked(
    {
      source: account.source, account: account.account, method: 'GET', url: '', headers: {},
      body, receivedAt: deps.clock(), via: 'fetch', topic: notice.data.notice.topic, cause: notice.id,
    },
    deps,
  );
  const result: Result = events.length > 0 ? 'events' : rejected.length > 0 ? 'quarantined' : 'nothing';
  await deps.results.put(notice, result, events);
  deps.meter.count(result === 'nothing' ? 'fetchedNothing' : 'fetched');
  deps.log.info(result === 'nothing' ? 'FETCH_EMPTY' : 'FETCHED', { eventId: notice.id, source: notice.source, count: events.length });
  return { then: 'done', result };
}

/**
 * Fetches what a notice names and takes it in. Doing it twice does no harm: the same bytes make the same event ids.
 * @throws VendorUnreachable, NothingDurable and the like: the notice must come again
 */
export async function fetchNotice(notice: NoticeEvent, standing: Standing, deps: FetchDeps): Promise<Fetched> {
  const { source: name, account: accountName } = originOf(notice);
  const asked = findSource(name)?.api?.notice;
  const account = findAccount(deps.accounts, name, accountName);
  if (!asked || !account) return giveUp(notice, 'not-configured', 'its source has no API that we ask, or its account is not configured', deps);
  try {
    const answer = await fetchItem(asked, notice.data.notice, account, deps.vendor);
    if (answer.status === 'ok') return await takeItem(notice, account, answer.body, deps);
    const step = stepAfter(answer, standing);
    if (step.then === 'give-up') return await giveUp(notice, step.code, step.message, deps);
    return { ...step, wait: answer.status === 'wait' };
  } catch (error) {
    if (error instanceof Unreadable) return giveUp(notice, error.code, `${error.path}: ${error.message}`, deps);
    throw error;
  }
}
