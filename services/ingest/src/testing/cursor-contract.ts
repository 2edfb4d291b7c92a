import { LeaseLost } from '../cursors/leases.ts';
import { noCounts, type Checkpoint, type CursorPort } from '../take-file/progress.ts';

const checkpoint = (rows: number): Checkpoint => ({
  form: { format: 'csv', packed: true }, sidecar: { live: true }, offset: rows * 10, header: ['a', 'b'],
  grouping: { open: [{ id: 'x', rows: [{ number: 2, values: ['1'], raw: '\u00FF1', offset: 0, end: 2 }] }], closed: 'AAAA' },
  counts: { ...noCounts, rows },
});
const share = { read: 5, size: 20 };

/** What every implementation of cursors must do. */
export function cursorContract(name: string, make: (clock: () => number) => CursorPort): void {
  describe(name, () => {
    const file = (key: string, etag = '"1"') => ({ bucket: 'intake', key, etag });
    const clock = { now: 1_000_000 };
    const mine = { outcome: 'mine', deaths: 0, replaced: false };
    let cursors: CursorPort;
    beforeEach(() => {
      cursors = make(() => clock.now);
    });

    it('gives a file to one reader at a time', async () => {
      expect(await cursors.claim(file('one'), 1, 'a', 1_000)).toEqual(mine);
      expect(await cursors.claim(file('one'), 1, 'b', 1_000)).toEqual({ outcome: 'busy' });
      expect(await cursors.claim(file('other'), 1, 'b', 1_000)).toEqual(mine);
    });

    it('gives it to one of many that ask at once', async () => {
      const claims = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => cursors.claim(file('many'), 1, owner, 1_000)));
      expect(claims.map(({ outcome }) => outcome).sort()).toEqual(['busy', 'busy', 'busy', 'mine']);
    });

    it('gives it to the next one when the lease has run out; the first can then change nothing', async () => {
      await cursors.claim(file('late'), 1, 'a', 1_000);
      await cursors.save(file('late'), 'a', checkpoint(7), share, 1_000);
      const movedAt = clock.now;
      expect(await cursors.unfinished()).toEqual(expect.arrayContaining([{ file: file('late'), abandoned: false, movedAt }]));
      clock.now += 1_001;
      expect(await cursors.unfinished()).toEqual(expect.arrayContaining([{ file: file('late'), abandoned: true, movedAt }]));
      expect(await cursors.claim(file('late'), 1, 'b', 1_000)).toEqual(mine);
      await expect(cursors.save(file('late'), 'a', checkpoint(9), share, 1_000)).rejects.toBeInstanceOf(LeaseLost);
      await expect(cursors.release(file('late'), 'a')).rejects.toBeInstanceOf(LeaseLost);
      await expect(cursors.finish(file('late'), 'a', { status: 'DONE', counts: noCounts })).rejects.toBeInstanceOf(LeaseLost);
      expect(await cursors.checkpoint(file('late'))).toEqual(checkpoint(7));
    });

    it('knows which content was begun', async () => {
      expect(await cursors.known('known')).toBeUndefined();
      await cursors.claim(file('known'), 1, 'a', 1_000);
      expect(await cursors.known('known')).toBe('"1"');
    });

    it('counts readers that died, until one gets on or goes in order', async () => {
      const next = async (owner: string): Promise<unknown> => {
        clock.now += 1_001;
        return cursors.claim(file('deaths'), 1, owner, 1_000);
      };
      expect(await next('a')).toEqual(mine);
      expect(await next('b')).toEqual({ ...mine, deaths: 1 });
      expect(await next('c')).toEqual({ ...mine, deaths: 2 });
      await cursors.save(file('deaths'), 'c', checkpoint(1), share, 1_000);
      expect(await next('d')).toEqual(mine);
      expect(await next('e')).toEqual({ ...mine, deaths: 1 });
      await cursors.release(file('deaths'), 'e');
      expect(await next('f')).toEqual(mine);
    });

    it('is free again at once when it is released, with its checkpoint', async () => {
      await cursors.claim(file('released'), 1, 'a', 1_000);
      await cursors.save(file('released'), 'a', checkpoint(3), share, 1_000);
      await cursors.release(file('released'), 'a');
      expect(await cursors.claim(file('released'), 1, 'b', 1_000)).toEqual(mine);
      expect(await cursors.checkpoint(file('released'))).toEqual(checkpoint(3));
    });

    it('goes to another content under the same name at once, without the checkpoint of the first, which is told nothing more', async () => {
      await cursors.claim(file('two'), 1, 'a', 1_000);
      await cursors.save(file('two'), 'a', checkpoint(3), share, 1_000);
      expect(await cursors.claim(file('two', '"2"'), 2, 'b', 1_000)).toEqual({ ...mine, replaced: true });
      expect(await cursors.checkpoint(file('two', '"2"'))).toBeUndefined();
      await expect(cursors.save(file('two'), 'a', checkpoint(4), share, 1_000)).rejects.toBeInstanceOf(LeaseLost);
    });

    it.each(['DONE', 'FAILED'] as const)('is not read again when it is %s, unless its content is another', async (status) => {
      const key = `finished-${status}`;
      await cursors.claim(file(key), 1, 'a', 1_000);
      await cursors.save(file(key), 'a', checkpoint(3), share, 1_000);
      await cursors.finish(file(key), 'a', { status, message: 'why' });
      expect(await cursors.claim(file(key), 1, 'b', 1_000)).toEqual({ outcome: 'done' });
      expect((await cursors.unfinished()).map((one) => one.file.key)).not.toContain(key);
      // dropped anew: what was given up is tried from its beginning, what was read is known
      expect(await cursors.claim(file(key), 2, 'b', 1_000)).toEqual(status === 'DONE' ? { outcome: 'done' } : mine);
      expect(await cursors.claim(file(key, '"2"'), 3, 'b', 1_000)).toMatchObject({ outcome: 'mine' });
      expect(await cursors.checkpoint(file(key, '"2"'))).toBeUndefined();
    });
  });
}
