import { addressBelow } from '../../vendor/address.ts';
import { polled } from './poll.ts';

const window = { from: '2026-11-22T11:54:00.000Z', to: '2026-11-22T12:00:00.000Z' };

it('asks for a window by both its ends, for a page by its cursor alone', () => {
  expect(polled.path(window)).toBe('/1.0/commerce/orders?modifiedAfter=2026-11-22T11%3A54%3A00.000Z&modifiedBefore=2026-11-22T12%3A00%3A00.000Z');
  expect(polled.path(window, "a+b/c='#&?é")).toBe('/1.0/commerce/orders?cursor=a%2Bb%2Fc%3D%27%23%26%3F%C3%A9');
});

it('makes addresses that may be called', () => {
  for (const page of [undefined, "a+b/c='#&? é", '../..', '//']) {
    expect(addressBelow('https://api.squarespace.com', polled.path(window, page))?.pathname).toBe('/1.0/commerce/orders');
  }
});

it.each([
  [{ result: [{ id: '1' }, 2], pagination: { hasNextPage: true, nextPageCursor: 'c', nextPageUrl: 'https://elsewhere.example' } }, { items: [{ id: '1' }, 2], next: 'c' }],
  [{ result: [], pagination: { hasNextPage: false, nextPageCursor: '' } }, { items: [] }],
  [{ result: [] }, { items: [] }],
])('reads %j', (page, read) => expect(polled.read(page)).toEqual(read));

it.each([[[]], [{}], [{ result: {} }], [{ result: [], pagination: { hasNextPage: true } }], [{ result: [], pagination: 1 }]])('refuses %j', (page) => {
  expect(() => polled.read(page)).toThrow(/must be|is missing/);
});
