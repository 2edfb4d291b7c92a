import type { Account } from '@orderflow/shared/accounts';
import { applyUpdate, limits, minutesAfter, withOrder, withPayment, type OrderGroups, type OrderState, type UpdateEffects } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import { orderSk, type Content, type InFlightItem, type InFlightStore } from '@orderflow/shared/store';
import { fenceOf, owns, parkedByUs, accountOf, executionName, isLive, orderOf, wake, type Executions } from '@orderflow/shared/workflow';
import { appliedOf, changeOf, type Applied } from '../change.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly accounts: readonly Account[];
}

interface Seen {
  readonly item: InFlightItem;
  readonly order: InFlightItem | undefined;
  readonly orderKey: string | undefined;
}

/** The update and the order it is about: one Query, two where a payment's own partition had to tell the order. */
async function look(one: Step, store: InFlightStore): Promise<Seen | undefined> {
  const { order, others, paymentOf } = await store.look(one.pk);
  const item = others.find((other) => other.sk === one.sk);
  if (!owns(item, one) && !parkedByUs(item, one)) return undefined;
  const orderKey = changeOf(item).orderKey ?? paymentOf;
  if (orderKey === undefined || orderKey === one.pk) return { item, order, orderKey };
  return { item, order: await store.get({ pk: orderKey, sk: orderSk }), orderKey };
}

/** An order is known once its own construct step has seen it: that step wakes what came before. */
const isKnown = (order: InFlightItem | undefined): order is InFlightItem & { readonly groups: OrderGroups } => order?.groups !== undefined;

/** Parks the update, then looks once more. */
async function park(one: Step, { item, orderKey }: Seen, deps: Deps): Promise<Step> {
  const { store, clock, log } = deps;
  const reason = item.event.type === 'payment.changed' && orderKey === undefined ? 'payment-unknown' : 'order-unknown';
  const parked = await store.park(item, fenceOf(item), { reason, dueAt: minutesAfter(clock(), limits.recheckMinutes[reason]) });
  if (parked.outcome !== 'written') return stop(one);
  log.info('PARKED', { execution: executionName(one), reason });
  return lookAgain(one, parked.item, orderKey, deps);
}

/**
 * After the parking: an order that came in between has found nothing to wake. One that is not constructed yet may have
 * looked already, so it is touched: its own write then fails and it looks again. A note leads it to a payment's partition,
 * where it does not look of itself.
 */
async function lookAgain(one: Step, parked: InFlightItem, orderKey: string | undefined, deps: Deps): Promise<Step> {
  const { store } = deps;
  for (let turn = 0; turn < 5; turn++) {
    const again = await store.look(one.pk);
    const key = orderKey ?? again.paymentOf;
    const order = key === one.pk ? again.order : key === undefined ? undefined : await store.get({ pk: key, sk: orderSk });
    if (isKnown(order)) await wake(parked, deps);
    if (isKnown(order) || !order) break;
    const note = order.pk === one.pk ? {} : { progress: { ...order.progress, awaited: [one.pk] } };
    if ((await store.amendOrder(order.pk, order.revision, note)).outcome === 'written') break;
  }
  return { ...one, next: 'PARKED' };
}

/** What changes on the order's item. Its tombstone takes statuses and payment too, but no data. */
function amendment(order: InFlightItem, state: OrderState, effects: UpdateEffects, unknownIsPaid: boolean): Content {
  const { refunds } = order;
  const moved = effects.changed.some((group) => group === 'payment' || group === 'lines' || group === 'header');
  return {
    groups: state.groups,
    ...(state.order ? { data: { order: state.order } } : {}),
    ...(refunds && moved
      ? { refunds: state.order ? withOrder(refunds, state.order, unknownIsPaid) : withPayment(refunds, state.groups.payment.value, unknownIsPaid) }
      : {}),
  };
}

const resultOf = (one: Step, item: InFlightItem, orderKey: string, { mails, shipping }: Applied): Step => ({
  ...one,
  orderKey,
  version: item.version,
  next: 'LOAD',
  mail: mails.length > 0 ? 'SEND' : 'NONE',
  notice: shipping ? 'shipping' : 'NONE',
});

/**
 * ApplyUpdate: the newest of each group wins, whenever it arrives. Order and update are written in one transaction, so
 * that what the change has brought about (mails, notice, wake-up) is neither lost nor found twice.
 */
export async function handle(input: unknown, deps: Deps): Promise<Step> {
  const one = step.parse(input);
  const { store, accounts } = deps;
  for (let turn = 0; turn < 10; turn++) {
    const seen = await look(one, store);
    if (!seen) return stop(one);
    const { item, order, orderKey } = seen;
    if (item.state === 'PARKED') return lookAgain(one, item, orderKey, deps);
    if (!isKnown(order) || orderKey === undefined) return park(one, seen, deps);
    const { groups } = order;

    const known = appliedOf(item);
    if (known) {
      if (known.wakes) await wake(order, deps);
      return resultOf(one, item, orderKey, known);
    }
    const account = accountOf(accounts, order.event);
    const { state, effects } = applyUpdate({ groups, order: orderOf(order) }, changeOf(item).change);
    const live = isLive(order) && isLive(item);
    const outcome: Applied = {
      mails: live && account.customerNotices === 'us' ? [...effects.mails] : [],
      shipping: live && effects.notices.includes('shipping'),
      wakes: effects.wakes,
      test: order.test ?? false,
      historical: (order.historical ?? false) || (item.historical ?? false),
    };
    const own = { progress: { ...item.progress, applied: outcome } };
    const written = effects.changed.length > 0
      ? await store.amendOrder(orderKey, order.revision, amendment(order, state, effects, account.unknownPayment === 'settled'), { key: item, fence: fenceOf(item), content: own })
      : await store.save(item, fenceOf(item), own);
    if (written.outcome === 'changed') continue;
    if (written.outcome === 'lost') return stop(one);
    if (outcome.wakes) await wake(order, deps);
    return resultOf(one, item, orderKey, outcome);
  }
  throw new Error('the order kept changing while this update read it: try again');
}
