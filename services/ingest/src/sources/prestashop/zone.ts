import type { Account } from '@orderflow/shared/accounts';

/** The zone of the shop's clock; none configured: UTC. */
export const zoneOf = ({ timeZone }: Pick<Account, 'timeZone'>): string => timeZone ?? 'UTC';

/** A time as the shop's clock shows it: `2026-11-22 10:05:00`. */
export const shopTime = (time: string, account: Pick<Account, 'timeZone'>): string =>
  new Date(time).toLocaleString('sv-SE', { timeZone: zoneOf(account) });
