import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseAccounts } from '@orderflow/shared/accounts';
import { silentLog } from '@orderflow/shared/lambda';
import { polled } from '../sources/squarespace/poll.ts';
import type { TallyLine } from '../tally/line.ts';
import { noon } from '../testing/memory.ts';
import { memoryVendor, type Said } from '../testing/memory-vendor.ts';
import { handle, type AskDeps } from './handle.ts';

const day = 86_400_000;
const accounts = parseAccounts([{ source: 'squarespace', account: 'default', role: 'sells' }, { source: 'shopify', account: 'default', role: 'sells' }]);
const template = JSON.parse(readFileSync(join(__dirname, '../sources/squarespace/fixtures/fetched-new.json'), 'utf8')) as object;
const order = (id: string, at: number) => ({ ...template, id, createdOn: new Date(at).toISOString(), modifiedOn: new Date(at).toISOString() });
const page = (...items: readonly object[]): Said => ({ body: JSON.stringify({ result: items, pagination: { hasNextPage: false } }) });

function world() {
  const vendor = memoryVendor(() => noon);
  const written = new Map<string, Uint8Array>();
  const deps: AskDeps = { accounts, vendor, put: async (key, body) => void written.set(key, body), newId: () => 'me', clock: () => noon, log: silentLog };
  const lines = () => [...written.values()].flatMap((file) => gunzipSync(file).toString('utf8').trim().split('\n')).map((text) => JSON.parse(text) as TallyLine & { run_id: string });
  const ask = (input: object, left = 300_000) => handle(input, deps, { remainingMs: () => left });
  const say = (from: number, to: number, said: Said): void => vendor.say(polled.path({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }), said);
  return { written, lines, ask, say };
}
const asking = { run: 'r1', source: 'squarespace', account: 'default', from: new Date(noon - day).toISOString() };
const start = noon - day - 5 * 60_000;

it('says what the source’s own list says since a moment, as lines, and nothing personal', async () => {
  const { ask, say, lines, written } = world();
  say(start, start + day, page(order('a', noon - day / 2), order('b', noon - day / 3)));
  say(start + day - 5 * 60_000, noon, page(order('c', noon - 60_000)));
  expect(await ask(asking)).toEqual({ outcome: 'polled', readTo: new Date(noon).toISOString(), events: 3 });
  expect(lines().map(({ said, run_id, what, entity_key, source }) => [said, run_id, what, entity_key, source])).toEqual(
    ['a', 'b', 'c'].map((id) => ['source', 'r1', 'orders', `squarespace:default:${id}`, 'squarespace']));
  expect([...written.keys()]).toEqual([expect.stringMatching(/^tally\/r1\/said-squarespace-[0-9a-f]+-[0-9a-z]+\.jsonl\.gz$/)]);
  const { customerEmail } = template as { customerEmail?: string };
  expect(customerEmail).toBeDefined();
  expect(JSON.stringify(lines())).not.toContain(customerEmail);
});

it('says where to go on when its time is over, and why when the vendor does not answer', async () => {
  const slow = world();
  slow.say(start, start + day, page(order('a', noon - day / 2)));
  expect(await slow.ask(asking, 0)).toMatchObject({ outcome: 'continued', events: 0 });
  const refused = world();
  refused.say(start, start + day, { status: 403 });
  expect(await refused.ask(asking)).toMatchObject({ outcome: 'refused', why: 'credential', events: 0 });
  expect(refused.written.size).toBe(0);
});

it('names the accounts that can be asked, and refuses the others', async () => {
  const { ask } = world();
  expect(await ask({ accounts: true })).toEqual({ accounts: [{ source: 'squarespace', account: 'default' }] });
  await expect(ask({ ...asking, source: 'shopify' })).rejects.toThrow('has a list');
  await expect(ask({ ...asking, run: '../x' })).rejects.toThrow();
});
