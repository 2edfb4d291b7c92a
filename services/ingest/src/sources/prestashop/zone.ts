import type { Account } from '@orderflow/shared/accounts';

/** The shop's time zone out of `store` of the account, where `:` stands for `/`: `Europe:Paris`; none: UTC. */
export const zoneOf = ({ store }: Pick<Account, 'store'>): string => store?.replaceAll(':', '/') ?? 'UTC';

/** A time as the shop's clock shows it: `2026-11-22 10:05:00`. */
export const shopTime = (time: string, account: Pick<Account, 'store'>): string =>
  new Date(time).toLocaleString('sv-SE', { timeZone: zoneOf(account) });
