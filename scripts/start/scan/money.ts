import Big from 'big.js';
import { digitsOf } from '../../demo/currencies.ts';
import type { Said } from '../../demo/delivery.ts';
import { composedKey } from '../../demo/key.ts';
import type { Ending } from '../../demo/story.ts';
import type { Home } from './settle.ts';
import type { Warehouse } from './sql.ts';

/** What the warehouse shows of one order or return. Money as decimal text. */
export interface OrderRow {
  readonly currency: string;
  readonly total: string;
  readonly status: string;
  readonly payment: string;
  readonly fulfilment: string;
  readonly lines: number;
  readonly rows: number;
}
export interface ReturnRow {
  readonly currency: string;
  readonly amount: string;
  readonly rows: number;
}

export async function orderRows(warehouse: Warehouse): Promise<Map<string, OrderRow>> {
  const found = new Map<string, OrderRow>();
  const rows = warehouse.query(
    `SELECT o.order_key, MAX(o.currency), CAST(SUM(o.total_order_value) AS VARCHAR(40)), MAX(o.status), MAX(o.payment_status), MAX(o.fulfilment_status),
       CAST(COALESCE(MAX(p.line_count), 0) AS VARCHAR(20)), CAST(COUNT(*) AS VARCHAR(20))
     FROM orders o LEFT JOIN (SELECT order_key, COUNT(*) AS line_count FROM order_product GROUP BY order_key) p ON p.order_key = o.order_key
     GROUP BY o.order_key ORDER BY o.order_key`,
  );
  for await (const [key, currency, total, status, payment, fulfilment, lines, count] of rows) {
    found.set(String(key), { currency: String(currency), total: String(total), status: String(status), payment: String(payment), fulfilment: String(fulfilment), lines: Number(lines), rows: Number(count) });
  }
  return found;
}

export async function returnRows(warehouse: Warehouse): Promise<Map<string, ReturnRow>> {
  const found = new Map<string, ReturnRow>();
  const rows = warehouse.query(
    `SELECT source, account, return_id, MAX(currency), CAST(SUM(amount) AS VARCHAR(40)), CAST(COUNT(*) AS VARCHAR(20))
     FROM returns GROUP BY source, account, return_id ORDER BY source, account, return_id`,
  );
  for await (const [source, account, id, currency, amount, count] of rows) {
    found.set(composedKey(String(source), String(account), 'return', String(id)), { currency: String(currency), amount: String(amount ?? '0'), rows: Number(count) });
  }
  return found;
}

const major = (minor: number, currency: string): Big => Big(minor).div(Big(10).pow(digitsOf(currency)));

/** One kind of money in one currency: what was sent, and where it is. */
export interface Balance {
  readonly what: 'orders' | 'returns' | 'documents';
  readonly currency: string;
  readonly sent: { readonly count: number; readonly money: string };
  readonly warehouse: { readonly count: number; readonly money: string };
  readonly waiting: { readonly count: number; readonly money: string };
  readonly quarantine: { readonly count: number; readonly money: string };
  readonly balanced: boolean;
}

export interface Reconciliation {
  readonly balances: readonly Balance[];
  /** Keys of rows that differ from what was sent, each with what is wrong. */
  readonly wrong: readonly string[];
}

/** An order or a return that was sent and taken, with the home of its event. */
export interface Sent {
  readonly said: Extract<Said, { type: 'order.created' | 'return.requested' }>;
  readonly home: Home | undefined;
  readonly ending?: Ending | undefined;
}

interface Sum {
  count: number;
  money: Big;
}

/**
 * Counts and money of what was sent against what the warehouse holds, by currency; and every row against what was said
 * of it. `known` are keys that were there before the run.
 */
export function reconcile(sent: Iterable<Sent>, orders: ReadonlyMap<string, OrderRow>, returns: ReadonlyMap<string, ReturnRow>, known: ReadonlySet<string> = new Set()): Reconciliation {
  const sums = new Map<string, Record<'sent' | 'warehouse' | 'waiting' | 'quarantine', Sum>>();
  const wrong: string[] = [];
  const sumsOf = (what: string, currency: string) => {
    const name = `${what} ${currency}`;
    const sum = (): Sum => ({ count: 0, money: Big(0) });
    const fresh = sums.get(name) ?? { sent: sum(), warehouse: sum(), waiting: sum(), quarantine: sum() };
    sums.set(name, fresh);
    return fresh;
  };
  const add = (sum: Sum, money: Big, count = 1): void => {
    sum.count += count;
    sum.money = sum.money.plus(money);
  };

  const seen = new Set<string>();
  for (const { said, home, ending } of sent) {
    if (seen.has(said.key)) continue;
    seen.add(said.key);
    const isOrder = said.type === 'order.created';
    const money = major((isOrder ? said.total : said.amount) ?? 0, said.currency);
    const sum = sumsOf(isOrder ? 'orders' : 'returns', said.currency);
    add(sum.sent, money);
    if (home === 'quarantine') add(sum.quarantine, money);
    else if (home !== 'warehouse') add(sum.waiting, money);
    if (home !== 'warehouse') continue;
    const row = isOrder ? orders.get(said.key) : returns.get(said.key);
    if (!row) wrong.push(`${said.key}: no row`);
    else if (row.rows !== 1) wrong.push(`${said.key}: ${row.rows} rows`);
    else if (row.currency.trim() !== said.currency) wrong.push(`${said.key}: currency ${row.currency}, sent ${said.currency}`);
    else if (said.type === 'order.created') {
      const order = row as OrderRow;
      if (!Big(order.total).eq(money)) wrong.push(`${said.key}: total ${order.total}, sent ${money.toString()}`);
      if (order.lines !== said.lines) wrong.push(`${said.key}: ${order.lines} lines, sent ${said.lines}`);
      if (ending?.payment && order.payment !== ending.payment) wrong.push(`${said.key}: payment ${order.payment}, expected ${ending.payment}`);
      if (ending?.fulfilment && order.fulfilment !== ending.fulfilment) wrong.push(`${said.key}: fulfilment ${order.fulfilment}, expected ${ending.fulfilment}`);
      if (ending?.cancelled && order.status !== 'CANCELLED' && order.fulfilment !== 'CANCELLED') wrong.push(`${said.key}: ${order.status} and ${order.fulfilment}, expected CANCELLED`);
    } else if (said.amount !== undefined && !Big((row as ReturnRow).amount).eq(money)) {
      wrong.push(`${said.key}: amount ${(row as ReturnRow).amount}, sent ${money.toString()}`);
    }
  }
  // the warehouse's side is summed over the rows that are there, whoever sent them
  for (const [key, row] of orders) if (!known.has(key)) add(sumsOf('orders', row.currency.trim()).warehouse, Big(row.total), row.rows);
  for (const [key, row] of returns) if (!known.has(key)) add(sumsOf('returns', row.currency.trim()).warehouse, Big(row.amount), row.rows);

  const balances = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]): Balance => {
    const [what, currency] = name.split(' ') as ['orders' | 'returns', string];
    const shown = ({ count, money }: Sum) => ({ count, money: money.toString() });
    const count = sum.warehouse.count + sum.waiting.count + sum.quarantine.count;
    const money = sum.warehouse.money.plus(sum.waiting.money).plus(sum.quarantine.money);
    return {
      what, currency, sent: shown(sum.sent), warehouse: shown(sum.warehouse), waiting: shown(sum.waiting), quarantine: shown(sum.quarantine),
      balanced: count === sum.sent.count && money.eq(sum.sent.money),
    };
  });
  return { balances, wrong };
}
