import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import { minorDigits } from './minor-digits.ts';
import { mayBePaid, type ToldOrder } from './order-seen.ts';

/** Orders that have left the table: asked of the warehouse. */
export interface OrderArchive {
  find(orderKey: string): Promise<ToldOrder | undefined>;
  /**
   * How many returns a customer has asked for since, as far as they are loaded, tests not counted.
   * @param customerKey `<source>:<account>:<customer id>`
   * @param since ISO 8601, UTC
   */
  returnsOf(customerKey: string, since: string): Promise<number>;
}

const orderSql = `SELECT o.order_id, o.order_number, o.currency, CAST(o.total_order_value AS VARCHAR(40)) AS total,
  CAST(o.shipping AS VARCHAR(40)) AS shipping, CAST(o.tax AS VARCHAR(40)) AS tax, CAST(o.discount AS VARCHAR(40)) AS discount,
  COALESCE(o.ship_country, c.country) AS country, o.payment_status, c.customer_id, c.name, c.email_id, c.address_line, c.city,
  TO_CHAR(o.order_date_time, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS placed_at,
  TO_CHAR(o.delivered_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS delivered_at,
  TO_CHAR(o.promised_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS promised_at,
  l.line_id, l.line_class, l.product_id, l.sku, l.quantity, CAST(l.price_charged AS VARCHAR(40)) AS line_total,
  CAST(l.discount AS VARCHAR(40)) AS line_discount, CAST(l.tax AS VARCHAR(40)) AS line_tax, g.name AS category,
  g.return_by_days, s.name AS seller
FROM orders o
LEFT JOIN order_product l ON l.order_key = o.order_key
LEFT JOIN product p ON p.product_key = l.product_key
LEFT JOIN category g ON g.category_key = p.category_key
LEFT JOIN seller s ON s.seller_key = COALESCE(l.seller_key, p.seller_key)
LEFT JOIN customer c ON c.customer_key = o.customer_key
WHERE o.order_key = :order_key AND o.header_version IS NOT NULL
ORDER BY l.line_id
LIMIT 2000`;

const returnsSql = `SELECT COUNT(*) AS returns
FROM returns r
LEFT JOIN orders o ON o.order_key = r.order_key
WHERE COALESCE(r.customer_key, o.customer_key) = :customer_key AND r.return_date >= CAST(:since AS TIMESTAMP) AND NOT COALESCE(r.is_test, FALSE)`;

const text = (row: Row, name: string): string | undefined => {
  const value = row[name];
  return value === null || value === undefined || value === '' ? undefined : String(value);
};

/** Decimal text of the warehouse (four places) → minor units, exact. */
export function minorOf(decimal: string | undefined, digits: number): number {
  if (decimal === undefined) return 0;
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  return Number(`${sign}${whole}${fraction.padEnd(digits, '0').slice(0, digits)}`) + 0;
}

const lineClasses = ['product', 'postage', 'discount', 'fee', 'adjustment', 'giftCard'] as const;

export const warehouseArchive = (warehouse: WarehouseReader): OrderArchive => ({
  async find(orderKey) {
    const rows = await warehouse.rows(orderSql, { order_key: orderKey });
    const [head] = rows;
    if (head === undefined) return undefined;
    const currency = text(head, 'currency') ?? '';
    const digits = minorDigits(currency);
    const optional = <K extends string>(name: K, value: string | undefined): { [P in K]?: string } => (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
    const shipping = text(head, 'shipping');
    const place = [text(head, 'address_line'), text(head, 'city')].filter(Boolean).join(' ');
    return {
      number: text(head, 'order_number') ?? text(head, 'order_id') ?? orderKey,
      contact: { ...optional('name', text(head, 'name')), ...optional('email', text(head, 'email_id')), ...optional('place', place || undefined) },
      currency,
      placedAt: text(head, 'placed_at') ?? '1970-01-01T00:00:00Z',
      ...optional('deliveredAt', text(head, 'delivered_at')),
      ...optional('promisedAt', text(head, 'promised_at')),
      total: minorOf(text(head, 'total'), digits),
      ...(shipping === undefined ? {} : { shipping: minorOf(shipping, digits) }),
      tax: text(head, 'tax') === undefined ? rows.reduce((sum, row) => sum + minorOf(text(row, 'line_tax'), digits), 0) : minorOf(text(head, 'tax'), digits),
      ...(text(head, 'discount') === undefined ? {} : { discount: minorOf(text(head, 'discount'), digits) }),
      ...optional('country', text(head, 'country')),
      ...optional('customerId', text(head, 'customer_id')),
      paid: mayBePaid(text(head, 'payment_status')),
      lines: rows.flatMap((row) => {
        const id = text(row, 'line_id');
        if (id === undefined) return [];
        const kind = lineClasses.find((one) => one === text(row, 'line_class'));
        const [discount, tax] = [text(row, 'line_discount'), text(row, 'line_tax')];
        return [{
          id,
          ...optional('productId', text(row, 'product_id')),
          ...optional('sku', text(row, 'sku')),
          ...optional('category', text(row, 'category')),
          ...optional('seller', text(row, 'seller')),
          ...(Number(text(row, 'return_by_days') ?? -1) < 0 ? {} : { returnByDays: Number(text(row, 'return_by_days')) }),
          ...(kind ? { class: kind } : {}),
          quantity: Number(text(row, 'quantity') ?? 0),
          total: minorOf(text(row, 'line_total'), digits),
          ...(discount === undefined ? {} : { discount: minorOf(discount, digits) }),
          ...(tax === undefined ? {} : { tax: minorOf(tax, digits) }),
        }];
      }),
    };
  },
  async returnsOf(customerKey, since) {
    const [row] = await warehouse.rows(returnsSql, { customer_key: customerKey, since: since.slice(0, 19).replace('T', ' ') });
    return Number(row?.['returns'] ?? 0);
  },
});

export class MemoryArchive implements OrderArchive {
  readonly orders = new Map<string, ToldOrder>();
  readonly returns = new Map<string, number>();
  asked = 0;
  failure: Error | undefined;

  async find(orderKey: string): Promise<ToldOrder | undefined> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return this.orders.get(orderKey);
  }

  async returnsOf(customerKey: string): Promise<number> {
    if (this.failure) throw this.failure;
    return this.returns.get(customerKey) ?? 0;
  }
}
