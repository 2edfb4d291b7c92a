import { sellingAccountsFor, type Account } from '@orderflow/shared/accounts';
import { composeKey, orderKey, type Order } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import type { Draft } from '../sources/definition.ts';

/** Compared as a prefix, never taken apart; the parts are encoded, so the colon after them ends the account. */
const ofAccount = (key: string, { source, account }: Pick<Account, 'source' | 'account'>): boolean =>
  key.startsWith(`${composeKey(source, account)}:`);

const foreign = (path: string): Unreadable =>
  new Unreadable('foreign-order', path, 'names an order of another account than the one that signed the delivery');

function checkOrder(order: Order, account: Account, path: string): void {
  if (order.source !== account.source || order.account !== account.account) throw foreign(path);
  if (order.key !== orderKey(account.source, account.account, order.id)) throw foreign(`${path}.key`);
}

/** The order key that a draft names, with its path. */
function namedOrder(draft: Draft): readonly [key: string | undefined, path: string] {
  switch (draft.type) {
    case 'order.updated':
      return [draft.data.update.orderKey, '$.data.update.orderKey'];
    case 'payment.changed':
      return [draft.data.payment.orderKey, '$.data.payment.orderKey'];
    case 'return.requested':
      return [draft.data.return.orderKey, '$.data.return.orderKey'];
    case 'feedback.received':
      return [draft.data.feedback.orderKey, '$.data.feedback.orderKey'];
    case 'adjustment.recorded':
      return [draft.data.adjustment.orderKey, '$.data.adjustment.orderKey'];
    default:
      return [undefined, '$'];
  }
}

/**
 * FAULTS I12: an account writes orders of its own only, and an account that reports payments writes nothing else.
 * A payment may name an order of a shop that the owner linked to it. @throws Unreadable
 */
export function checkBelongs(draft: Draft, account: Account, accounts: readonly Account[]): void {
  if (account.role === 'payments' && draft.type !== 'payment.changed' && draft.type !== 'source.notified') {
    throw new Unreadable('role', '$.type', 'this account reports payments only');
  }
  if (draft.type === 'order.created') checkOrder(draft.data.order, account, '$.data.order');
  if (draft.type === 'order.updated' && draft.data.update.order) {
    checkOrder(draft.data.update.order, account, '$.data.update.order');
    if (draft.data.update.order.key !== draft.data.update.orderKey) throw foreign('$.data.update.orderKey');
  }
  const [key, path] = namedOrder(draft);
  if (key === undefined || ofAccount(key, account)) return;
  const linked = draft.type === 'payment.changed' && sellingAccountsFor(accounts, account).some((shop) => ofAccount(key, shop));
  if (!linked) throw foreign(path);
}
