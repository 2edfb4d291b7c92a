import * as canonical from './canonical.ts';
import type { Message } from './canonical.ts';
import { complaints, praise } from './catalogue.ts';
import type { Fetchable, Said } from './delivery.ts';
import { composedKey } from './key.ts';
import { channelsOf, randomOf, shopsLagMs, type Sale, type World } from './sale.ts';
import { shopMessage, shopRefund } from './shopify.ts';
import * as squarespace from './squarespace.ts';
import * as stripe from './stripe.ts';

/** One message of an order's life, sent `after` further orders have been sent. */
export interface Moment {
  readonly after: number;
  readonly source: string;
  readonly account: string;
  readonly id: string;
  readonly message: Message;
  readonly says: readonly Said[];
  readonly fetches?: Fetchable;
  /** No message is sent: what is to be polled. */
  readonly untold?: true;
}

/** What the warehouse must show of the order once all is quiet; absent: not foretold. */
export interface Ending {
  readonly payment?: 'PAID';
  readonly fulfilment?: 'UNFULFILLED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';
  /** Never paid in this story: ends parked, not loaded. */
  readonly waits?: boolean;
}

const minute = 60_000;
/** Accounts whose payments the account stripe:default reports. */
const paidByStripe = new Set(['canonical:default', 'shopify:default']);

/** Every third order of the shop whose orders are fetched: its notices are lost, so that polling must find it. */
const untoldOf = (world: World, { n }: Sale): boolean => Math.floor(n / channelsOf(world).length) % 3 === 1;

/** An order of Squarespace: each step a thin notice, or none, and the order that is to be fetched or polled. */
function thinStory(world: World, sale: Sale): { readonly moments: readonly Moment[]; readonly ending: Ending } {
  const r = randomOf(world)('story', sale.n);
  const { source, account } = sale.channel;
  const key = canonical.keyOf(sale);
  const order: Said = { type: 'order.created', key, currency: sale.currency, total: sale.total, lines: sale.lines.length };
  const untold = untoldOf(world, sale);
  const moments: Moment[] = [];
  const tell = (after: number, topic: 'order.create' | 'order.update', state: squarespace.ShopState, says: readonly Said[]): void => {
    const version = moments.length + 1;
    const id = `${untold ? 'untold' : 'ntf'}_${sale.serial}_${version}`;
    const fetches = { id: sale.id, version, body: squarespace.orderText(sale, state), says };
    moments.push(untold ? { after, source, account, id, message: { headers: {}, body: '' }, says: [], fetches, untold } : {
      after, source, account, id, message: squarespace.notified(sale, id, topic, state.modifiedAt),
      says: [{ type: 'source.notified', key: composedKey(source, account, 'notice', sale.id) }],
      fetches,
    });
  };
  // polls look for what has changed just now
  const changedAt = (minutes: number): number => sale.placedAt + (untold ? shopsLagMs + minutes : minutes * minute);
  tell(0, 'order.create', { fulfilment: 'PENDING', modifiedAt: changedAt(0) }, [order]);
  if (r.chance(0.4)) return { moments, ending: { fulfilment: 'UNFULFILLED' } };
  // the parcel's whereabouts are an event of their own
  tell(r.whole(5, 9), 'order.update', { fulfilment: 'FULFILLED', modifiedAt: changedAt(120) }, [order, { type: 'order.updated', key }]);
  return { moments, ending: { fulfilment: 'SHIPPED' } };
}

/** Everything that happens to one order, told in order of time; `after` says when each message arrives. */
export function storyOf(world: World, sale: Sale): { readonly moments: readonly Moment[]; readonly ending: Ending } {
  if (sale.channel.source === 'squarespace') return thinStory(world, sale);
  const r = randomOf(world)('story', sale.n);
  const { source, account } = sale.channel;
  const key = canonical.keyOf(sale);
  const [line] = sale.lines;
  const told: Moment[] = [];
  const tell = (after: number, step: string, message: Message, says: Said, by: { readonly source: string; readonly account: string } = { source, account }): void => {
    // Stripe's delivery id is the id of its event, so both are made here
    const id = `${by.source === 'stripe' ? 'evt' : 'dlv'}_${sale.serial}_${step}`;
    told.push({ after, ...by, id, message, says: [says] });
  };
  const update = (after: number, step: string, message: Message): void => tell(after, step, message, { type: 'order.updated', key });
  const later = (minutes: number): number => sale.placedAt + minutes * minute;
  const evt = (step: string): string => `evt_${sale.serial}_${step}`;

  const paid = sale.payment === 'PAID';
  const order: Said = { type: 'order.created', key, currency: sale.currency, total: sale.total, lines: sale.lines.length };
  if (source === 'canonical') tell(0, 'created', canonical.created(sale), order);
  else if (source === 'shopify') tell(0, 'created', shopMessage(sale, 'orders/create', { financial: paid ? 'paid' : 'pending', fulfilment: null, updatedAt: sale.placedAt }), order);
  else tell(0, 'created', stripe.checkout(sale, evt('created'), 'checkout.session.completed', sale.placedAt, paid), order);
  if (world.onlyOrders) return { moments: told, ending: { payment: 'PAID', fulfilment: 'UNFULFILLED' } };

  if (!paid) {
    if (r.chance(0.12)) return { moments: told, ending: { waits: true } };
    if (paidByStripe.has(`${source}:${account}`)) {
      const payments = { source: 'stripe', account: 'default' };
      const payment: Said = { type: 'payment.changed', key: composedKey('stripe', 'default', 'payment', sale.paymentReference) };
      tell(r.whole(3, 8), 'paid', stripe.paymentIntent(sale, evt('paid'), later(20)), payment, payments);
    } else if (source === 'canonical') update(r.whole(3, 8), 'paid', canonical.updated(sale, later(20), { payment: { status: 'PAID', provider: 'stripe', reference: sale.paymentReference } }));
    else if (source === 'shopify') update(r.whole(3, 8), 'paid', shopMessage(sale, 'orders/paid', { financial: 'paid', fulfilment: null, updatedAt: later(20) }));
    else update(r.whole(3, 8), 'paid', stripe.checkout(sale, evt('paid'), 'checkout.session.async_payment_succeeded', later(20), true));
    return { moments: told, ending: { payment: 'PAID', fulfilment: 'UNFULFILLED' } };
  }

  const luck = r.next();
  if (luck < 0.04 && source === 'canonical') {
    update(r.whole(2, 6), 'cancelled', canonical.updated(sale, later(30), { status: 'CANCELLED', fulfilment: { status: 'CANCELLED' }, cancelReason: 'changed my mind' }));
    return { moments: told, ending: { fulfilment: 'CANCELLED' } };
  }
  let fulfilment: Ending['fulfilment'] = 'UNFULFILLED';
  if (luck < 0.65 && source === 'canonical') {
    fulfilment = 'DELIVERED';
    // one in eight: the carrier's messages overtake each other, or even the order itself
    const arrivals = r.chance(0.125) ? [9, r.pick([0, 5]), 14, 11] : [5, 9, 13, 17];
    const steps = ['PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'] as const;
    for (const [at, status] of steps.entries()) {
      const when = later([40, 120, 360, 540][at] ?? 0);
      update(arrivals[at] ?? 5, status.toLowerCase(), canonical.updated(sale, when, {
        fulfilment: { status, ...(status === 'DELIVERED' && { deliveredAt: new Date(when).toISOString() }) },
        ...(status === 'SHIPPED' && { tracking: { carrier: 'Demo Post', number: `DP${sale.id}`, url: `https://post.example.com/${sale.id}` } }),
      }));
    }
  } else if (luck < 0.65 && source === 'shopify') {
    fulfilment = 'SHIPPED';
    update(r.whole(5, 9), 'fulfilled', shopMessage(sale, 'orders/fulfilled', { financial: 'paid', fulfilment: 'fulfilled', updatedAt: later(120) }));
  }
  if (line && r.chance(0.09)) {
    const when = later(600);
    const returned = (id: string, amount: number | undefined, by = { source, account }): Said =>
      ({ type: 'return.requested', key: composedKey(by.source, by.account, 'return', id), currency: sale.currency, amount });
    if (source === 'canonical') {
      const bad = r.chance(0.6);
      const wish = { id: `r-${sale.id}`, at: when, reason: bad ? 'damaged' : 'does not fit', comment: r.chance(0.8) ? r.pick(bad ? complaints : praise) : undefined, amount: line.total };
      tell(19, 'return', canonical.returnAsked(sale, wish), returned(wish.id, line.total));
    } else if (source === 'shopify') {
      const id = Number(sale.id) + 50;
      tell(19, 'refund', shopRefund(sale, { id, at: when, note: r.pick(complaints), amount: line.total }), returned(String(id), line.total));
    } else {
      const id = `re_${sale.serial}`;
      tell(19, 'refund', stripe.refunded(sale, evt('refund'), { id, at: when, amount: line.total }), returned(id, line.total));
    }
  }
  if (source === 'canonical' && r.chance(0.15)) {
    const good = r.chance(0.7);
    const id = `f-${sale.id}`;
    tell(20, 'review', canonical.reviewed(sale, id, later(660), good ? r.whole(4, 5) : r.whole(1, 2), r.pick(good ? praise : complaints)), { type: 'feedback.received', key: composedKey(source, account, 'feedback', id) });
  }
  return { moments: told, ending: { payment: 'PAID', fulfilment } };
}
