import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';

/** https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints and https://developer-docs.amazon.com/sp-api/docs/marketplace-ids */
const regions: Readonly<Record<string, readonly string[]>> = {
  'sellingpartnerapi-na.amazon.com': ['A2EUQ1WTGCTBG2', 'ATVPDKIKX0DER', 'A1AM78C64UM0Y8', 'A2Q3Y263D00KWC'],
  'sellingpartnerapi-eu.amazon.com': [
    'A28R8C7NBKEWEA', 'A1RKKUPIHCS9HS', 'A1F83G8C2ARO7P', 'A13V1IB3VIYZZH', 'AMEN7PMS3EDWL', 'A1805IZSGTT6HS', 'A1PA6795UKMFR9', 'APJ6JRA9NG5V4', 'A2NODRKZP88ZB9',
    'AE08WJ6YKNBMC', 'A1C3SOZRARQ6R3', 'ARBP9OOSHTCHU', 'A33AVAJ2PDY3EV', 'A17E79C6D8DWNP', 'A2VIGQ35RCS4UG', 'A21TJRUUN4KGV',
  ],
  'sellingpartnerapi-fe.amazon.com': ['A19VAU5U5O7RUS', 'A39IBJ37TRP1C6', 'A1VC38T7YXB528'],
};

export const hosts = Object.keys(regions);

/** Of a region that is not known: those of North America, where Amazon began. */
const marketplacesOf = ({ host }: Pick<Account, 'host'>): readonly string[] => regions[host ?? ''] ?? regions['sellingpartnerapi-na.amazon.com'] ?? [];

/**
 * Orders by their last update, as the net under the notifications: "orders that were last updated after (or at) a specified
 * time"; a page by its NextToken "instead of other criteria", but MarketplaceIds is required. LastUpdatedBefore must lie "at
 * least 2 minutes before current time", so that a window has no end but now. A page only names its orders: lines and money
 * are fetched, and a page is short because each takes two calls.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 5,
  overlapMinutes: 5,
  mostWindowMinutes: 30 * 24 * 60,
  path({ from }: { readonly from: string; readonly to: string }, page: string | undefined, account: Account) {
    const query = new URLSearchParams({ MarketplaceIds: marketplacesOf(account).join(',') });
    if (page !== undefined) query.set('NextToken', page);
    else {
      query.set('LastUpdatedAfter', from);
      query.set('MaxResultsPerPage', '10');
    }
    return `/orders/v0/orders?${query.toString()}`;
  },
  read(answer: unknown) {
    const payload = fieldsOf(answer).child('payload');
    const items = payload?.raw('Orders');
    if (payload === undefined || !Array.isArray(items)) throw new Unreadable('type', '$.payload.Orders', 'must be a list');
    const next = payload.text('NextToken');
    return next === undefined ? { items } : { items, next };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('AmazonOrderId')] }),
} satisfies Polled;
