import { accountsOf, type Account } from '../../shared/accounts/index.ts';
import type { Demo } from '../../services/ingest/src/sources/demo.ts';
import { demos } from '../../services/ingest/src/sources/demos.ts';

/** An account that speaks. */
export interface Speaker {
  readonly source: string;
  readonly account: string;
  readonly demo: Demo;
}

/** A shop of the demo world: an account that sells, its currencies, and who reports its payments, if anybody does. */
export interface Channel extends Speaker {
  readonly currencies: readonly string[];
  readonly payments: Speaker | undefined;
}

/** A shop's account as a channel. */
export function channelOf({ source, account, currency }: Account, demo: Demo, accounts: readonly Account[]): Channel {
  const payments = accounts.flatMap((one) => {
    const speaks = demos[one.source];
    const pays = one.role === 'payments' && one.paysFor.some((shop) => shop.source === source && shop.account === account);
    return pays && speaks?.paid ? [{ source: one.source, account: one.account, demo: speaks }] : [];
  })[0];
  return { source, account, demo, currencies: currency === undefined ? demo.currencies : [currency], payments };
}

/** The shops of the stage `local` whose sources know how to speak: orders come from them in turn. */
export function demoChannels(accounts: readonly Account[] = accountsOf('local')): readonly Channel[] {
  return accounts.flatMap((one) => {
    const demo = demos[one.source];
    return one.role === 'sells' && demo?.ordered ? [channelOf(one, demo, accounts)] : [];
  });
}

/** Of those, the ones that push whole orders: in a world of nothing but orders. */
export const pushing = (channels: readonly Channel[]): readonly Channel[] => channels.filter(({ demo }) => !demo.polled);
