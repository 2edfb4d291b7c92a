import { findAccount } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Delivery } from '../intake/delivery.ts';
import { interpret } from '../intake/interpret.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import { findSource } from '../sources/registry.ts';

interface Read {
  readonly events: readonly CanonicalEvent[];
  /** Not all of it could be read. */
  readonly dark: boolean;
}

/** What a delivery says by today's mapping; all of it is dark where its source or account is configured no more. */
export function readDelivery(delivery: Delivery, accounts: IntakeDeps['accounts']): Read {
  const source = findSource(delivery.source);
  const account = findAccount(accounts, delivery.source, delivery.account);
  if (!source || !account) return { events: [], dark: true };
  const { events, rejected } = interpret(delivery, { source, account, accounts });
  return { events, dark: rejected.length > 0 };
}
