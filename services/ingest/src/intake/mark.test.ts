import { join } from 'node:path';
import { accountsOf } from '@orderflow/shared/accounts';
import { fixturesIn, interpretFixture } from '../sources/fixtures.ts';
import { mark } from './mark.ts';

const [account] = accountsOf('local');
const events = fixturesIn(join(__dirname, '..', 'sources')).flatMap((fixture) => interpretFixture(fixture).events);

describe('marks of an account', () => {
  it('a test account’s orders are tests, also those that come whole again in an update', () => {
    if (!account) throw new Error('no account');
    let whole = 0;
    for (const event of events) {
      const marked = mark(event, { ...account, test: true }, Date.parse(event.time));
      if (marked.type === 'order.created') expect(marked.data.order.test).toBe(true);
      if (marked.type === 'return.requested') expect(marked.data.return.test).toBe(true);
      if (marked.type === 'order.updated' && marked.data.update.order) {
        expect(marked.data.update.order.test).toBe(true);
        whole++;
      }
    }
    expect(whole).toBeGreaterThan(3);
  });

  it('nothing is marked where the account says nothing', () => {
    if (!account) throw new Error('no account');
    const { test: _test, historicalAfterDays: _days, ...plain } = account;
    for (const event of events) expect(mark(event, plain, Date.parse(event.time))).toBe(event);
  });
});
