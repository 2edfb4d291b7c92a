import type { AccountName } from '@orderflow/shared/accounts';
import type { Demo, DemoMessage, DemoState } from '../../services/ingest/src/sources/demo.ts';
import { complaints, praise } from './catalogue.ts';
import { demoOf } from './channels.ts';
import type { Fetchable, Said } from './delivery.ts';
import type { Random } from './random.ts';
import { besides, randomOf, shopsLagMs, type Sale, type World } from './sale.ts';
import { found, told, type Matter } from './says.ts';

/** One message of an order's life, sent `after` further orders have been sent. */
export interface Moment extends AccountName {
  readonly after: number;
  readonly message: DemoMessage;
  readonly says: readonly Said[];
  readonly ids: readonly string[];
  readonly fetches?: Fetchable;
  /** No message is sent: what is to be polled. */
  readonly untold?: true;
}

/** What the warehouse must show of the order once all is quiet; absent: not foretold. */
export interface Ending {
  readonly payment?: 'PAID';
  readonly fulfilment?: 'UNFULFILLED' | 'SHIPPED' | 'DELIVERED';
  /** Some sources say it of the order, some of its fulfilment, some of both. */
  readonly cancelled?: true;
  /** Never paid in this story: ends parked, not loaded. */
  readonly waits?: boolean;
}

export interface Story {
  readonly moments: readonly Moment[];
  readonly ending: Ending;
}

const minute = 60_000;

/** Every order of a shop that is only polled, and every third of one that is polled besides: its notices are lost, so that polling must find it. */
const untoldOf = (world: World, { n }: Sale, demo: Demo): boolean => demo.polled === 'only' || (demo.polled === true && Math.floor(n / world.channels.length) % 3 === 1);

/** The messages of one order's life. */
class Teller {
  readonly moments: Moment[] = [];
  readonly demo: Demo;
  readonly #sale: Sale;
  readonly #untold: boolean;
  #versions = 0;
  constructor(world: World, sale: Sale) {
    this.#sale = sale;
    this.demo = demoOf(sale.channel);
    this.#untold = untoldOf(world, sale, this.demo);
  }

  /** When something happened, so long after the order; what is polled changes just now by the vendor's clock, a moment apart. */
  at = (minutes: number): number => this.#sale.placedAt + (this.#untold ? shopsLagMs + minutes : minutes * minute);

  state = (minutes: number, payment: DemoState['payment'], fulfilment: DemoState['fulfilment'] = 'UNFULFILLED'): DemoState =>
    ({ payment, fulfilment, at: this.at(minutes), version: (this.#versions += 1) });

  tell(after: number, make: ((telling: { delivery: string; account: string }) => DemoMessage) | undefined, about: Omit<Matter, 'by' | 'sale'>, by: AccountName = this.#sale.channel): void {
    if (!make) return;
    const { moments } = this;
    const { source, account } = by;
    const message = make({ delivery: `${this.#sale.serial}${String(moments.length + 1).padStart(2, '0')}`, account });
    const matter = { ...about, by: { source, account }, sale: this.#sale };
    const fetches = message.fetched && { id: message.fetched.id, version: moments.length + 1, body: message.fetched.body, says: found(message, matter) };
    if (this.#untold && fetches) moments.push({ after, source, account, message: { headers: {}, body: '' }, says: [], ids: [], fetches, untold: true });
    else moments.push({ after, source, account, message, ...told(message, matter), ...(fetches && { fetches }) });
  }

  /** The order has changed, where its source tells that. @returns whether it does */
  change(after: number, minutes: number, payment: DemoState['payment'], fulfilment: DemoState['fulfilment'] = 'UNFULFILLED'): boolean {
    const { demo } = this;
    if (!demo.changed || !demo.tells?.includes(fulfilment === 'UNFULFILLED' ? 'PAID' : fulfilment)) return false;
    const state = this.state(minutes, payment, fulfilment);
    this.tell(after, (telling) => demo.changed?.(this.#sale, state, telling) as DemoMessage, { type: 'order.updated' });
    return true;
  }

  /** Whoever reports the shop's payments reports this one, if anybody does. @returns whether they do */
  paid(after: number, minutes: number): boolean {
    const { payer } = this.#sale;
    const paid = payer && demoOf(payer).paid;
    if (!paid) return false;
    const state = this.state(minutes, 'PAID');
    this.tell(after, (telling) => paid(this.#sale, state, telling), { type: 'payment.changed' }, payer);
    return true;
  }
}

/** From the shop to the customer, as far as the source tells it. @returns where it is in the end */
function parcel(teller: Teller, r: Random): NonNullable<Ending['fulfilment']> | 'CANCELLED' | undefined {
  const { demo } = teller;
  const luck = r.next();
  if (luck < 0.06 && teller.change(r.whole(2, 6), 30, 'PAID', 'CANCELLED')) return 'CANCELLED';
  const starts = demo.starts ?? 'UNFULFILLED';
  if (luck >= 0.65) return starts === 'UNKNOWN' ? undefined : starts;
  // one in eight: the carrier's messages overtake each other, or even the order itself
  const [shipped, arrived] = r.chance(0.125) ? [r.pick([0, 12]), 9] : [r.whole(5, 9), 17];
  const sent = teller.change(shipped, 120, 'PAID', 'SHIPPED');
  if (teller.change(arrived, 540, 'PAID', 'DELIVERED')) return 'DELIVERED';
  return sent ? 'SHIPPED' : starts === 'UNKNOWN' ? undefined : starts;
}

/** What comes back, and what customers think of the rest. @returns whether the order may show something else afterwards */
function afterwards(teller: Teller, sale: Sale, r: Random): boolean {
  const { demo } = teller;
  const [line] = sale.lines;
  let changed = false;
  if (line && demo.returned && r.chance(0.12)) {
    const { returned } = demo;
    const bad = r.chance(0.6);
    const back = { id: besides(sale.serial), at: teller.at(600), line, amount: line.total, reason: bad ? 'damaged' : 'does not fit', comment: r.pick(bad ? complaints : praise) };
    teller.tell(19, (telling) => returned(sale, back, telling), { type: 'return.requested', id: back.id, amount: back.amount });
    const last = teller.moments.at(-1);
    changed = [...last?.says ?? [], ...last?.fetches?.says ?? []].some(({ type }) => type === 'order.created' || type === 'order.updated');
  }
  for (const [speak, chance] of [[demo.reviewed, 0.15], [demo.surveyed, 0.1]] as const) {
    if (!speak || !r.chance(chance)) continue;
    const good = r.chance(0.7);
    const review = { id: besides(sale.serial), at: teller.at(660), rating: good ? r.whole(4, 5) : r.whole(1, 2), comment: r.pick(good ? praise : complaints) };
    teller.tell(20, (telling) => speak(sale, review, telling), { type: 'feedback.received', id: review.id });
  }
  return changed;
}

/** Everything that happens to one order, told in order of time; `after` says when each message arrives. */
export function storyOf(world: World, sale: Sale): Story {
  const r = randomOf(world)('story', sale.n);
  const teller = new Teller(world, sale);
  const { demo, moments } = teller;
  const begun = teller.state(0, sale.payment);
  teller.tell(0, (telling) => demo.ordered?.(sale, begun, telling) as DemoMessage, { type: 'order.created' });
  const starts = demo.starts === 'UNKNOWN' ? {} : { fulfilment: demo.starts ?? ('UNFULFILLED' as const) };
  const paid = demo.without?.includes('payment') ? {} : { payment: 'PAID' as const };
  if (world.onlyOrders) return { moments, ending: { ...paid, ...starts } };
  if (sale.payment !== 'PAID') {
    if (r.chance(0.12) || !(teller.paid(r.whole(3, 8), 20) || teller.change(r.whole(3, 8), 20, 'PAID'))) return { moments, ending: { waits: true } };
    return { moments, ending: { ...paid, ...starts } };
  }
  // the provider's word on what the shop says is paid, too
  if (r.chance(0.2)) teller.paid(r.whole(0, 6), 1);
  const fulfilment = parcel(teller, r);
  if (fulfilment === 'CANCELLED') return { moments, ending: { cancelled: true } };
  if (afterwards(teller, sale, r)) return { moments, ending: {} };
  return { moments, ending: { ...paid, ...(fulfilment && { fulfilment }) } };
}
