import type { Account } from '@orderflow/shared/accounts';
import { applyUpdate, decideOrder, withPayment, type OrderDecision } from '@orderflow/shared/domain';
import type { Order, PaymentStatus } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import type { Content, InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { fenceOf, ownItem, accountOf, executionName, groupsOfItem, orderOf } from '@orderflow/shared/workflow';
import type { PaymentLookUp } from '../payments/look-up.ts';
import { seenOf, type Seen } from '../seen.ts';
import { step, stop, untilSettled, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly accounts: readonly Account[];
  readonly payments: PaymentLookUp;
}
type Terms = Pick<Account, 'customerNotices' | 'unknownPayment'>;

/** Whether the source's own word on the payment leaves something to ask the provider. */
const isOpen = ({ status, payment, historical }: Seen, { unknownPayment }: Terms, attempt: number): boolean =>
  !historical && status !== 'CANCELLED' &&
  (payment === 'PENDING' || (payment === 'FAILED' && attempt > 1) || (payment === 'UNKNOWN' && unknownPayment === 'wait'));

/** Asks the provider; silence or trouble leaves things as the source says, and the next attempt asks again. */
async function ask(order: Order, one: Step, { payments, log }: Deps): Promise<PaymentStatus | undefined> {
  const { provider, reference } = order.payment;
  if (provider === undefined || reference === undefined) return undefined;
  const found = await payments.find({ provider, reference, source: order.source, account: order.account });
  log.info(found.outcome === 'unavailable' ? 'PAYMENT_LOOKUP_FAILED' : 'PAYMENT_LOOKED_UP', { execution: executionName(one), outcome: found.outcome });
  return found.outcome === 'found' ? found.status : undefined;
}

/** The item after the provider's word, which has the version of the source's: any later word of the source wins. */
function afterAnswer(item: InFlightItem, order: Order, status: PaymentStatus, terms: Terms, now: number): Content | undefined {
  const groups = groupsOfItem(item);
  if (!groups || status === groups.payment.value) return undefined;
  const sequence = groups.payment.value === 'UNKNOWN' ? item.event.sequence : groups.payment.sequence;
  const { state } = applyUpdate({ groups, order }, { sequence, occurredAt: new Date(now).toISOString(), payment: { ...order.payment, status } });
  return {
    groups: state.groups,
    data: { order: state.order },
    ...(item.refunds ? { refunds: withPayment(item.refunds, state.groups.payment.value, terms.unknownPayment === 'settled') } : {}),
  };
}

const outcomeOf = (one: Step, known: Seen, decision: OrderDecision, { customerNotices }: Terms): Step => ({
  ...one,
  version: known.version,
  revision: known.revision,
  next: decision.path,
  mail: decision.mail && customerNotices === 'us' && known.reachable ? decision.mail : 'NONE',
  notice: decision.notice ?? 'NONE',
  ...(decision.park ? { park: decision.park } : {}),
});

/**
 * CheckPayment: the source's own status, else the provider's, then the table of outcomes. What ConstructOrder has just
 * seen is enough where the source's word decides; only what is open is read and asked for.
 */
export async function handle(input: unknown, deps: Deps): Promise<Step> {
  const { park: _, seen: fresh, ...one } = step.parse(input);
  const { store, accounts, clock } = deps;
  if (fresh) {
    const terms = accountOf(accounts, fresh);
    const decision = decideOrder({ ...fresh, ...terms }, { attempt: one.attempt, now: clock() });
    if (!isOpen(fresh, terms, one.attempt) && decision.path !== 'OVERDUE') return outcomeOf(one, fresh, decision, terms);
  }
  return untilSettled(async () => {
    let item = await ownItem(store, one);
    const order = item && orderOf(item);
    const before = item && order && seenOf(item, order);
    if (!item || !order || !before) return stop(one);
    const terms = accountOf(accounts, order);
    const status = isOpen(before, terms, one.attempt) ? await ask(order, one, deps) : undefined;
    let content = status && afterAnswer(item, order, status, terms, clock());
    const groups = content?.groups ?? groupsOfItem(item);
    const decision = decideOrder(
      { ...before, payment: groups?.payment.value ?? before.payment, ...terms },
      { attempt: one.attempt, now: clock(), ...(item.parked ? { since: item.parked.since } : {}) },
    );
    if (decision.path === 'OVERDUE' && groups && !groups.overdue) content = { ...content, groups: { ...groups, overdue: true } };
    if (content) {
      const saved = await store.save(item, fenceOf(item), content);
      if (saved.outcome === 'changed') return 'again';
      if (saved.outcome === 'lost') return stop(one);
      item = saved.item;
    }
    return outcomeOf(one, { ...before, version: item.version, revision: item.revision }, decision, terms);
  });
}
