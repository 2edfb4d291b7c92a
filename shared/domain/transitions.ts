import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '@orderflow/shared/events';

/** Mail that entering a state asks for; the kinds of shared/notices. */
export type StateMail = 'order-cancelled' | 'shipped' | 'out-for-delivery' | 'delivered';

interface State<S extends string> {
  /** What normally comes next, skipping allowed: sources do not report every step. */
  readonly forward: readonly S[];
  /** Steps back that a source may report as a correction: recorded, but nobody is told. */
  readonly back: readonly S[];
  /** Told to the customer on entering by a forward step. */
  readonly mail?: StateMail;
  /** Told to staff the first time this state or a later one is entered. */
  readonly notice?: 'shipping';
}
type Group<S extends string> = Readonly<Record<S, State<S>>>;

export type ReturnDecision = 'PENDING' | 'NEEDS_REVIEW' | 'APPROVED' | 'PARTIAL' | 'REJECTED';
export type RefundStatus = 'NONE' | 'DUE' | 'FAILED' | 'PAID';

/**
 * The one table of states and transitions. The order in which a group's states stand is their rank: of two changes with
 * the same sequence the later state wins. A decision on a return is final (`back` is empty).
 */
export const transitions: {
  readonly order: Group<OrderStatus>;
  readonly payment: Group<PaymentStatus>;
  readonly fulfilment: Group<FulfilmentStatus>;
  readonly decision: Group<ReturnDecision>;
  readonly refund: Group<RefundStatus>;
} = {
  order: {
    UNKNOWN: { forward: ['NEW', 'CONFIRMED', 'PROCESSING', 'COMPLETED', 'CANCELLED'], back: [] },
    NEW: { forward: ['CONFIRMED', 'PROCESSING', 'COMPLETED', 'CANCELLED'], back: [] },
    CONFIRMED: { forward: ['PROCESSING', 'COMPLETED', 'CANCELLED'], back: ['NEW'] },
    PROCESSING: { forward: ['COMPLETED', 'CANCELLED'], back: ['NEW', 'CONFIRMED'] },
    COMPLETED: { forward: ['CANCELLED'], back: ['NEW', 'CONFIRMED', 'PROCESSING'] },
    CANCELLED: { forward: [], back: ['NEW', 'CONFIRMED', 'PROCESSING', 'COMPLETED'], mail: 'order-cancelled' },
  },
  payment: {
    UNKNOWN: { forward: ['PENDING', 'FAILED', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'], back: [] },
    PENDING: { forward: ['FAILED', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'], back: [] },
    FAILED: { forward: ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'], back: ['PENDING'] },
    PAID: { forward: ['PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'], back: ['PENDING', 'FAILED'] },
    PARTIALLY_REFUNDED: { forward: ['REFUNDED', 'VOIDED'], back: ['PENDING', 'FAILED', 'PAID'] },
    REFUNDED: { forward: ['VOIDED'], back: ['PENDING', 'FAILED', 'PAID', 'PARTIALLY_REFUNDED'] },
    VOIDED: { forward: [], back: ['PENDING', 'FAILED', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'] },
  },
  fulfilment: {
    UNKNOWN: { forward: ['UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'], back: [] },
    UNFULFILLED: { forward: ['PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'], back: [] },
    PARTIAL: { forward: ['PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'], back: ['UNFULFILLED'] },
    PACKED: {
      forward: ['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'], back: ['UNFULFILLED', 'PARTIAL'], notice: 'shipping',
    },
    SHIPPED: {
      forward: ['OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'], back: ['UNFULFILLED', 'PARTIAL', 'PACKED'],
      mail: 'shipped', notice: 'shipping',
    },
    OUT_FOR_DELIVERY: {
      forward: ['DELIVERED', 'CANCELLED'], back: ['UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED'],
      mail: 'out-for-delivery', notice: 'shipping',
    },
    DELIVERED: {
      forward: ['CANCELLED'], back: ['UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY'],
      mail: 'delivered', notice: 'shipping',
    },
    CANCELLED: { forward: [], back: ['UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'] },
  },
  decision: {
    PENDING: { forward: ['NEEDS_REVIEW', 'APPROVED', 'PARTIAL', 'REJECTED'], back: [] },
    NEEDS_REVIEW: { forward: ['APPROVED', 'PARTIAL', 'REJECTED'], back: [] },
    APPROVED: { forward: [], back: [] },
    PARTIAL: { forward: [], back: [] },
    REJECTED: { forward: [], back: [] },
  },
  refund: {
    NONE: { forward: ['DUE', 'PAID', 'FAILED'], back: [] },
    DUE: { forward: ['PAID', 'FAILED'], back: [] },
    FAILED: { forward: ['DUE', 'PAID'], back: [] },
    PAID: { forward: [], back: [] },
  },
};

export type TransitionGroup = keyof typeof transitions;

/** What is wrong with a table of one group: unknown states, pairs named twice, and where `total`, pairs left out. */
export function faultsOf(name: string, group: Group<string>, total: boolean): string[] {
  const states = Object.keys(group);
  return states.flatMap((from) => {
    const { forward = [], back = [] } = group[from] ?? {};
    const targets = [...forward, ...back];
    return [
      ...targets.filter((to) => !states.includes(to)).map((to) => `${name}: ${from} leads to ${to}, which is no state`),
      ...targets.filter((to, at) => targets.indexOf(to) !== at || to === from).map((to) => `${name}: ${from} → ${to} stands twice or leads nowhere`),
      ...(total ? states.filter((to) => to !== from && to !== 'UNKNOWN' && !targets.includes(to)).map((to) => `${name}: ${from} → ${to} is missing`) : []),
    ];
  });
}

const faults = [
  ...faultsOf('order', transitions.order, true),
  ...faultsOf('payment', transitions.payment, true),
  ...faultsOf('fulfilment', transitions.fulfilment, true),
  ...faultsOf('decision', transitions.decision, false),
  ...faultsOf('refund', transitions.refund, false),
];
if (faults.length > 0) throw new Error(`transition table: ${faults.join('; ')}`);

const stateOf = (group: TransitionGroup, state: string): State<string> | undefined =>
  (transitions[group] as Group<string>)[state];

/** Position of a state in its group, 0 first; of two equally new states the higher one wins. */
export const rankOf = (group: TransitionGroup, state: string): number => Object.keys(transitions[group]).indexOf(state);

export type Step = 'forward' | 'back' | 'none';

/** How the table calls the step from one state to another; `undefined` where it has none. */
export function stepOf(group: TransitionGroup, from: string, to: string): Step | undefined {
  if (from === to) return 'none';
  const state = stateOf(group, from);
  if (state?.forward.includes(to)) return 'forward';
  if (state?.back.includes(to)) return 'back';
  return undefined;
}

/** Mail and notice of entering a state. */
export const onEntering = (group: TransitionGroup, state: string): Pick<State<string>, 'mail' | 'notice'> =>
  stateOf(group, state) ?? {};

/** Whether statuses, oldest first, are a path in the table; repeats of the same status are no step. */
export const isPath = (group: TransitionGroup, statuses: readonly string[]): boolean =>
  statuses.every((status, at) => at === 0 ? stateOf(group, status) !== undefined : stepOf(group, statuses[at - 1] ?? '', status) !== undefined);
