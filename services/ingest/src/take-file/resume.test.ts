import { gzipSync } from 'node:zlib';
import type { CanonicalEvent } from '@orderflow/shared/events';
import fc from 'fast-check';
import { fileWorld, hour } from '../testing/file-world.ts';
import type { TakeFileDeps } from './reading.ts';
import { takeFile } from './take-file.ts';

const key = 'file-drop/default/run/orders.csv';
const jsonl = 'file-drop/default/run/events.jsonl';
const mapping = {
  name: 'own', columns: ['o', 't', 's', 'q', 'p', 'n'], time: { zone: 'UTC' }, currency: 'EUR', document: { id: 'o', at: 't', closeAfterRows: 3 },
  order: { status: 'NEW', payment: 'PAID' }, customer: { name: 'n' }, line: { productId: 's', quantity: 'q', unitPrice: 'p' },
};
const line = (id: string | number, name = 'Jo'): string => `${id},2026-01-01T10:00:00Z,A,2,1.505,${name}`;
/** Documents that lie within each other, values over lines, bad lines of each kind, a late one. */
const csv = [
  'o,t,s,q,p,n', line(1), line(2), line(1), line(2, '"two\nlines"'), line(3).replace('2,1.505', 'x,1.505'), line(3), '"4,broken', line(4), line(5), line(6), line(6), 'short',
  line(7), line(8), line(9), line(1, 'late'), line(10, '"Jö"'),
].join('\n');
const event = (id: number): string => JSON.stringify({
  type: 'order.created', data: { order: { id: String(id), placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });
const events = [event(1), 'nonsense', '', event(2), `[${event(3)},{"type":"x"}]`, event(4)].join('\n');

const world = (files: Record<string, Buffer | string>) => fileWorld({ ...files, [`${key}.mapping.json`]: JSON.stringify({ mapping }) }, {}, 40);
type World = ReturnType<typeof world>;

class Killed extends Error {}

/** What a run comes to: events and entries by id, lines in quarantine, counts. The order of arrival decides nothing. */
const cameTo = ({ intake, end }: World, of: string) => ({
  events: Object.fromEntries(intake.events.map(({ recordedtime: _, ...one }: CanonicalEvent) => [one.id, one])),
  quarantined: Object.fromEntries(intake.quarantined.map((one) => [one.id, one])),
  end: end(of),
});

/** Every call of every port, in turn, may be the last that its process makes: before it has an effect, or after. */
function mortal(deps: TakeFileDeps, dies: (call: number) => 'before' | 'after' | undefined): { readonly deps: TakeFileDeps; readonly calls: () => number } {
  let calls = 0;
  let dead = false;
  const guard = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (dead) throw new Killed();
    const how = dies(++calls);
    dead ||= how !== undefined;
    if (how === 'before') throw new Killed();
    const result = await work(...args);
    if (how === 'after') throw new Killed();
    return result;
  };
  const { files, cursors, sink, quarantine, again } = deps;
  return {
    calls: () => calls,
    deps: {
      ...deps, again: guard(again),
      files: { head: guard(files.head), open: guard(files.open), read: guard(files.read), list: files.list },
      cursors: {
        claim: guard(cursors.claim), checkpoint: guard(cursors.checkpoint), save: guard(cursors.save), release: guard(cursors.release),
        finish: guard(cursors.finish), unfinished: cursors.unfinished, known: cursors.known,
      },
      sink: { put: guard(sink.put) }, quarantine: { put: guard(quarantine.put) },
    },
  };
}

/** Readers one after the other, as hand-overs, retries and the sweep start them, until the file is finished. */
async function untilDone(of: string, { deps, clock, end }: World, remainingMs: () => number): Promise<number> {
  let readers = 0;
  for (; end(of) === undefined && readers < 300; readers++) {
    clock.now += 200_000; // whatever lease a dead reader left
    await takeFile({ bucket: 'intake', key: of }, deps, remainingMs);
  }
  return readers;
}

describe.each([
  ['CSV', key, csv], ['CSV in gzip', key, gzipSync(csv)], ['JSON lines', jsonl, events], ['JSON lines in gzip', jsonl, gzipSync(events)], ['a file that is refused', key, csv.slice(0, 60).replace('o,t', 'x,t')],
])('%s', (_, of, body) => {
  const whole = world({ [of]: body });

  it('comes to the same after a crash at any of its calls, before or after its effect, with hand-overs and without', async () => {
    await untilDone(of, whole, hour);
    const wanted = cameTo(whole, of);
    for (const remainingMs of [hour, () => 0]) {
      const counting = world({ [of]: body });
      const counted = mortal(counting.deps, () => undefined);
      await untilDone(of, { ...counting, deps: counted.deps }, remainingMs);
      expect(cameTo(counting, of)).toEqual(wanted);
      for (let step = 1; step <= counted.calls(); step++) {
        for (const how of ['before', 'after'] as const) {
          const one = world({ [of]: body });
          const killed = mortal(one.deps, (call) => (call === step ? how : undefined));
          for (let readers = 0; readers < 300 && one.end(of) === undefined; readers++) {
            one.clock.now += 200_000;
            const failed = await takeFile({ bucket: 'intake', key: of }, killed.deps, remainingMs).then(() => false, (error: unknown) => error instanceof Killed);
            if (failed) break;
          }
          await untilDone(of, one, remainingMs);
          expect([step, how, cameTo(one, of)]).toEqual([step, how, wanted]);
        }
      }
    }
  });
});

describe('resuming', () => {
  it('asks for the rest only of a file that is not packed, and of exactly the content that was begun', async () => {
    const one = world({ [key]: csv });
    const asked: { readonly etag: string; readonly from: number }[] = [];
    const open: TakeFileDeps['files']['open'] = async (file, from) => {
      asked.push({ etag: file.etag, from });
      return one.deps.files.open(file, from);
    };
    await untilDone(key, { ...one, deps: { ...one.deps, files: { ...one.deps.files, open } } }, () => 0);
    const from = asked.map((ask) => ask.from);
    expect(from).toEqual([...new Set(from)].sort((a, b) => a - b));
    expect(from.at(-1)).toBeGreaterThan(csv.length / 2);
    expect(new Set(asked.map(({ etag }) => etag)).size).toBe(1);
  });

  it('gets on with every hand-over, also where a value is longer than what is read at once', async () => {
    const long = ['o,t,s,q,p,n', line(1, `"${'long\n'.repeat(30)}"`), line(2)].join('\n');
    const one = world({ [key]: long });
    expect(await untilDone(key, one, () => 0)).toBeLessThan(6);
    expect(one.intake.events.filter(({ type }) => type === 'order.created')).toHaveLength(2);
  });

  it('reads on as it began, though the mapping beside the file was changed meanwhile', async () => {
    const one = world({ [key]: csv });
    await takeFile({ bucket: 'intake', key }, one.deps, () => 0);
    one.held.set(`${key}.mapping.json`, Buffer.from('{"live":true}'));
    await untilDone(key, one, () => 0);
    expect(cameTo(one, key).end).toMatchObject({ status: 'DONE' });
    expect(one.intake.events.every(({ type, data }) => type !== 'order.created' || data.order.historical)).toBe(true);
  });

  it('reads the new content from its beginning where a file is overwritten half way', async () => {
    const one = world({ [key]: csv });
    await takeFile({ bucket: 'intake', key }, one.deps, () => 0);
    one.held.set(key, Buffer.from(`${csv}\n${line(11)}`));
    const clean = world({ [key]: `${csv}\n${line(11)}` });
    await untilDone(key, one, () => 0);
    await untilDone(key, clean, hour);
    expect(cameTo(one, key).events).toEqual(cameTo(clean, key).events);
    expect(one.end(key)).toEqual(clean.end(key));
  });

  it('reads the new content where it changes between the look at it and the first byte', async () => {
    const one = world({ [key]: csv });
    let first = true;
    const claim: TakeFileDeps['cursors']['claim'] = async (...args) => {
      if (first) one.held.set(key, Buffer.from(`${csv}\n${line(11)}`));
      first = false;
      return one.cursors.claim(...args);
    };
    expect(await takeFile({ bucket: 'intake', key }, { ...one.deps, cursors: { ...one.cursors, claim } }, hour)).toBe('done');
    expect(one.intake.events.some(({ subject }) => subject === 'file-drop:default:11')).toBe(true);
  });

  it('says so where a file is deleted half way, once, and forgets what was never begun', async () => {
    const one = world({ [key]: csv });
    await takeFile({ bucket: 'intake', key }, one.deps, () => 0);
    const [left] = await one.cursors.unfinished();
    one.held.delete(key);
    one.clock.now += 200_000;
    if (!left) throw new Error('nothing was left');
    expect(await takeFile(left.file, one.deps, hour)).toBe('refused');
    expect(one.end(key)).toMatchObject({ status: 'FAILED', message: expect.stringMatching(/was deleted/) });
    expect(await takeFile(left.file, one.deps, hour)).toBe('gone');
    expect(await takeFile({ bucket: 'intake', key: 'file-drop/default/x' }, one.deps, hour)).toBe('gone');
    expect(one.intake.quarantined.filter(({ code }) => code === 'file')).toHaveLength(1);
  });

  it('gives a file up whose readers die without getting on, and reads it again when it is dropped again', async () => {
    const one = world({ [key]: csv });
    const deadly = { ...one.deps, sink: { put: () => new Promise<void>(() => {}) }, quarantine: { put: () => new Promise<void>(() => {}) } };
    for (let reader = 0; reader < 5; reader++) {
      one.clock.now += 200_000;
      void takeFile({ bucket: 'intake', key }, deadly, hour);
      await new Promise((done) => setImmediate(done));
    }
    one.clock.now += 200_000;
    expect(await takeFile({ bucket: 'intake', key }, one.deps, hour)).toBe('refused');
    expect(one.end(key)?.message).toMatch(/^5 readers in a row/);
    expect(await takeFile({ bucket: 'intake', key }, one.deps, hour)).toBe('done');
    one.clock.droppedAt += 1_000;
    expect(await takeFile({ bucket: 'intake', key }, one.deps, hour)).toBe('done');
    expect(one.end(key)).toMatchObject({ status: 'DONE' });
  });

  it('takes a file once that is told of ten times at once', async () => {
    const one = world({ [key]: csv });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => takeFile({ bucket: 'intake', key }, one.deps, hour)));
    expect(outcomes.sort()).toEqual([...Array<string>(9).fill('busy'), 'done']);
    expect(new Set(one.intake.events.map(({ id }) => id)).size).toBe(one.intake.events.length);
  });

  it('takes what lies in a file in any way, cut and handed over anywhere, as it takes it whole', async () => {
    const row = fc.record({ id: fc.integer({ min: 1, max: 6 }), name: fc.constantFrom('Jo', 'é', '"a,b"', '"a\nb"', '"open', 'x"y', 'a,b') });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 25 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 90 }), async (rows, closeAfterRows, pieceBytes) => {
        const text = ['o,t,s,q,p,n', ...rows.map(({ id, name }) => line(id, name))].join('\n');
        const own = { mapping: { ...mapping, document: { ...mapping.document, closeAfterRows } } };
        const files = { [key]: text, [`${key}.mapping.json`]: JSON.stringify(own) };
        const [one, parts] = [fileWorld(files, {}, 100_000), fileWorld(files, {}, pieceBytes)];
        await untilDone(key, one, hour);
        await untilDone(key, parts, () => 0);
        expect(cameTo(parts, key)).toEqual(cameTo(one, key));
        // every line is in one home: an order, or quarantine
        const lines = one.intake.events.reduce((sum, { type, data }) => sum + (type === 'order.created' ? data.order.lines.length : 0), 0);
        expect(lines + one.intake.quarantined.length).toBeLessThanOrEqual(text.split('\n').length - 1);
        if (rows.every(({ name }) => !name.includes('\n') && name !== '"open')) expect(lines + one.intake.quarantined.length).toBe(rows.length);
      }),
      { numRuns: 60 },
    );
  });
});
