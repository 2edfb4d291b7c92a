/**
 * The tables that facts are loaded into, as data: from this list come the loader's statements and the folding of rows
 * before they land. A test compares it with the migrations.
 *
 * A row knows some groups of columns; each group has its own version, so that an update which knows only the status
 * never blanks the address, and a stale one never overwrites a newer one, in whatever order they come.
 */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that follow from the key: filled by whoever knows them first. */
  readonly identity: readonly string[];
  /** Version column → the columns that it rules. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Columns of which the least stands, whatever was loaded first: when something was heard of for the first time. */
  readonly least: readonly string[];
  /** Lines of a document: those older than the document's own version of its lines go. */
  readonly linesOf?: { readonly table: string; readonly key: string; readonly version: string };
}

/** What facts fill: not which load wrote a row and when, nor what is computed later. */
export const columnsOf = ({ key, identity, groups, least }: Table): string[] => [
  ...key, ...identity, ...Object.entries(groups).flatMap(([version, columns]) => [...columns, version]), ...least,
];

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const table = (name: string, key: string, identity: string, groups: Record<string, string>, linesOf?: Table['linesOf'], least = ''): Table => ({
  name, key: words(key), identity: words(identity), least: words(least),
  groups: Object.fromEntries(Object.entries(groups).map(([version, columns]) => [`${version}_version`, words(columns)])),
  ...(linesOf && { linesOf }),
});

/** In the order in which they are loaded: what others refer to first, `loaded_event` last. */
export const tables = [
  table('category', 'category_key', 'source account category_id', { name: 'name', return: 'return_by_days' }),
  table('seller', 'seller_key', 'source account', { name: 'name' }),
  table('store', 'store_key', 'source account store_id', { name: 'name' }),
  table('product', 'product_key', 'source account product_id', {
    name: 'name sku', category: 'category_key', seller: 'seller_key', price: 'price price_currency', cost: 'unit_cost', dates: 'mfg_date exp_date',
  }),
  table('customer', 'customer_key', 'source account customer_id', {
    name: 'name', contact: 'contact_no', email: 'email_id', birth: 'date_of_birth', joined: 'joined_date',
    address: 'address_line city state zip_code country',
  }),
  // what held at the end of each day on which something was said; the spans are views
  table('product_history', 'product_key valid_day', '', { price: 'price price_currency', cost: 'unit_cost cost_currency', category: 'category_key' }),
  table('customer_history', 'customer_key valid_day', '', { address: 'address_line city state zip_code country' }),
  table('orders', 'order_key', '', {
    header: `source account order_id order_number order_date_time currency total_order_value subtotal discount tax shipping
      customer_key store_key gps_latitude gps_longitude gps_from comment is_test is_historical`,
    status: 'status', cancel: 'cancel_reason', payment: 'payment_status payment_overdue', method: 'payment_method',
    reference: 'payment_provider payment_reference', settlement: 'payment_fee payment_settles_at',
    fulfilment: 'fulfilment_status', promise: 'promised_at', delivery: 'delivered_at',
    tracking: 'tracking_carrier tracking_number tracking_url', address: 'ship_line ship_city ship_state ship_zip_code ship_country',
    lines: 'line_count', sentiment: 'sentiment sentiment_score sentiment_model',
  }),
  table('order_product', 'order_key line_id', '', {
    lines: `source account line_class product_key product_id sku name seller_key quantity unit_price price_charged discount tax
      unit_cost currency order_date_time`,
  }, { table: 'orders', key: 'order_key', version: 'lines_version' }),
  table('order_line_fulfilment', 'order_key line_id', '', { fulfilment: 'quantity_delivered damaged delivery_date' }),
  table('order_status_history', 'order_key status_group sequence status', '', { step: 'occurred_at withdrawn' }),
  table('returns', 'return_key', '', {
    return: `source account return_id order_key customer_key store_key return_date reason reason_category comment currency amount
      decision request_accepted decided_by decided_at refund_status refund_amount processing_fee seller_refund is_test is_historical`,
    sentiment: 'sentiment sentiment_score sentiment_model',
  }),
  table('return_line', 'return_key line_id', '', {
    return: `order_key order_line_id source account line_class product_key sku name quantity_returned refund_amount currency return_date`,
  }, { table: 'returns', key: 'return_key', version: 'return_version' }),
  table('model_decision', 'return_key decided_at outcome', '', {
    decision: `decided_by rule_name amount fee model_version model_sha256 policy_version features text_sha256 probabilities thresholds
      reviewer is_override review_reason shadow rule_source seller_charges`,
  }),
  table('feedback', 'feedback_key', '', {
    feedback: 'source account feedback_id kind order_key product_key rating scale comment given_at',
    sentiment: 'sentiment sentiment_score sentiment_model',
  }),
  table('inventory_count', 'product_key location counted_at', '', { count: 'source account quantity unit_cost currency' }),
  table('adjustment', 'adjustment_key', '', {
    adjustment: 'source account adjustment_id kind order_key product_key quantity amount currency reason adjusted_at is_historical',
  }),
  table('fx_rate', 'rate_date base currency', '', { rate: 'rate rate_source' }),
  table('loaded_event', 'event_id', '', { data: 'event_type event_key data_hash fact fact_key absorbed original is_test' }, undefined, 'source account recorded_at'),
] as const satisfies readonly Table[];

export type TableName = (typeof tables)[number]['name'];
export const tableNames: readonly TableName[] = tables.map(({ name }) => name);
const byName = new Map<string, Table>(tables.map((table) => [table.name, table]));
export const tableOf = (name: string): Table => {
  const found = byName.get(name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};
