import type { Account } from '@orderflow/shared/accounts';
import { addressBelow } from '../../vendor/address.ts';
import { hosts, polled } from './poll.ts';

const window = { from: '2026-11-22T11:54:00.000Z', to: '2026-11-22T12:00:00.000Z' };
const account = (host?: string) => ({ host }) as Account;
const asked = (host?: string, page?: string): Record<string, string> => Object.fromEntries(new URL(polled.path(window, page, account(host)), 'https://x.example').searchParams);

it('asks for what was updated since, in the marketplaces of the account’s region', () => {
  expect(asked('sellingpartnerapi-fe.amazon.com')).toEqual({ MarketplaceIds: 'A19VAU5U5O7RUS,A39IBJ37TRP1C6,A1VC38T7YXB528', LastUpdatedAfter: window.from, MaxResultsPerPage: '10' });
  expect(hosts.map((host) => asked(host)['MarketplaceIds']?.split(',').length)).toEqual([4, 16, 3]);
});

it('asks for a page by its token, and the marketplaces all the same', () => {
  expect(asked('sellingpartnerapi-na.amazon.com', '2YgY+W5/IG=&#')).toEqual({ MarketplaceIds: 'A2EUQ1WTGCTBG2,ATVPDKIKX0DER,A1AM78C64UM0Y8,A2Q3Y263D00KWC', NextToken: '2YgY+W5/IG=&#' });
  for (const page of [undefined, '../..', '//', 'é ?']) expect(addressBelow('https://sellingpartnerapi-na.amazon.com', polled.path(window, page, account()))?.pathname).toBe('/orders/v0/orders');
});

it('reads a page, and names its orders', () => {
  const order = { AmazonOrderId: '902-3159896-1390916', OrderStatus: 'Pending' };
  expect(polled.read({ payload: { Orders: [order], NextToken: 'n' } })).toEqual({ items: [order], next: 'n' });
  expect(polled.read({ payload: { Orders: [], NextToken: '' } })).toEqual({ items: [] });
  expect(polled.names(order)).toEqual({ topic: 'orders', ids: ['902-3159896-1390916'] });
});

it.each([[[]], [{}], [{ payload: {} }], [{ payload: { Orders: {} } }]])('refuses %j', (page) => {
  expect(() => polled.read(page)).toThrow(/must be|is missing/);
});
