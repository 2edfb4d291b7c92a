import { parseAccounts } from '@orderflow/shared/accounts';
import type { TokenStore } from '../vendor/tokens.ts';
import { noon } from './memory.ts';

const [one, other] = parseAccounts([{ source: 'orders', account: 'default', role: 'sells' }, { source: 'orders', account: 'other', role: 'sells' }]);

/** What every token store must do; held by the one in memory and the one on AWS. */
export function tokenStoreContract(name: string, make: (clock: () => number) => TokenStore | Promise<TokenStore>): void {
  describe(name, () => {
    if (!one || !other) throw new Error('no accounts');

    it('keep what was written last, account by account', async () => {
      const store = await make(() => noon);
      expect(await store.read(one)).toBeUndefined();
      for (const access of ['a', 'b']) await store.write(one, { access, expiresAt: noon + 1_000, refresh: 'r', of: 'h', clientId: 'c' });
      expect(await store.read(one)).toEqual({ access: 'b', expiresAt: noon + 1_000, refresh: 'r', of: 'h', clientId: 'c' });
      expect(await store.read(other)).toBeUndefined();
    });

    it('let one caller at a time get a new one, until he gives it back or his lease ends', async () => {
      const time = { now: noon };
      const store = await make(() => time.now);
      expect([await store.lock(one, 'a', 1_000), await store.lock(one, 'b', 1_000), await store.lock(other, 'b', 1_000)]).toEqual([true, false, true]);
      await store.unlock(one, 'a');
      expect([await store.lock(one, 'b', 1_000), await store.lock(one, 'c', 1_000)]).toEqual([true, false]);
      time.now += 1_001;
      expect(await store.lock(one, 'c', 1_000)).toBe(true);
    });
  });
}
