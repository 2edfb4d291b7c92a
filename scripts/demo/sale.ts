import type { AccountName } from '@orderflow/shared/accounts';
import type { Demo, DemoLine, DemoSale } from '../../services/ingest/src/sources/demo.ts';
import { catalogue, wishes } from './catalogue.ts';
import { demoOf, type Channel } from './channels.ts';
import { minorOf } from './currencies.ts';
import { person } from './people.ts';
import { random, type Random } from './random.ts';

/** The shops' clocks run so far behind, in milliseconds, that deliveries and returns of the day lie in the past. */
export const shopsLagMs = 12 * 3_600_000;

/** One order of the demo world, before any source's format. */
export interface Sale extends DemoSale {
  readonly channel: AccountName;
  /** Who reports its payment besides the shop. */
  readonly payer: AccountName | undefined;
}

/** What makes a demo world: the same five, the same orders, byte for byte. */
export interface World {
  readonly seed: number;
  /** Start of the run, milliseconds since 1970; part of every id, so that two runs never share one. */
  readonly epoch: number;
  /** Every order paid, nothing but orders. */
  readonly onlyOrders: boolean;
  /** When order `n` was placed, milliseconds since 1970. */
  readonly placedAt: (n: number) => number;
  /** Orders come from these in turn. */
  readonly channels: readonly Channel[];
}

export const randomOf = (world: Pick<World, 'seed'>) => (...words: (string | number)[]): Random => random(world.seed, ...words);

/** 15 digits that no other run has, still exact as a JavaScript number: seconds since late 2023, then seven for the order. */
const numberOf = (world: Pick<World, 'epoch'>, n: number): string =>
  `${Math.floor(world.epoch / 1000) - 1_700_000_000}${String(n).padStart(7, '0')}`;

/** As many digits, or one more, for something else of the same order. */
export const besides = (serial: string): string => String(1_000_000_000_000_000 + Number(serial));

function linesOf(r: Random, demo: Demo, currency: string): readonly DemoLine[] {
  return Array.from({ length: r.chance(0.05) ? r.whole(6, 14) : r.whole(1, 4) }, (_, at): DemoLine => {
    const product = r.pick(catalogue);
    const quantity = r.chance(0.7) ? 1 : r.whole(2, 6);
    const unit = minorOf(product.cents, currency);
    const discount = r.chance(0.12) && !demo.without?.includes('discount') ? Math.round(unit * quantity * 0.1) : 0;
    return { id: String(at + 1), product, quantity, unit, discount, total: unit * quantity - discount };
  });
}

/** Order `n` of a world, were it of this shop. */
export function saleIn(world: Omit<World, 'channels'>, channel: Channel, n: number): Sale {
  const r = randomOf(world)('sale', n);
  const demo = demoOf(channel);
  const can = (what: NonNullable<Demo['without']>[number]): boolean => !demo.without?.includes(what);
  const currency = r.pick(channel.currencies);
  const lines = linesOf(r, demo, currency);
  const goods = lines.reduce((sum, { total }) => sum + total, 0);
  const shipping = r.chance(0.6) && can('shipping') ? minorOf(r.pick([395, 495, 795]), currency) : 0;
  const taxed = r.chance(0.3);
  const tax = can('tax') && (currency === 'USD' || taxed) ? Math.round(goods * (currency === 'USD' ? 0.0825 : 0.05)) : 0;
  const luck = r.next();
  const serial = numberOf(world, n);
  const payer = channel.payments.length > 0 ? r.pick(channel.payments) : undefined;
  const guest = r.chance(0.1) && can('guests');
  return {
    n,
    channel: { source: channel.source, account: channel.account },
    payer,
    serial,
    id: demo.orderId?.(serial) ?? serial,
    number: `#${n + 1001}`,
    placedAt: Math.floor(world.placedAt(n) / 1000) * 1000,
    currency,
    lines,
    tax,
    shipping,
    total: goods + tax + shipping,
    payment: world.onlyOrders || !can('pending') || luck < 0.88 ? 'PAID' : luck < 0.96 ? 'PENDING' : 'FAILED',
    paymentReference: demoOf(payer ?? channel).paymentReference?.(serial) ?? `pay_${serial}`,
    paidThrough: payer?.source,
    // a world of one customer for every three orders or so; one order in ten is a guest's
    person: guest ? undefined : person(randomOf(world), r.whole(1, 20 + Math.ceil((n + 1) / 3))),
    comment: r.chance(0.1) && can('comment') ? r.pick(wishes) : undefined,
  };
}

export const saleOf = (world: World, n: number): Sale => saleIn(world, world.channels[n % world.channels.length] as Channel, n);

