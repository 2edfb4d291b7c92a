import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAccounts } from '@orderflow/shared/accounts';
import { polled } from '../sources/squarespace/poll.ts';
import { memoryIntake, noon } from '../testing/memory.ts';
import { memoryPollCursors } from '../testing/memory-poll-cursors.ts';
import { memoryVendor, type Said } from '../testing/memory-vendor.ts';
import { backfill, type BackfillDeps } from './backfill.ts';

const [account] = parseAccounts([{ source: 'squarespace', account: 'default', role: 'sells' }]);
if (!account) throw new Error('no account');
const day = 86_400_000;
const template = JSON.parse(readFileSync(join(__dirname, '../sources/squarespace/fixtures/fetched-new.json'), 'utf8')) as object;
const order = (id: string, at: number) => ({ ...template, id, createdOn: new Date(at).toISOString(), modifiedOn: new Date(at).toISOString() });
const page = (items: readonly object[]): Said => ({ body: JSON.stringify({ result: items, pagination: { hasNextPage: false } }) });

function world() {
  const time = { now: noon };
  const clock = (): number => time.now;
  const intake = memoryIntake({ clock, accounts: [account as NonNullable<typeof account>] });
  const vendor = memoryVendor(clock);
  const cursors = memoryPollCursors(clock);
  const backfills = memoryPollCursors(clock);
  let ids = 0;
  const deps: BackfillDeps = { ...intake, vendor, cursors, backfills, newId: () => `owner-${ids++}` };
  /** What the vendor says of the window that begins so many days before noon; the next one begins where it ends. */
  const say = (daysAgo: number, said: Said | (() => Said)): void => {
    const from = noon - daysAgo * day - 5 * 60_000 + (5 - daysAgo) * -5 * 60_000;
    vendor.say(polled.path({ from: new Date(from).toISOString(), to: new Date(Math.min(noon, from + day)).toISOString() }), said);
  };
  const run = (remainingMs = 900_000) => backfill({ account: account as NonNullable<typeof account>, polled }, deps, noon - 5 * day, () => remainingMs);
  return { time, intake, vendor, cursors, backfills, run, say };
}

/** The windows that reach from five days ago up to now, as the cursor makes them. */
const windows = [5, 4, 3, 2, 1, 0];

it('reads from the day on up to now, window by window; old orders are history, the present’s cursor stays as it is', async () => {
  const { run, say, intake, cursors } = world();
  for (const ago of windows) say(ago, page(ago === 0 ? [order('new', noon - 60_000)] : [order(`o${ago}`, noon - ago * day)]));
  expect(await run()).toMatchObject({ outcome: 'polled', readTo: new Date(noon).toISOString(), counts: { items: 6, events: 6, rejected: 0 } });
  expect(intake.events.map((event) => (event.type === 'order.created' ? [event.data.order.id, event.data.order.historical ?? false] : event.type)))
    .toEqual([['o5', true], ['o4', true], ['o3', true], ['o2', true], ['o1', false], ['new', false]]);
  expect(cursors.entries.size).toBe(0);
});

it('goes on where it stopped, when its time was over or its process died', async () => {
  const { run, say, vendor, intake, time } = world();
  let slow = true;
  for (const ago of windows) {
    say(ago, () => {
      if (ago === 4 && slow) time.now += 20_000; // longer than an invocation reads
      return page([order(`o${ago}`, noon - ago * day)]);
    });
  }
  const first = await run();
  expect(first).toMatchObject({ outcome: 'continued', counts: { items: 2 } });
  slow = false;
  time.now = noon;
  const asked = vendor.asked.length;
  expect(await run()).toMatchObject({ outcome: 'polled', counts: { items: 6 } });
  expect(vendor.asked.length - asked).toBe(4);
  expect(intake.events).toHaveLength(6);
});

it('says why it does not go on, and when it may', async () => {
  const { run, say, time } = world();
  say(5, { status: 429, headers: { 'retry-after': '40' } });
  expect(await run()).toMatchObject({ outcome: 'waiting', dueAt: new Date(noon + 40_000).toISOString() });
  time.now += 41_000;
  say(5, { status: 403 });
  expect(await run()).toMatchObject({ outcome: 'refused', lastError: 'credential' });
});

it('begins anew once it has ended', async () => {
  const { run, say, vendor } = world();
  for (const ago of windows) say(ago, page([]));
  await run();
  const asked = vendor.asked.length;
  expect(await run()).toMatchObject({ outcome: 'polled', counts: { items: 0 } });
  expect(vendor.asked.length - asked).toBe(6);
});
