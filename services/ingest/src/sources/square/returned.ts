import { currency, decimal, each, first, forEach, minor, ofOuter, returnRequested, text, time, joined, type Read } from '../../map/index.ts';

/** The order's own id; where it returns goods of several sales, that and the return's. */
const id: Read<string> = (back, { outer }) => {
  if (outer === undefined) return undefined;
  return outer.list('returns').length > 1 ? `${outer.id('id')}-${back.id('uid')}` : outer.id('id');
};

/** How far the money has got: https://developer.squareup.com/reference/square/objects/Refund, `status`. An even exchange moves none. */
const decided: Read<'APPROVED' | 'REJECTED' | 'PENDING'> = (_, { outer }) => {
  const states = outer?.list('refunds').map((refund) => refund.text('status')) ?? [];
  if (states.some((state) => state === 'PENDING')) return 'PENDING';
  return states.length > 0 && states.every((state) => state === 'REJECTED' || state === 'FAILED') ? 'REJECTED' : 'APPROVED';
};

/** Why, as the clerk chose or wrote it. */
const comment: Read<string> = (_, { outer }) => {
  const reasons = outer?.list('refunds').map((refund) => refund.text('reason')).filter((reason) => reason !== undefined) ?? [];
  return reasons.length === 0 ? undefined : reasons.join('\n');
};

/** What an order takes back, by the sale that it came from; a custom amount has a line without a product. */
export const returned = forEach(each('returns'), returnRequested({
  id,
  orderId: text('source_order_id'),
  requestedAt: ofOuter(time('created_at')),
  version: ofOuter(time(['updated_at', 'created_at'])),
  decided,
  comment,
  currency: first(currency('return_amounts.total_money.currency'), ofOuter(currency('return_amounts.total_money.currency', 'total_money.currency'))),
  amount: first(minor('return_amounts.total_money.amount'), ofOuter(minor('return_amounts.total_money.amount'))),
  customerId: ofOuter(text('customer_id')),
  store: ofOuter(text('location_id')),
  lines: {
    of: each('return_line_items'),
    map: {
      id: text('uid'), lineId: text('source_line_item_uid'), productId: text('catalog_object_id'), name: joined('name', 'variation_name'), quantity: decimal('quantity'),
      amount: minor('total_money.amount'),
    },
  },
}));
