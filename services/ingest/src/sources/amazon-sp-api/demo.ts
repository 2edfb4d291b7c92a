import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn, type StandInPage, type Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** 3-7-7 digits, as Amazon writes the ids of orders; the zeroes before a serial tell nothing. */
const orderId = (serial: string): string => serial.padStart(17, '0').replace(/^(\d{3})(\d{7})(\d{7})$/, '$1-$2-$3');

const statusOf = ({ fulfilment, payment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'Canceled' : fulfilment === 'UNFULFILLED' ? (payment === 'PAID' ? 'Unshipped' : 'Pending') : 'Shipped';

/** The order and its items, as the answers of two calls are joined. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const money = (minor: number) => ({ CurrencyCode: currency, Amount: decimalText(minor, currency === 'JPY' ? 0 : 2) });
  const first = {
    AmazonOrderId: sale.id, SellerOrderId: sale.number.slice(1), PurchaseDate: iso(sale.placedAt), LastUpdateDate: iso(state.at), OrderStatus: statusOf(state), FulfillmentChannel: 'MFN',
    OrderTotal: money(sale.total), PaymentMethod: 'Other', PaymentMethodDetails: ['Standard'], MarketplaceId: 'ATVPDKIKX0DER', OrderType: 'StandardOrder',
    LatestDeliveryDate: iso(sale.placedAt + 7 * 86_400_000), IsReplacementOrder: false,
    ...(person && {
      ShippingAddress: { City: person.place.city, StateOrRegion: person.place.state, PostalCode: person.place.postalCode, CountryCode: person.place.country },
      BuyerInfo: { BuyerEmail: person.email },
    }),
  };
  const OrderItems = sale.lines.map((line, at) => ({
    ASIN: `B${line.product.id.replace(/\D/g, '').padStart(9, '0')}`, SellerSKU: line.product.sku, OrderItemId: `${sale.serial}${line.id.padStart(3, '0')}`, Title: line.product.name,
    QuantityOrdered: line.quantity, QuantityShipped: 0, ItemPrice: money(line.unit * line.quantity), PromotionDiscount: money(line.discount),
    // the order's tax and postage stand with its items
    ItemTax: money(at === 0 ? sale.tax : 0), ShippingPrice: money(at === 0 ? sale.shipping : 0),
  }));
  return JSON.stringify({ first, items: { payload: { AmazonOrderId: sale.id, OrderItems } } });
}

const notification = (sale: DemoSale, state: DemoState, { delivery }: Telling): DemoMessage => ({
  headers: {},
  body: JSON.stringify({
    NotificationVersion: '1.0', NotificationType: 'ORDER_CHANGE', PayloadVersion: '1.0', EventTime: iso(state.at),
    Payload: { OrderChangeNotification: {
      NotificationLevel: 'OrderLevel', SellerId: 'A1EXAMPLE2SELLER', AmazonOrderId: sale.id, OrderChangeType: 'OrderStatusChange', OrderChangeTrigger: { TimeOfOrderChange: iso(state.at) },
      Summary: { MarketplaceId: 'ATVPDKIKX0DER', OrderStatus: statusOf(state) },
    } },
    NotificationMetadata: { NotificationId: `amz-${delivery}`, PublishTime: iso(state.at) },
  }),
  fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] },
});

interface Joined { readonly first: { readonly LastUpdateDate: string }; readonly items: unknown }
const joinedIn = (text: string): Joined => JSON.parse(text) as Joined;

const standIn: StandIn = {
  item: /^\/orders\/v0\/orders\/([^/?]+)(?:\/orderItems)?$/,
  answer: (text, path) => (path.endsWith('/orderItems') ? JSON.stringify(joinedIn(text).items) : JSON.stringify({ payload: joinedIn(text).first })),
  list: {
    path: /^\/orders\/v0\/orders$/,
    pageSize: 10,
    names: true,
    asked(query) {
      if (!query.get('MarketplaceIds')) return 'MarketplaceIds is required';
      const [token, from] = [query.get('NextToken'), query.get('LastUpdatedAfter')];
      if (token) return JSON.parse(Buffer.from(token, 'base64url').toString()) as StandInPage;
      return from ? { from, to: '9999-12-31T00:00:00.000Z', offset: 0 } : 'CreatedAfter or LastUpdatedAfter is required';
    },
    modified: (item) => (item as unknown as Joined).first.LastUpdateDate,
    page: (items, next) => JSON.stringify({ payload: { Orders: items.map((text) => joinedIn(text).first), ...(next && { NextToken: Buffer.from(JSON.stringify(next)).toString('base64url') }) } }),
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'CAD'],
  polled: true,
  // what is not paid has no price yet
  without: ['pending', 'comment'],
  orderId,
  tells: ['SHIPPED', 'CANCELLED'],
  ordered: notification,
  changed: notification,
  pinged: ({ delivery }) => ({ headers: {}, body: JSON.stringify({ NotificationType: 'ANY_OFFER_CHANGED', Payload: { AnyOfferChangedNotification: { SellerId: 'A1EXAMPLE2SELLER' } }, NotificationMetadata: { NotificationId: `amz-${delivery}` } }) }),
};
