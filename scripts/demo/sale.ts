import { catalogue, wishes, type Product } from './catalogue.ts';
import { person, type Person } from './people.ts';
import { random, type Random } from './random.ts';

/** A shop of the demo world: a source, an account of it that sells, and its currency. */
export interface Channel {
  readonly source: 'canonical' | 'shopify' | 'stripe' | 'squarespace';
  readonly account: string;
  readonly currencies: readonly string[];
}

/** Orders come from these in turn, all pushed. With those below they are the selling accounts of the stage `local`. */
export const channels: readonly Channel[] = [
  { source: 'canonical', account: 'default', currencies: ['EUR', 'GBP', 'USD', 'JPY'] },
  { source: 'shopify', account: 'default', currencies: ['USD'] },
  { source: 'canonical', account: 'shop2', currencies: ['EUR'] },
  { source: 'stripe', account: 'checkout', currencies: ['EUR'] },
  { source: 'shopify', account: 'outlet', currencies: ['GBP'] },
];

/** A shop of the demo world that sends thin notices: its orders are fetched. */
const fetchedChannel: Channel = { source: 'squarespace', account: 'default', currencies: ['USD'] };

/** The shops' clocks run so far behind, in milliseconds, that deliveries and returns of the day lie in the past. */
export const shopsLagMs = 12 * 3_600_000;

/** The shops of a world: one of nothing but orders has those only that push them. */
export const channelsOf = ({ onlyOrders }: Pick<World, 'onlyOrders'>): readonly Channel[] =>
  onlyOrders ? channels : [...channels, fetchedChannel];

/** Units of each currency for 100 US cents (rough rates: the demo's own), and digits after its point. */
const currencyTable: Readonly<Record<string, readonly [perDollar: number, digits: number]>> = {
  USD: [1, 2], EUR: [0.9, 2], GBP: [0.78, 2], JPY: [150, 0],
};
export const digitsOf = (currency: string): number => currencyTable[currency]?.[1] ?? 2;

/** Minor units → decimal text: (2550, EUR) → 25.50. */
export function decimalText(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  if (digits === 0) return String(minor);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export interface SaleLine {
  readonly id: string;
  readonly product: Product;
  readonly quantity: number;
  /** Minor units. */
  readonly unit: number;
  readonly discount: number;
  readonly total: number;
}

/** One order of the demo world, before any source's format. Money in minor units. */
export interface Sale {
  /** From 0. */
  readonly n: number;
  readonly channel: Channel;
  /** Digits that no other order of any run has. */
  readonly serial: string;
  readonly id: string;
  readonly number: string;
  /** Milliseconds since 1970. */
  readonly placedAt: number;
  readonly currency: string;
  readonly lines: readonly SaleLine[];
  readonly tax: number;
  readonly shipping: number;
  readonly total: number;
  readonly payment: 'PAID' | 'PENDING' | 'FAILED';
  readonly paymentReference: string;
  /** Absent for guests. */
  readonly person: Person | undefined;
  readonly comment: string | undefined;
}

/** What makes a demo world: the same four, the same orders, byte for byte. */
export interface World {
  readonly seed: number;
  /** Start of the run, milliseconds since 1970; part of every id, so that two runs never share one. */
  readonly epoch: number;
  /** Every order paid, nothing but orders. */
  readonly onlyOrders: boolean;
  /** When order `n` was placed, milliseconds since 1970. */
  readonly placedAt: (n: number) => number;
}

export const randomOf = (world: World) => (...words: (string | number)[]): Random => random(world.seed, ...words);

/** 15 digits that no other run has, still exact as a JavaScript number: seconds since late 2023, then seven for the order. */
const numberOf = (world: World, n: number): string =>
  `${Math.floor(world.epoch / 1000) - 1_700_000_000}${String(n).padStart(7, '0')}`;

export function saleOf(world: World, n: number): Sale {
  const r = randomOf(world)('sale', n);
  const shops = channelsOf(world);
  const channel = shops[n % shops.length] as Channel;
  const currency = r.pick(channel.currencies);
  const [perDollar, digits] = currencyTable[currency] as readonly [number, number];
  const minorOf = (cents: number): number => Math.round((cents * perDollar * 10 ** digits) / 100);
  const lines = Array.from({ length: r.chance(0.05) ? r.whole(6, 14) : r.whole(1, 4) }, (_, at): SaleLine => {
    const product = r.pick(catalogue);
    const quantity = r.chance(0.7) ? 1 : r.whole(2, 6);
    const unit = minorOf(product.cents);
    const discount = r.chance(0.12) ? Math.round(unit * quantity * 0.1) : 0;
    return { id: String(at + 1), product, quantity, unit, discount, total: unit * quantity - discount };
  });
  const goods = lines.reduce((sum, { total }) => sum + total, 0);
  const shipping = r.chance(0.6) ? minorOf(r.pick([395, 495, 795])) : 0;
  const tax = channel.source !== 'stripe' && currency === 'USD' ? Math.round(goods * 0.0825) : 0;
  const luck = r.next();
  const serial = numberOf(world, n);
  const paymentReference = `pi_${serial}${r.hex(8)}`;
  return {
    n,
    channel,
    serial,
    // Stripe's refunds name the payment, not the session, so that is what its sales are known by
    id: channel.source === 'stripe' ? paymentReference : serial,
    number: `#${n + 1001}`,
    placedAt: world.placedAt(n),
    currency,
    lines,
    tax,
    shipping,
    total: goods + tax + shipping,
    // Squarespace takes the money before there is an order
    payment: world.onlyOrders || channel.source === 'squarespace' || luck < 0.88 ? 'PAID' : luck < 0.96 ? 'PENDING' : 'FAILED',
    paymentReference,
    // a world of one customer for every three orders or so; one order in ten is a guest's
    person: r.chance(0.1) ? undefined : person(randomOf(world), r.whole(1, 20 + Math.ceil((n + 1) / 3))),
    comment: r.chance(0.1) ? r.pick(wishes) : undefined,
  };
}
