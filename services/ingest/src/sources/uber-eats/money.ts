import type { OrderLine } from '@orderflow/shared/events';
import { Unreadable, type Fields } from '../../convert/index.ts';
import { always, each, fixed, inside, price, type Read, type Scope } from '../../map/index.ts';

/** Five digits stand after the point, whatever the currency. */
const e5 = (name: string): Read<number> => fixed(5, `${name}.amount_e5`);

/** What is paid, its tax within; where no gross amount is told, net and tax make it. */
export const gross: Read<number> = (money, scope) => {
  const whole = e5('gross')(money, scope);
  const net = e5('net')(money, scope);
  return whole ?? (net === undefined ? undefined : net + (e5('tax')(money, scope) ?? 0));
};

/** As the menu writes it: with its tax where prices include it, else without. */
const shown: Read<number> = (money, scope) => (money.flag('is_tax_inclusive') === false ? e5('net')(money, scope) : undefined) ?? gross(money, scope);

export const detail = 'payment.payment_detail';
const at = (name: string, read: Read<number>): Read<number> => inside(`${detail}.${name}`, read);

export const total = at('order_total', gross);
export const tax = at('order_total', e5('tax'));
export const subtotal = at('item_charges.total', shown);
export const discount: Read<number> = (order, scope) => {
  const found = at('promotions.total', shown)(order, scope);
  return found === undefined ? undefined : Math.abs(found);
};

/** What prices one row of the cart, by its id. The vendor's own sample has one object where its orders have a list. */
function breakdownOf(order: Fields, row: Fields): Fields | undefined {
  const charges = order.child('payment')?.child('payment_detail')?.child('item_charges');
  const all = charges === undefined ? [] : Array.isArray(charges.raw('price_breakdown')) ? charges.list('price_breakdown') : [charges.child('price_breakdown')];
  const id = row.text('cart_item_id');
  return id === undefined ? undefined : all.find((one) => one?.text('cart_item_id') === id);
}

const quantityOf = (row: Fields): number => Number(row.child('quantity')?.decimal('amount') ?? '1');

/** A row of the cart without its options: its total, or what as many as were ordered cost. */
function own(row: Fields, order: Fields, scope: Scope): number | undefined {
  const priced = breakdownOf(order, row);
  if (priced === undefined) return undefined;
  const unit = inside('unit', shown)(priced, scope);
  return inside('total', shown)(priced, scope) ?? (unit === undefined ? undefined : Math.round(unit * quantityOf(row)));
}

const optionsIn = (row: Fields): readonly Fields[] => row.list('selected_modifier_groups').flatMap((group) => group.list('selected_items'));

/** What the options of a row cost, and the options of options. */
const optionsOf = (row: Fields, order: Fields, scope: Scope): number =>
  optionsIn(row).reduce((sum, option) => sum + (own(option, order, scope) ?? 0) + optionsOf(option, order, scope), 0);

/** The items of all carts; several people may order together. */
export const items = (order: Fields): readonly Fields[] => each('carts')(order).flatMap((cart) => cart.list('items'));

/** Whether the items alone make what all items cost: their options are then in their prices. */
function holdsOptions(order: Fields, scope: Scope): boolean {
  const alone = items(order).reduce((sum, item) => sum + (own(item, order, scope) ?? 0), 0);
  return alone === subtotal(order, scope);
}

export const lineDiscount: Read<number> = (item, scope) => {
  const priced = scope.outer && breakdownOf(scope.outer, item);
  const found = priced && inside('discount.total', shown)(priced, scope);
  return found === undefined ? undefined : Math.abs(found);
};

/** An item with its options, less its discount. @throws Unreadable where nothing prices it */
export const lineTotal: Read<number> = (item, scope) => {
  const order = scope.outer as Fields;
  const alone = own(item, order, scope);
  if (alone === undefined) throw new Unreadable('missing', `${order.path()}.${detail}.item_charges.price_breakdown`, 'has no price of an item');
  return alone + (holdsOptions(order, scope) ? 0 : optionsOf(item, order, scope)) - (lineDiscount(item, scope) ?? 0);
};

const fees = each(`${detail}.fees.details`);
const feeAmount = inside('amount', shown);
const isDelivery = (fee: Fields): boolean => fee.text('id') === 'DELIVERY_FEE';

export const shipping: Read<number> = (order, scope) => {
  const found = fees(order).filter(isDelivery);
  return found.length === 0 ? undefined : found.reduce((sum, fee) => sum + (feeAmount(fee, scope) ?? 0), 0);
};

const feeLine = (order: Fields, scope: Scope, id: string, name: string, amount: number | undefined): readonly OrderLine[] =>
  (amount === undefined || amount === 0 ? [] : [{ id, name, quantity: 1, unitPrice: price(always(amount))(order, scope) ?? '0', total: amount, class: 'fee' as const }]);

/** Fees but that of the delivery, tips, and what was changed of the price afterwards. */
export function more(order: Fields, scope: Scope): readonly OrderLine[] {
  const told = fees(order);
  return [
    ...told.filter((fee) => !isDelivery(fee)).flatMap((fee, place) => feeLine(order, scope, `fee-${place + 1}`, fee.text('id') ?? 'fee', feeAmount(fee, scope))),
    ...(told.length === 0 ? feeLine(order, scope, 'fees', 'fees', at('fees.total', shown)(order, scope)) : []),
    ...feeLine(order, scope, 'tip', 'tip', at('tips.total', shown)(order, scope)),
    ...feeLine(order, scope, 'adjustment', 'adjustment', at('adjustment.total', shown)(order, scope)),
  ];
}

/** What is to be paid in cash at the door. */
export const cash = at('cash_amount_due', gross);
