import type { Account } from '@orderflow/shared/accounts';
import type { OwnHost } from '../sources/api.ts';

/**
 * The base address of an account's API: what this stage asks instead, the pinned host, or the account's own as its owner
 * has configured it. Undefined where the account names none, or one outside of the vendor's domain.
 */
export function baseOf(host: string | OwnHost, account: Account, instead: string | undefined): string | undefined {
  if (instead !== undefined) return instead;
  if (typeof host === 'string') return host;
  const { host: own } = account;
  if (own === undefined || !(host.within?.some((domain) => own === domain || own.endsWith(`.${domain}`)) ?? true)) return undefined;
  return `https://${own}${host.base ?? ''}`;
}
