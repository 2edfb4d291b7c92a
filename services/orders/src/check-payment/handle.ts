import type { Account } from '@orderflow/shared/accounts';
import { applyUpdate, decideOrder, withPayment, type OrderGroups, type OrderDecision } from '@orderflow/shared/domain';
import type { Order, PaymentStatus } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import type { Content, InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { accountOf, executionName, groupsOfItem, isLive, orderOf } from '@orderflow/shared/workflow';
import type { PaymentLookUp } from '../payments/look-up.ts';
import { fenceOf, ownOrder, step, stop, untilSettled, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly accounts: readonly Account[];
  readonly payments: PaymentLookUp;
}

/** Whether the source's own word on the payment leaves something to ask the provider. */
const isOpen = (payment: PaymentStatus, unknownPayment: Account['unknownPayment'], attempt: number): boolean =>
  payment === 'PENDING' || (payment === 'FAILED' && attempt > 1) || (payment === 'UNKNOWN' && unknownPayment === 'wait');

/** Asks the provider; silence or trouble leaves things as the source says, and the next attempt asks again. */
async function ask(order: Order, one: Step, { payments, log }: Deps): Promise<PaymentStatus | undefined> {
  const { provider, reference } = order.payment;
  if (provider === undefined || reference === undefined) return undefined;
  const found = await payments.find({ provider, reference, source: order.source, account: order.account });
  log.info(found.outcome === 'unavailable' ? 'PAYMENT_LOOKUP_FAILED' : 'PAYMENT_LOOKED_UP', { execution: executionName(one), outcome: found.outcome });
  return found.outcome === 'found' ? found.status : undefined;
}

const outcomeOf = (one: Step, item: InFlightItem, decision: OrderDecision, mail: boolean): Step => ({
  ...one,
  version: item.version,
  revision: item.revision,
  next: decision.path,
  mail: mail && decision.mail ? decision.mail : 'NONE',
  notice: decision.notice ?? 'NONE',
  ...(decision.park ? { park: decision.park } : {}),
});

/**
 * CheckPayment: the source's own status, else the provider's, then the table of outcomes. A provider's word takes the
 * version of the source's, so that any later word of the source stands above it.
 */
export async function handle(input: unknown, deps: Deps): Promise<Step> {
  const { park: _, ...one } = step.parse(input);
  const { store, accounts, clock } = deps;
  return untilSettled(async () => {
    let item = await ownOrder(store, one);
    const order = item && orderOf(item);
    let groups = item && groupsOfItem(item);
    if (!item || !order || !groups) return stop(one);
    const account = accountOf(accounts, order);
    let content: Content | undefined;

    if (!item.historical && order.status !== 'CANCELLED' && isOpen(groups.payment.value, account.unknownPayment, one.attempt)) {
      const status = await ask(order, one, deps);
      if (status && status !== groups.payment.value) {
        const sequence = groups.payment.value === 'UNKNOWN' ? item.event.sequence : groups.payment.sequence;
        const change = { sequence, occurredAt: new Date(clock()).toISOString(), payment: { ...order.payment, status } };
        const { state } = applyUpdate({ groups, order }, change);
        groups = state.groups;
        content = {
          groups, data: { order: state.order },
          ...(item.refunds ? { refunds: withPayment(item.refunds, groups.payment.value, account.unknownPayment === 'settled') } : {}),
        };
      }
    }
    const decision = decideOrder(
      { status: groups.status.value, payment: groups.payment.value, fulfilment: groups.fulfilment.value, test: item.test ?? false, historical: item.historical ?? false, unknownPayment: account.unknownPayment },
      { attempt: one.attempt, now: clock(), ...(item.parked ? { since: item.parked.since } : {}) },
    );
    if (decision.path === 'OVERDUE' && !groups.overdue) content = { ...content, groups: { ...groups, overdue: true } satisfies OrderGroups };
    if (content) {
      const saved = await store.save(item, fenceOf(item), content);
      if (saved.outcome === 'changed') return 'again';
      if (saved.outcome === 'lost') return stop(one);
      item = saved.item;
    }
    const mail = isLive(item) && account.customerNotices === 'us' && order.customer?.email !== undefined;
    return outcomeOf(one, item, decision, mail);
  });
}
