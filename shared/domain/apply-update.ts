import type { DataOf, Fulfilment, FulfilmentStatus, Order, OrderStatus, Payment, PaymentStatus } from '@orderflow/shared/events';
import {
  contentGroups, groupsOf, isUnpaid, mergeGroups, statusGroups, statusVersion, tableOf,
  type OrderGroups, type StatusVersion,
} from './order-state.ts';
import { onEntering, stepOf, type StateMail } from './transitions.ts';

export type Update = DataOf<'order.updated'>['update'];
export type PaymentChange = DataOf<'payment.changed'>['payment'];

/** A change of one order, of whatever kind, as the deciders see it. */
export interface OrderChange {
  readonly sequence: string;
  readonly occurredAt: string;
  readonly status?: OrderStatus | undefined;
  readonly payment?: Payment | undefined;
  readonly fulfilment?: Fulfilment | undefined;
  /** Full snapshot, when the source sends one; the fields above go before it. */
  readonly order?: Order | undefined;
}

/** What the store knows of an order; `order` is absent once it is forgotten. */
export interface OrderState {
  readonly groups: OrderGroups;
  readonly order?: Order | undefined;
}

/** One line of the status history: `sequence` and `at` are those of the change, whenever it arrived. */
export interface HistoryStep {
  readonly group: 'order' | 'payment' | 'fulfilment';
  readonly status: string;
  readonly at: string;
  readonly sequence: string;
}

export interface UpdateEffects {
  /** Groups that this change has set. Empty: it is stale, or says what is known. */
  readonly changed: readonly (keyof OrderGroups)[];
  /** Everything the change claims, stale or not: the history is the same in whatever order changes arrive. */
  readonly history: readonly HistoryStep[];
  readonly mails: readonly StateMail[];
  readonly notices: readonly 'shipping'[];
  /** A parked order may go on: its payment or status has changed. */
  readonly wakes: boolean;
}

export const changeOfUpdate = (update: Update, sequence: string): OrderChange => ({
  sequence,
  occurredAt: update.occurredAt,
  status: update.status ?? update.order?.status,
  payment: update.payment ?? update.order?.payment,
  fulfilment: update.fulfilment ?? update.order?.fulfilment,
  order: update.order,
});

/** A payment provider's word on an order's payment. */
export const changeOfPayment = (change: PaymentChange, sequence: string): OrderChange => ({
  sequence,
  occurredAt: change.occurredAt,
  payment: {
    status: change.status, provider: change.provider, reference: change.reference,
    ...(change.fee === undefined ? {} : { fee: change.fee }),
    ...(change.settlesAt === undefined ? {} : { settlesAt: change.settlesAt }),
  },
});

/** Status versions that a change claims; what it does not mention, or calls UNKNOWN, is absent. */
export function claimsOf({ sequence, occurredAt, status, payment, fulfilment }: OrderChange): {
  status?: StatusVersion<OrderStatus>; payment?: StatusVersion<PaymentStatus>; fulfilment?: StatusVersion<FulfilmentStatus>;
} {
  const known = (value: string | undefined): boolean => value !== undefined && value !== 'UNKNOWN';
  return {
    ...(status && known(status) ? { status: statusVersion(status, occurredAt, sequence, status) } : {}),
    ...(payment && known(payment.status) ? { payment: statusVersion(payment.status, occurredAt, sequence, payment) } : {}),
    ...(fulfilment && known(fulfilment.status) ? { fulfilment: statusVersion(fulfilment.status, occurredAt, sequence, fulfilment) } : {}),
  };
}

const stepsOf = (claims: ReturnType<typeof claimsOf>): HistoryStep[] =>
  statusGroups.flatMap((group) => {
    const claim = claims[group];
    return claim ? [{ group: tableOf[group], status: claim.value, at: claim.at, sequence: claim.sequence }] : [];
  });

/** History of an order as its first snapshot tells it. */
export const historyOf = (groups: OrderGroups): HistoryStep[] =>
  statusGroups
    .filter((group) => groups[group].value !== 'UNKNOWN')
    .map((group) => {
      const { value, at, sequence } = groups[group];
      return { group: tableOf[group], status: value, at, sequence };
    });

/** The newer payment; what names it does not change and is kept where the newer one is silent. */
const samePayment = ({ method, provider, reference }: Payment, newer: Payment): Payment => ({
  ...(method ? { method } : {}), ...(provider ? { provider } : {}), ...(reference ? { reference } : {}), ...newer,
});

/** The newer fulfilment; a promise to the customer stands until another is made. */
const samePromise = ({ promisedAt }: Fulfilment, newer: Fulfilment): Fulfilment => ({ ...(promisedAt ? { promisedAt } : {}), ...newer });

/** Order content with each group taken from the newer of the two. */
function mergeOrder(before: OrderState, after: OrderGroups, change: OrderChange): Order | undefined {
  const { order } = before;
  if (!order) return undefined;
  const changed = (group: keyof OrderGroups): boolean => before.groups[group] !== after[group];
  const snapshot = change.order;
  const header = snapshot && changed('header') ? snapshot : order;
  const address = snapshot && changed('address') ? snapshot.customer?.address : order.customer?.address;
  const { address: _, ...person } = header.customer ?? {};
  const customer = { ...person, ...(address ? { address } : {}) };
  return {
    ...header,
    key: order.key,
    lines: snapshot && changed('lines') ? snapshot.lines : order.lines,
    status: after.status.value,
    payment: changed('payment') && change.payment ? samePayment(order.payment, change.payment) : order.payment,
    fulfilment: changed('fulfilment') && change.fulfilment ? samePromise(order.fulfilment, change.fulfilment) : order.fulfilment,
    ...(order.test ? { test: true } : {}),
    ...(order.historical ? { historical: true } : {}),
    ...(header.customer || address ? { customer } : {}),
  };
}

/**
 * Applies one change to an order. The newest of each group wins, of equally new ones the later state in the table, then
 * the hash; when it arrives decides nothing, so every order of arrival ends in the same state.
 */
export function applyUpdate(state: OrderState, change: OrderChange): { state: OrderState; effects: UpdateEffects } {
  const claims = claimsOf(change);
  const before = state.groups;
  const after = mergeGroups(before, { ...before, ...claims, ...contentClaims(change) });
  // mergeGroups hands back the very version of `before` where nothing newer is claimed
  const changedStatus = statusGroups.filter((group) => after[group] !== before[group]);
  const changedContent = contentGroups.filter((group) => after[group] !== before[group]);

  // only a step forward to another status is told: a correction or a repeat is not news
  const entered = changedStatus.filter((group) => stepOf(tableOf[group], before[group].value, after[group].value) === 'forward');
  const told = entered.map((group) => onEntering(tableOf[group], after[group].value));
  const order = mergeOrder(state, after, change);
  return {
    state: { groups: after, ...(order ? { order } : {}) },
    effects: {
      changed: [...changedStatus, ...changedContent],
      history: stepsOf(claims),
      mails: told.flatMap(({ mail }) => (mail ? [mail] : [])),
      notices: told.some(({ notice }) => notice) ? ['shipping'] : [],
      wakes: changedStatus.includes('status') || (changedStatus.includes('payment') && before.payment.value !== after.payment.value && isUnpaid(before.payment.value)),
    },
  };
}

const contentClaims = ({ order, sequence, occurredAt }: OrderChange): Partial<OrderGroups> => {
  if (!order) return {};
  const { address, lines, header } = groupsOf(order, sequence, occurredAt);
  return { ...(address ? { address } : {}), ...(lines ? { lines } : {}), ...(header ? { header } : {}) };
};
