import { parseAccounts } from '@orderflow/shared/accounts';
import { Unreadable } from '../convert/index.ts';
import type { FetchedByNotice } from '../sources/api.ts';
import { memoryVendor } from '../testing/memory-vendor.ts';
import { noon } from '../testing/memory.ts';
import { fetchItem } from './fetch-item.ts';

const [account] = parseAccounts([{ source: 'orders', account: 'default', role: 'sells', store: 's1' }]);
if (!account) throw new Error('no account');
const notice = { topic: 't', ids: ['7'] };
const joined: FetchedByNotice = {
  mostAtOnce: 2,
  path: ({ ids: [id] }, { store }) => `/${store}/orders/${id}`,
  item: (payload) => (payload as { readonly data: unknown }).data,
  also: (item) => ({ lines: `/orders/${(item as { readonly id: string }).id}/lines`, address: '/address' }),
};
function world() {
  const vendor = memoryVendor(() => noon);
  vendor.say('/s1/orders/7', { body: '{"data":{"id":12345678901234567890}}' });
  vendor.say('/orders/12345678901234567890/lines', { body: '[1]' });
  return { vendor, fetch: (asked = joined) => fetchItem(asked, notice, account as NonNullable<typeof account>, vendor) };
}
const textOf = (answer: Awaited<ReturnType<typeof fetchItem>>): string => (answer.status === 'ok' ? Buffer.from(answer.body).toString('utf8') : answer.status);

it('joins several calls into one item, long numbers exact; what is absent or empty is null', async () => {
  const { vendor, fetch } = world();
  expect(textOf(await fetch())).toBe('{"first":{"id":"12345678901234567890"},"lines":[1],"address":null}');
  vendor.say('/address', { status: 204 });
  expect(textOf(await fetch())).toContain('"address":null');
});

it('is as far as its slowest call: one that must wait or is refused does so for the whole', async () => {
  const { vendor, fetch } = world();
  vendor.say('/address', { status: 429, headers: { 'retry-after': '9' } });
  expect(await fetch()).toEqual({ status: 'wait', seconds: 9 });
  vendor.say('/address', { status: 403 });
  expect(await fetch()).toEqual({ status: 'refused', code: 'credential' });
  vendor.say('/address', 'reset');
  await expect(fetch()).rejects.toThrow('ECONNRESET');
});

it('takes one call’s bytes as they are where nothing is joined', async () => {
  const { fetch } = world();
  expect(textOf(await fetch({ mostAtOnce: 2, path: () => '/s1/orders/7' }))).toBe('{"data":{"id":12345678901234567890}}');
  expect(textOf(await fetch({ ...joined, path: () => '/nowhere' }))).toBe('absent');
});

it('says so when an answer cannot be read', async () => {
  const { vendor, fetch } = world();
  vendor.say('/address', { body: '<html>' });
  await expect(fetch()).rejects.toThrow(Unreadable);
});
