import * as z from 'zod/mini';
import { checkTotals, groupsOf, historyOf, openAccount } from '@orderflow/shared/domain';
import type { Account } from '@orderflow/shared/accounts';
import { orderCreated, resolveCustomer, type Order } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { fenceOf, owns, accountOf, wakeAll, type Executions } from '@orderflow/shared/workflow';
import { seenOf } from '../seen.ts';
import { step, stop, untilSettled, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly accounts: readonly Account[];
}

/** What the order's own step adds to the item. Updates wait until it is there, so the data is still the event's own. */
function constructed(item: InFlightItem, order: Order, unknownIsPaid: boolean) {
  const own = groupsOf(order, item.event.sequence, order.placedAt);
  const totals = checkTotals(order);
  const resolved = resolveCustomer(order);
  return {
    agree: totals.agree,
    content: {
      groups: own,
      refunds: openAccount(order, unknownIsPaid),
      progress: { ...item.progress, history: historyOf(own), totals: totals.agree ? 'agree' : 'differ', difference: totals.difference },
      ...(resolved !== order ? { data: { order: resolved } } : {}),
    },
  };
}

const awaited = z.object({ awaited: z.optional(z.array(z.string())) });

/** What came before its order: in the order's own partition, and in those of payments that are known to wait. */
async function wakeWaiting({ progress }: InFlightItem, others: readonly InFlightItem[], deps: Deps): Promise<void> {
  const partitions = z.parse(awaited, progress ?? {}).awaited ?? [];
  const payments = await Promise.all(partitions.map((pk) => deps.store.look(pk)));
  await wakeAll([...others, ...payments.flatMap((partition) => partition.others)], ['order-unknown', 'payment-unknown'], deps);
}

/**
 * ConstructOrder: reads the order with all that waits for it, checks its totals against its lines, opens its refund
 * account, and wakes updates and returns that came before it.
 */
export async function handle(input: unknown, deps: Deps): Promise<Step> {
  const one = step.parse(input);
  const { store, accounts, meter } = deps;
  return untilSettled(async () => {
    const { order: item, others } = await store.look(one.pk);
    if (!owns(item, one)) return stop(one);
    const { order } = orderCreated.parse(item.data);
    if (item.groups) {
      // an earlier try of this step broke off after its write
      await wakeWaiting(item, others, deps);
      return { ...one, seen: seenOf(item, order) };
    }
    const { agree, content } = constructed(item, order, accountOf(accounts, order).unknownPayment === 'settled');
    const saved = await store.save(item, fenceOf(item), content);
    if (saved.outcome === 'changed') return 'again';
    if (saved.outcome === 'lost') return stop(one);
    if (!agree) meter.count('TotalsDiffer');
    await wakeWaiting(item, others, deps);
    return { ...one, seen: seenOf(saved.item, order) };
  });
}
