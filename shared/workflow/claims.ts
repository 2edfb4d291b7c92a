import { claimsOf, groupsOf, historyOf, neverSequence, statusGroups, tableOf, type OrderChange, type OrderGroups } from '@orderflow/shared/domain';
import type { DataOf, Order } from '@orderflow/shared/events';
import type { PayloadOf } from '@orderflow/shared/facts';

/** Versions of an order's groups, as its fact tells them. */
export const versionsOf = (groups: OrderGroups): PayloadOf<'order.settled'>['versions'] => ({
  status: groups.status.sequence,
  payment: groups.payment.sequence,
  fulfilment: groups.fulfilment.sequence,
  ...(groups.address ? { address: groups.address.sequence } : {}),
  ...(groups.lines ? { lines: groups.lines.sequence } : {}),
  ...(groups.header ? { header: groups.header.sequence } : {}),
});

/** What the event of an order itself claims, before updates and our own steps. */
export function orderClaims(order: Order, sequence: string): PayloadOf<'order.settled'> {
  const groups = groupsOf(order, sequence, order.placedAt);
  return { order, versions: versionsOf(groups), history: historyOf(groups) };
}

/**
 * What an update itself claims, whatever has been known before: the warehouse keeps the newest of each group as the table
 * does, so stale updates load too, for their part of the history. UNKNOWN claims nothing. `update`: absent for a payment.
 */
export function updateClaims(change: OrderChange, orderKey: string, update: DataOf<'order.updated'>['update'] | undefined): PayloadOf<'update.settled'> {
  const claims = claimsOf(change);
  const content = change.order ? groupsOf(change.order, change.sequence, change.occurredAt) : undefined;
  return {
    orderKey,
    occurredAt: change.occurredAt,
    ...(claims.status ? { status: claims.status.value } : {}),
    ...(claims.payment && change.payment ? { payment: change.payment } : {}),
    ...(claims.fulfilment && change.fulfilment ? { fulfilment: change.fulfilment } : {}),
    ...(update?.tracking ? { tracking: update.tracking } : {}),
    ...(update?.cancelReason === undefined ? {} : { cancelReason: update.cancelReason }),
    ...(change.order ? { order: change.order } : {}),
    versions: {
      ...Object.fromEntries(statusGroups.flatMap((group) => (claims[group] ? [[group, claims[group].sequence]] : []))),
      ...(content?.address ? { address: content.address.sequence } : {}),
      ...(content ? { lines: content.lines?.sequence ?? neverSequence, header: content.header?.sequence ?? neverSequence } : {}),
    },
    history: statusGroups.flatMap((group) => {
      const claim = claims[group];
      return claim ? [{ group: tableOf[group], status: claim.value, at: claim.at, sequence: claim.sequence }] : [];
    }),
  };
}

type Returned = DataOf<'return.requested'>['return'];

/** A refund that the source has already made or refused: recorded, never decided again. */
export const isDecided = ({ decided }: Returned): boolean =>
  decided !== undefined && (decided.outcome === 'APPROVED' || decided.outcome === 'PARTIAL' || decided.outcome === 'REJECTED');

/** The source has refunded, or refused to: as it is, never judged. */
export function sourceDecision({ decided, amount: asked, currency, requestedAt }: Returned): Pick<PayloadOf<'return.settled'>, 'decision' | 'refund'> {
  const amount = decided?.amount ?? asked;
  const outcome = decided?.outcome ?? 'PENDING';
  const money = amount === undefined ? {} : { amount };
  return {
    decision: { outcome, by: 'source', rule: 'source-decided', at: decided?.at ?? requestedAt, ...money },
    refund: { status: outcome === 'REJECTED' ? 'NONE' : 'PAID', ...money, ...(currency ? { currency } : {}) },
  };
}
