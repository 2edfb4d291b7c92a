import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoLine, DemoMessage, DemoSale, Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

const lists = { 'receipts.update': 'receipts', 'items.update': 'items', 'inventory_levels.update': 'inventory_levels', 'customers.update': 'customers' } as const;

const sent = (type: keyof typeof lists, things: readonly unknown[], at: number, { account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ merchant_id: `demo-${account}`, type, created_at: iso(at), [lists[type]]: things }),
  ...more,
});

function receiptOf(sale: DemoSale, at: number, lines: readonly DemoLine[], total: number, more: object) {
  const units = 10 ** exponentOf(sale.currency);
  const money = (minor: number): number => minor / units;
  return {
    receipt_number: sale.id, note: sale.comment ?? null, receipt_type: 'SALE', refund_for: null, order: null, created_at: iso(at), updated_at: iso(at), source: 'point of sale',
    receipt_date: iso(at), cancelled_at: null, total_money: money(total), total_tax: money(sale.tax), points_earned: 0, points_deducted: 0, points_balance: 0,
    customer_id: sale.person?.id ?? null, total_discount: money(lines.reduce((sum, line) => sum + line.discount, 0)), employee_id: 'demo-clerk', store_id: 'demo-store', pos_device_id: 'demo-till',
    dining_option: null, total_discounts: [], total_taxes: [], tip: 0, surcharge: 0,
    line_items: lines.map((line) => ({
      id: `${sale.id}-${line.id}`, item_id: `item-${line.product.id}`, variant_id: line.product.id, item_name: line.product.name, variant_name: null, sku: line.product.sku, quantity: line.quantity,
      price: money(line.unit), gross_total_money: money(line.unit * line.quantity), total_money: money(line.total), cost: line.product.costCents / 100, cost_total: line.product.costCents * line.quantity / 100,
      line_note: null, line_taxes: [], total_discount: money(line.discount), line_discounts: [], line_modifiers: [],
    })),
    payments: [{ payment_type_id: 'demo-card', name: 'Card', type: 'NONINTEGRATEDCARD', money_amount: money(total), paid_at: iso(at), payment_details: null }],
    ...more,
  };
}

export const demo: Demo = {
  currencies: ['USD', 'EUR'],
  without: ['shipping', 'pending'],
  // goods are handed out and paid at once
  starts: 'DELIVERED',
  tells: ['CANCELLED'],
  ordered: (sale, state, telling) => sent('receipts.update', [receiptOf(sale, sale.placedAt, sale.lines, sale.total, {})], state.at, telling),
  changed: (sale, state, telling) => sent(
    'receipts.update', [receiptOf(sale, sale.placedAt, sale.lines, sale.total, { updated_at: iso(state.at), cancelled_at: state.fulfilment === 'CANCELLED' ? iso(state.at) : null })], state.at, telling, { makes: ['order.created'] },
  ),
  returned: (sale, back, telling) => sent(
    'receipts.update', [receiptOf(sale, back.at, [back.line], back.amount, { receipt_number: back.id, receipt_type: 'REFUND', refund_for: sale.id, note: back.comment, total_tax: 0 })], back.at, telling,
  ),
  catalogued: (product, at, _currency, telling) => sent('items.update', [{
    id: `item-${product.id}`, handle: product.id, item_name: product.name, category_id: product.categoryId, track_stock: true, created_at: iso(at), updated_at: iso(at), deleted_at: null,
    variants: [{ variant_id: product.id, item_id: `item-${product.id}`, sku: product.sku, option1_value: null, cost: product.costCents / 100, default_pricing_type: 'FIXED', default_price: product.cents / 100, created_at: iso(at), updated_at: iso(at), deleted_at: null }],
  }], at, telling),
  counted: (product, quantity, at, telling) => sent('inventory_levels.update', [{ variant_id: product.id, store_id: 'demo-store', in_stock: quantity, updated_at: iso(at) }], at, telling),
  pinged: (telling) => sent('customers.update', [{ id: 'demo-customer', name: 'Ada Example' }], 0, telling),
};
