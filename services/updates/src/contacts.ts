import type { Row, WarehouseReader } from '@orderflow/shared/aws';

/** Whom to write to about an order that has left the table, and what the mail says of it. */
export interface Contact {
  readonly email: string;
  readonly name?: string;
  readonly orderNumber: string;
  readonly currency: string;
  /** Decimal text as the warehouse keeps it. */
  readonly total: string;
  readonly store?: string;
}

/** Contacts of orders that are tombstones here: asked of the warehouse. */
export interface Contacts {
  find(orderKey: string): Promise<Contact | undefined>;
}

const sql = `SELECT c.email_id, c.name, o.order_number, o.order_id, o.currency, CAST(o.total_order_value AS VARCHAR(40)) AS total, s.name AS store_name
FROM orders o
JOIN customer c ON c.customer_key = o.customer_key
LEFT JOIN store s ON s.store_key = o.store_key
WHERE o.order_key = :order_key`;

const text = (row: Row, name: string): string | undefined => {
  const value = row[name];
  return value === null || value === undefined || value === '' ? undefined : String(value);
};

export const warehouseContacts = (warehouse: WarehouseReader): Contacts => ({
  async find(orderKey) {
    const [row] = await warehouse.rows(sql, { order_key: orderKey });
    const email = row && text(row, 'email_id');
    if (!row || email === undefined) return undefined;
    const [name, store] = [text(row, 'name'), text(row, 'store_name')];
    return {
      email,
      orderNumber: text(row, 'order_number') ?? text(row, 'order_id') ?? orderKey,
      currency: text(row, 'currency') ?? '',
      total: text(row, 'total') ?? '0',
      ...(name ? { name } : {}),
      ...(store ? { store } : {}),
    };
  },
});

export class MemoryContacts implements Contacts {
  readonly known = new Map<string, Contact>();
  asked = 0;

  async find(orderKey: string): Promise<Contact | undefined> {
    this.asked++;
    return this.known.get(orderKey);
  }
}
