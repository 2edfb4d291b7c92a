import { LeaseLost, noCounts, type Checkpoint, type CursorPort } from '../take-file/progress.ts';

const checkpoint = (rows: number): Checkpoint => ({
  offset: rows * 10, header: ['a', 'b'], grouping: { open: [], closed: ['x'] }, counts: { ...noCounts, rows }, roundedEvents: [], latest: '',
});

/** What every implementation of cursors must do. */
export function cursorContract(name: string, make: (clock: () => number) => CursorPort): void {
  describe(name, () => {
    const file = (key: string, etag = '"1"') => ({ bucket: 'intake', key, etag });
    const clock = { now: 1_000_000 };
    let cursors: CursorPort;
    beforeEach(() => {
      cursors = make(() => clock.now);
    });

    it('gives a file to one reader at a time', async () => {
      expect(await cursors.claim(file('one'), 'a', 1_000)).toBe('mine');
      expect(await cursors.claim(file('one'), 'b', 1_000)).toBe('busy');
      expect(await cursors.claim(file('other'), 'b', 1_000)).toBe('mine');
    });

    it('gives it to the next one when the lease has run out; the first can then change nothing', async () => {
      await cursors.claim(file('late'), 'a', 1_000);
      await cursors.save(file('late'), 'a', checkpoint(7), 1_000);
      clock.now += 1_001;
      expect(await cursors.abandoned()).toEqual(expect.arrayContaining([file('late')]));
      expect(await cursors.claim(file('late'), 'b', 1_000)).toBe('mine');
      await expect(cursors.save(file('late'), 'a', checkpoint(9), 1_000)).rejects.toBeInstanceOf(LeaseLost);
      await expect(cursors.finish(file('late'), 'a', { etag: '"1"', status: 'DONE', counts: noCounts })).rejects.toBeInstanceOf(LeaseLost);
      expect(await cursors.checkpoint(file('late'))).toEqual(checkpoint(7));
    });

    it('is free again at once when it is released, with its checkpoint', async () => {
      await cursors.claim(file('released'), 'a', 1_000);
      await cursors.save(file('released'), 'a', checkpoint(3), 1_000);
      await cursors.release(file('released'), 'a');
      expect(await cursors.claim(file('released'), 'b', 1_000)).toBe('mine');
      expect(await cursors.checkpoint(file('released'))).toEqual(checkpoint(3));
    });

    it.each(['DONE', 'FAILED'] as const)('is not read again when it is %s, unless its content is another', async (status) => {
      const key = `finished-${status}`;
      await cursors.claim(file(key), 'a', 1_000);
      await cursors.save(file(key), 'a', checkpoint(3), 1_000);
      await cursors.finish(file(key), 'a', { etag: '"1"', status, counts: noCounts, message: 'why' });
      expect(await cursors.claim(file(key), 'b', 1_000)).toBe('done');
      expect((await cursors.abandoned()).map((one) => one.key)).not.toContain(key);
      expect(await cursors.claim(file(key, '"2"'), 'b', 1_000)).toBe('mine');
      expect(await cursors.checkpoint(file(key, '"2"'))).toBeUndefined();
    });
  });
}
