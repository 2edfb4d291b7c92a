import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesHash, eventId } from '@orderflow/shared/events';
import { NothingDurable } from '../intake/ports.ts';
import { polled } from '../sources/squarespace/poll.ts';
import { memoryPollCursors } from '../testing/memory-poll-cursors.ts';
import { memoryVendor, type Said } from '../testing/memory-vendor.ts';
import { memoryIntake, noon } from '../testing/memory.ts';
import { putBack } from './pace.ts';
import { pollAccount, type PollDeps } from './poll.ts';

const minute = 60_000;
const template = JSON.parse(readFileSync(join(__dirname, '../sources/squarespace/fixtures/fetched-new.json'), 'utf8')) as Record<string, unknown>;
const order = (n: number, more: object = {}) => ({ ...template, id: `order-${n}`, orderNumber: String(n), ...more });
const page = (items: unknown[], next?: string): Said => ({
  body: JSON.stringify({ result: items, pagination: next === undefined ? { hasNextPage: false } : { hasNextPage: true, nextPageCursor: next } }),
});
const idOf = (item: unknown): string => eventId('squarespace', 'default', bytesHash(JSON.stringify(item)), 0);

function world(changes: Partial<PollDeps> = {}) {
  const time = { now: noon };
  const clock = (): number => time.now;
  const intake = memoryIntake({ clock });
  const vendor = memoryVendor(clock);
  const cursors = memoryPollCursors(clock);
  let ids = 0;
  const deps: PollDeps = { ...intake, vendor, cursors, newId: () => `owner-${ids++}`, ...changes };
  const account = intake.accounts.find(({ source }) => source === 'squarespace');
  if (!account) throw new Error('squarespace is not configured');
  return {
    time, intake, vendor, cursors,
    poll: (how: { remainingMs?: number; from?: number; deps?: Partial<PollDeps> } = {}) =>
      pollAccount({ account, polled }, { ...deps, ...how.deps }, () => how.remainingMs ?? 900_000, how.from === undefined ? undefined : (cursor) => putBack(cursor, how.from ?? 0)),
    /** What the vendor says of the window between two moments, minutes from noon. */
    say: (from: number, to: number, said: Said) => vendor.say(
      polled.path({ from: new Date(noon + from * minute).toISOString(), to: new Date(noon + to * minute).toISOString() }), said,
    ),
    sayPage: (token: string, said: Said | (() => Said)) => vendor.say(polled.path({ from: '', to: '' }, token), said),
    cursor: () => cursors.entries.get('squarespace:default')?.cursor,
    orders: () => intake.events.filter(({ type }) => type === 'order.created').map(({ id }) => id),
  };
}

it('takes what changed since a little before the first poll, each item under the id of its own bytes', async () => {
  const { say, poll, intake, cursor, orders } = world();
  say(-5, 0, page([order(1), order(2)]));
  expect(await poll()).toBe('polled');
  expect(orders()).toEqual([idOf(order(1)), idOf(order(2))]);
  expect(intake.archived.map(({ via, topic, cause }) => ({ via, topic, cause }))).toEqual(Array(2).fill({ via: 'poll', topic: 'orders' }));
  expect(intake.events[0]?.rawref).toBe(`s3://archive/raw#0,${Buffer.byteLength(JSON.stringify(order(1)))}`);
  expect(cursor()).toMatchObject({ highWater: noon, failures: 0, counts: { pages: 1, items: 2, events: 2, rejected: 0 } });
});

it('goes on from its mark, and does not take again what the overlap holds again; a changed item is another', async () => {
  const { say, poll, time, orders, vendor } = world();
  say(-5, 0, page([order(1), order(2)]));
  await poll();
  expect(await poll()).toBe('busy'); // not due yet
  time.now += minute;
  const changed = order(2, { fulfillmentStatus: 'CANCELED', modifiedOn: '2026-11-22T12:00:30.000Z' });
  say(-5, 1, page([changed, order(1), order(3)]));
  expect(await poll()).toBe('polled');
  expect(orders()).toEqual([order(1), order(2), changed, order(3)].map(idOf));
  expect(vendor.asked).toHaveLength(2);
});

it('reads all pages before the mark moves; stopped by trouble on page 2, the next run goes on there', async () => {
  const { say, sayPage, poll, time, cursor, orders, vendor } = world();
  say(-5, 0, page([order(1)], 'two'));
  sayPage('two', { status: 502 });
  expect(await poll()).toBe('failed');
  expect(cursor()).toMatchObject({ highWater: noon, failures: 1, lastError: 'http-502', window: { page: 'two' } });
  expect(await poll()).toBe('busy');
  time.now += minute;
  sayPage('two', page([order(2)], 'three'));
  sayPage('three', page([order(3)]));
  say(-5, 1, page([order(3)]));
  expect(await poll()).toBe('polled');
  expect(vendor.asked.slice(2).map((one) => one.split('?')[1])).toEqual([
    'cursor=two', 'cursor=three', 'modifiedAfter=2026-11-22T11%3A55%3A00.000Z&modifiedBefore=2026-11-22T12%3A01%3A00.000Z',
  ]);
  expect(orders()).toEqual([1, 2, 3].map((n) => idOf(order(n))));
  expect(cursor()).toMatchObject({ highWater: noon + minute, failures: 0 });
  expect(cursor()).not.toHaveProperty('lastError');
});

it('reads the page again when it died between the put and the cursor: the same events', async () => {
  const { say, poll, time, cursors, orders } = world();
  say(-5, 0, page([order(1)]));
  const killed = { ...cursors, save: async () => { throw new Error('killed'); } };
  await expect(poll({ deps: { cursors: killed } })).rejects.toThrow('killed');
  expect(await poll()).toBe('busy'); // its lease has not run out
  time.now += 3 * minute + 1;
  say(-5, 3 + 1 / minute, page([order(1)]));
  expect(await poll()).toBe('polled');
  expect(orders()).toEqual([idOf(order(1)), idOf(order(1))]);
});

it('stops without a trace when another has taken over', async () => {
  const { say, poll, vendor, cursors, time, cursor } = world();
  say(-5, 0, page([order(1)]));
  const slow = { get: async (...asked: Parameters<typeof vendor.get>) => {
    const answer = await vendor.get(...asked);
    time.now += 4 * minute;
    await cursors.claim({ source: 'squarespace', account: 'default' }, 'successor', 1_000);
    return answer;
  } };
  expect(await poll({ deps: { vendor: slow } })).toBe('busy');
  expect(cursor()).toMatchObject({ highWater: noon, counts: { pages: 0 } });
});

it('waits as long as the vendor says, with its page kept', async () => {
  const { say, sayPage, poll, time, cursor, intake } = world();
  say(-5, 0, page([order(1)], 'two'));
  sayPage('two', { status: 429, headers: { 'retry-after': '300' } });
  expect(await poll()).toBe('waiting');
  expect(cursor()).toMatchObject({ dueAt: noon + 5 * minute, failures: 0, window: { page: 'two' } });
  time.now += 5 * minute - 1;
  expect(await poll()).toBe('busy');
  time.now += 1;
  sayPage('two', page([]));
  say(-5, 5, page([]));
  expect(await poll()).toBe('polled');
  expect(intake.counts).toMatchObject({ pollWaits: 1, 'pollWaits squarespace': 1 });
});

it('says loudly when it is refused, skips nothing, and begins a window anew whose page the vendor has forgotten', async () => {
  const { say, sayPage, poll, time, cursor, intake } = world();
  say(-5, 0, { status: 401 });
  expect(await poll()).toBe('refused');
  expect(intake.counts).toMatchObject({ pollRefused: 1 });
  time.now += 30 * minute;
  say(-5, 0, page([order(1)], 'old'));
  sayPage('old', { status: 400 });
  say(-5, 30, page([]));
  expect(await poll()).toBe('refused');
  time.now += minute;
  sayPage('old', page([order(2)]));
  say(-5, 31, page([]));
  expect(await poll()).toBe('polled');
  expect(cursor()).toMatchObject({ highWater: noon + 31 * minute, counts: { items: 2 } });
});

it('puts what cannot be read into quarantine with its bytes and takes the rest', async () => {
  const { say, poll, intake, cursor, orders } = world();
  say(-5, 0, page([order(1), { id: 'broken' }, 'junk', order(2)]));
  expect(await poll()).toBe('polled');
  expect(orders()).toEqual([idOf(order(1)), idOf(order(2))]);
  expect(intake.quarantined.map(({ body, path }) => [body, path])).toEqual([['{"id":"broken"}', '$.grandTotal'], ['"junk"', '$']]);
  expect(cursor()?.counts).toEqual({ pages: 1, items: 4, events: 2, rejected: 2 });
});

it.each([
  ['is no JSON', { body: '<html>' }],
  ['names itself as the next', page([], 'two')],
])('keeps its mark when a page %s', async (_, said) => {
  const { say, sayPage, poll, cursor } = world();
  say(-5, 0, page([], 'two'));
  sayPage('two', said);
  expect(await poll()).toBe('failed');
  expect(cursor()).toMatchObject({ highWater: noon, lastError: 'unreadable', window: { page: 'two' } });
});

it('keeps its mark when nothing durable can be reached, and fails loudly', async () => {
  const { say, poll, cursor, orders, time } = world();
  say(-5, 0, page([order(1)]));
  const down = { put: async () => { throw new NothingDurable('down'); } };
  await expect(poll({ deps: { sink: down } })).rejects.toBeInstanceOf(NothingDurable);
  expect(cursor()).toMatchObject({ highWater: noon, failures: 1, lastError: 'own' });
  time.now += minute;
  say(-5, 1, page([order(1)]));
  expect(await poll()).toBe('polled');
  expect(orders()).toEqual([idOf(order(1))]);
});

it('catches up in windows no longer than the vendor is asked for', async () => {
  const { poll, vendor, say, cursor } = world();
  const day = 24 * 60;
  say(-60 * 24 - 65, -65, page([order(1)]));
  say(-70, 0, page([order(2)]));
  expect(await poll({ from: noon - (day + 60) * minute })).toBe('polled');
  expect(vendor.asked).toHaveLength(2);
  expect(cursor()).toMatchObject({ highWater: noon, counts: { items: 2 } });
});

it('hands over before its time is up, and is due at once', async () => {
  const { poll, cursor, vendor } = world();
  expect(await poll({ remainingMs: 80_000 })).toBe('continued');
  expect(vendor.asked).toEqual([]);
  expect(cursor()).toMatchObject({ highWater: noon, dueAt: noon });
});

describe('a page that only names its items', () => {
  const names = { ...polled, names: (item: unknown) => ({ topic: 'orders', ids: [(item as { readonly id: string }).id] }) };
  const fetched = { path: ({ ids: [id] }: { readonly ids: readonly string[] }) => `/orders/${id}`, mostAtOnce: 2 };
  const named = () => {
    const { intake, vendor, cursors, time, say, cursor, orders } = world();
    let ids = 0;
    const deps: PollDeps = { ...intake, vendor, cursors, newId: () => `owner-${ids++}` };
    const account = intake.accounts.find(({ source }) => source === 'squarespace');
    if (!account) throw new Error('squarespace is not configured');
    return { vendor, time, say, cursor, orders, poll: () => pollAccount({ account, polled: names, fetched }, deps, () => 900_000) };
  };

  it('has each fetched; what is deleted since is left out', async () => {
    const { vendor, say, poll, orders, cursor } = named();
    say(-5, 0, page([{ id: '1' }, { id: '2' }, { id: '3' }]));
    for (const id of [1, 3]) vendor.say(`/orders/${id}`, { body: JSON.stringify(order(id)) });
    expect(await poll()).toBe('polled');
    expect(orders()).toEqual([idOf(order(1)), idOf(order(3))]);
    expect(cursor()).toMatchObject({ counts: { pages: 1, items: 2 } });
  });

  it.each([['asks us to wait', { status: 429, headers: { 'retry-after': '60' } }, 'waiting'], ['fails', 'reset', 'failed']] as const)('is read on where its vendor %s, not from its beginning', async (_, said, ended) => {
    const { vendor, say, poll, orders, time, cursor } = named();
    say(-5, 0, page([{ id: '1' }, { id: '2' }, { id: '3' }]));
    for (const id of [1, 3]) vendor.say(`/orders/${id}`, { body: JSON.stringify(order(id)) });
    vendor.say('/orders/2', said);
    expect(await poll()).toBe(ended);
    expect(orders()).toEqual([idOf(order(1))]);
    expect(cursor()?.window?.named).toHaveLength(1);
    vendor.say('/orders/2', { body: JSON.stringify(order(2)) });
    time.now += 2 * minute;
    say(-5, 2, page([]));
    expect(await poll()).toBe('polled');
    expect(orders()).toEqual([idOf(order(1)), idOf(order(2)), idOf(order(3))]);
    expect(vendor.asked.filter((one) => one.endsWith('/orders/1'))).toHaveLength(1);
    expect(cursor()).toMatchObject({ counts: { items: 3 } });
    expect(cursor()?.window).toBeUndefined();
  });
});
