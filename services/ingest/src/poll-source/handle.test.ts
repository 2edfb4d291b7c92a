import { parseAccounts } from '@orderflow/shared/accounts';
import { polled } from '../sources/squarespace/poll.ts';
import { memoryPollCursors } from '../testing/memory-poll-cursors.ts';
import { memoryVendor } from '../testing/memory-vendor.ts';
import { memoryIntake, noon } from '../testing/memory.ts';
import { handle, type HandlerDeps, type Input } from './handle.ts';

const invocation = { functionName: 'poll-source', remainingMs: () => 900_000 };
const accounts = parseAccounts([
  { source: 'squarespace', account: 'default', role: 'sells' },
  { source: 'squarespace', account: 'second', role: 'sells' },
  { source: 'shopify', account: 'default', role: 'sells' },
]);
const first = { source: 'squarespace', account: 'default' };

function world(changes: Partial<HandlerDeps> = {}) {
  const time = { now: noon };
  const clock = (): number => time.now;
  const intake = memoryIntake({ clock, accounts });
  const invoked: Input[] = [];
  const deps: HandlerDeps = {
    ...intake, vendor: memoryVendor(clock), cursors: memoryPollCursors(clock), backfills: memoryPollCursors(clock), newId: () => 'owner',
    invoke: async (_name, payload) => void invoked.push(payload), ...changes,
  };
  return { time, deps, invoked, intake, tick: () => handle({ due: true }, deps, invocation) };
}

it('starts an invocation for every polled account that is due, and none for the others', async () => {
  const { deps, invoked, tick } = world();
  expect(await tick()).toEqual({ started: 2 });
  expect(invoked).toEqual([{ poll: first }, { poll: { source: 'squarespace', account: 'second' } }]);
  await deps.cursors.claim(first, 'a', 60_000);
  expect(await tick()).toEqual({ started: 1 });
});

it('starts the others too when one invocation cannot be started, and says so', async () => {
  const invoked: Input[] = [];
  const { tick } = world({
    invoke: async (_name, payload) => {
      if ('poll' in payload && payload.poll.account === 'default') throw new Error('throttled');
      invoked.push(payload);
    },
  });
  await expect(tick()).rejects.toThrow('throttled');
  expect(invoked).toEqual([{ poll: { source: 'squarespace', account: 'second' } }]);
});

it('measures how far the slowest account of each source is behind, also when none can be polled', async () => {
  const { deps, tick, time, intake } = world();
  await deps.cursors.claim(first, 'dead', 60_000);
  time.now += 3_600_000;
  await tick();
  expect(intake.counts['pollLagSeconds squarespace']).toBe(3_540);
});

it('asks nothing in a stage without polled accounts', async () => {
  const { tick } = world({ accounts: [], cursors: { claim: fail, save: fail, standings: fail } });
  expect(await tick()).toEqual({ started: 0 });
});
const fail = async (): Promise<never> => { throw new Error('not to be asked'); };

it('polls one account, from a moment on if it is told to', async () => {
  const { deps } = world();
  const vendor = memoryVendor(() => noon);
  vendor.say(polled.path({ from: '2026-11-22T09:55:00.000Z', to: '2026-11-22T12:00:00.000Z' }), { body: '{"result":[]}' });
  expect(await handle({ poll: { ...first, from: '2026-11-22T11:00:00+01:00' } }, { ...deps, vendor }, invocation)).toBe('polled');
});

it.each([
  [{ poll: { source: 'shopify', account: 'default' } }, /shopify:default is no configured account of a source that is polled/],
  [{ poll: { source: 'squarespace', account: 'nobody' } }, /squarespace:nobody/],
  [{ poll: { ...first, from: 'yesterday' } }, /Invalid/i],
  [{ source: 'squarespace', account: 'default' }, /Invalid/i],
])('refuses %j', async (event, message) => {
  await expect(handle(event, world().deps, invocation)).rejects.toThrow(message);
});
