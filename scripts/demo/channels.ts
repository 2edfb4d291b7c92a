import { accountsOf, type Account, type AccountName } from '@orderflow/shared/accounts';
import type { Demo } from '../../services/ingest/src/sources/demo.ts';
import { demos } from '../../services/ingest/src/sources/demos.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';

/** A shop of the demo world: an account that sells, its currencies, and who reports its payments, if anybody does. */
export interface Channel extends AccountName {
  readonly currencies: readonly string[];
  readonly payments: readonly AccountName[];
}

/** How a source speaks. @throws Error when it cannot */
export function demoOf({ source }: Pick<AccountName, 'source'>): Demo {
  const demo = Object.hasOwn(demos, source) ? demos[source] : undefined;
  if (!demo) throw new Error(`services/ingest/src/sources/${source} has no demo.ts`);
  return demo;
}

const speaks = ({ source }: AccountName, what: 'ordered' | 'paid'): boolean => demos[source]?.[what] !== undefined;

/** A shop's account as a channel. */
export function channelOf({ source, account, currency }: Account, accounts: readonly Account[]): Channel {
  const payments = accounts.filter((one) => one.role === 'payments' && speaks(one, 'paid') && one.paysFor.some((shop) => shop.source === source && shop.account === account));
  return { source, account, currencies: currency === undefined ? demoOf({ source }).currencies : [currency], payments: payments.map((one) => ({ source: one.source, account: one.account })) };
}

/** The shops of the stage `local` whose sources know how to speak, also those that nobody hears over HTTP. */
export const speakingChannels = (accounts: readonly Account[] = accountsOf('local')): readonly Channel[] =>
  accounts.filter((one) => one.role === 'sells' && speaks(one, 'ordered')).map((one) => channelOf(one, accounts));

/** Of those, the ones that intake hears without anybody's help (over HTTP, through a queue, by polling): orders come from them in turn. */
export const demoChannels = (accounts?: readonly Account[]): readonly Channel[] =>
  speakingChannels(accounts).filter(({ source }) => {
    const definition = findSource(source);
    return definition?.verify !== 'not-http' || definition.queue !== undefined || definition.api?.poll !== undefined;
  });

/** Of those, the ones that push whole orders over HTTP: the shops of a world of nothing but orders. */
export const pushingChannels = (accounts?: readonly Account[]): readonly Channel[] =>
  demoChannels(accounts).filter(({ source }) => findSource(source)?.verify !== 'not-http' && !Object.values(findSource(source)?.routes.sells ?? {}).includes('source.notified'));
