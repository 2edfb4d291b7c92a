import { LeaseLost } from '../cursors/leases.ts';
import { firstCursor, type PollCursor, type PollCursors } from '../poll-source/cursor.ts';

/** What every implementation of PollCursors must do. */
export function pollCursorContract(name: string, make: (clock: () => number) => PollCursors): void {
  describe(name, () => {
    const clock = { now: 1_000_000 };
    let cursors: PollCursors;
    const shop = (account: string) => ({ source: 'orders', account });
    const half = (now: number): PollCursor => ({
      ...firstCursor(now), dueAt: now + 500, failures: 2, lastError: 'http-502', lastRunAt: now, seen: ['a'],
      window: { from: now - 60_000, to: now, page: 'p2', found: ['a', 'b'] }, counts: { pages: 1, items: 2, events: 3, rejected: 1 },
    });
    beforeEach(() => {
      cursors = make(() => clock.now);
    });

    it('begins at the moment of the first poll', async () => {
      expect(await cursors.standings([shop('new')])).toEqual([undefined]);
      expect(await cursors.claim(shop('new'), 'a', 1_000)).toEqual(firstCursor(clock.now));
      expect(await cursors.standings([shop('other'), shop('new')])).toEqual([
        undefined, { highWater: clock.now, dueAt: clock.now, leaseUntil: clock.now + 1_000 },
      ]);
    });

    it('keeps what is saved, and what is absent is gone', async () => {
      await cursors.claim(shop('kept'), 'a', 1_000);
      await cursors.save(shop('kept'), 'a', half(clock.now), 0);
      clock.now += 500;
      expect(await cursors.claim(shop('kept'), 'b', 1_000)).toEqual(half(clock.now - 500));
      await cursors.save(shop('kept'), 'b', firstCursor(clock.now), 0);
      clock.now += 1;
      expect(await cursors.claim(shop('kept'), 'c', 1_000)).toEqual(firstCursor(clock.now - 1));
    });

    it('has one owner at a time', async () => {
      expect(await cursors.claim(shop('one'), 'a', 1_000)).toBeDefined();
      expect(await cursors.claim(shop('one'), 'b', 1_000)).toBeUndefined();
      expect(await cursors.claim(shop('one'), 'b', 1_000, 'anyTime')).toBeUndefined();
      expect(await cursors.claim(shop('two'), 'b', 1_000)).toBeDefined();
    });

    it('is not claimed before it is due, unless at any time', async () => {
      await cursors.claim(shop('due'), 'a', 1_000);
      await cursors.save(shop('due'), 'a', half(clock.now), 0);
      expect(await cursors.claim(shop('due'), 'b', 1_000)).toBeUndefined();
      expect(await cursors.claim(shop('due'), 'b', 1_000, 'anyTime')).toBeDefined();
    });

    it('passes on when the lease has run out; its former owner can change nothing', async () => {
      await cursors.claim(shop('late'), 'a', 1_000);
      await cursors.save(shop('late'), 'a', { ...half(clock.now), dueAt: clock.now }, 2_000);
      clock.now += 1_999;
      expect(await cursors.claim(shop('late'), 'b', 1_000)).toBeUndefined();
      clock.now += 2;
      expect((await cursors.claim(shop('late'), 'b', 1_000))?.window?.page).toBe('p2');
      await expect(cursors.save(shop('late'), 'a', half(clock.now), 1_000)).rejects.toBeInstanceOf(LeaseLost);
    });

    it('tells the standing of more accounts than one request may ask for', async () => {
      await cursors.claim(shop('149'), 'a', 1_000);
      const standings = await cursors.standings(Array.from({ length: 150 }, (_, n) => shop(String(n))));
      expect(standings).toHaveLength(150);
      expect(standings.filter(Boolean)).toEqual([standings[149]]);
    });
  });
}
