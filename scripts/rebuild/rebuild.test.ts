import { check } from './check.ts';
import { fromLanded } from './from-landed.ts';
import { parseOptions } from './options.ts';
import type { RebuildDeps } from './ports.ts';

const sum = (table: string, rows: number, checksum = `${rows}7`) => ({ table, rows, checksum });
const full = [sum('orders', 3), sum('loaded_event', 5)];
type Step = { readonly step: string; readonly day?: string; readonly after?: string };
type Answer = object | Error;

/** A stage whose function answers by step: the next of a list, its last for good. */
function stage(script: Record<string, readonly Answer[]>, files: Record<string, string> = {}) {
  const asked: Step[] = [];
  const [shown, notes, out, pauses] = [[] as [number, string][], [] as string[], [] as string[], [] as number[]];
  let now = Date.parse('2026-11-24T12:00:00Z');
  const deps: RebuildDeps = {
    client: {
      send: (async (command: { readonly input: { readonly FunctionName: string; readonly Payload: Uint8Array } }) => {
        expect(command.input.FunctionName).toBe('orderflow-warehouse-local-rebuild');
        const step = JSON.parse(Buffer.from(command.input.Payload).toString('utf8')) as Step;
        const before = asked.filter((one) => one.step === step.step).length;
        asked.push(step);
        const answers = script[step.step] ?? [new Error(`not asked for ${step.step}`)];
        const answer = answers[Math.min(before, answers.length - 1)];
        if (answer instanceof Error) return { FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorMessage: answer.message })) };
        return { Payload: Buffer.from(JSON.stringify(answer)) };
      }) as never,
    },
    now: () => now, pause: async (ms) => void (now += ms, pauses.push(ms)), out: (line) => void out.push(line), show: (share, text) => void shown.push([share, text]), note: (line) => void notes.push(line),
    read: (file) => files[file], write: (file, text) => void (files[file] = text),
  };
  return { deps, asked, shown, notes, out, pauses, files };
}
const two = { days: [{ days: ['2026-11-23', '2026-11-24'] }], day: [{ batches: 3, rows: 9 }], left: [{ batches: 0 }], checksums: [{ tables: full }], empty: [{}] };
const run = (given: ReturnType<typeof stage>, ...args: string[]) => {
  const options = parseOptions(args, given.deps.now());
  if (typeof options === 'string') throw new Error(options);
  return options.way.kind === 'landed' ? fromLanded(options, options.way, given.deps) : check(options, given.deps);
};

describe('npm run rebuild', () => {
  it('hands over day by day, waits for the loader, and shows before and after', async () => {
    const given = stage({ ...two, left: [{ batches: 2 }, { batches: 0 }] });
    expect(await run(given)).toBe(0);
    expect(given.asked.map(({ step, day = '' }) => `${step} ${day}`.trim())).toEqual(['days', 'checksums', 'day 2026-11-23', 'left', 'day 2026-11-24', 'left', 'left', 'checksums']);
    expect(given.out).toEqual([expect.stringMatching(/^table +rows before +rows +checksum before +checksum/), expect.stringMatching(/^orders +3 +3 +37 +37 +same$/), expect.stringMatching(/^loaded_event +5 +5 +57 +57 +same$/)]);
    expect(given.notes.at(-1)).toBe('all tables are as they were, row for row');
    expect([given.shown[0]?.[0], given.shown.at(-1)?.[0]]).toEqual([0, 1]);
  });

  it('takes the pages of a day, waits while the loader is behind, and only the last days when asked', async () => {
    const given = stage({ ...two, day: [{ batches: 200, rows: 200, after: 'k' }, { batches: 3, rows: 3 }], left: [{ batches: 400 }, { batches: 150 }, { batches: 0 }] });
    expect(await run(given, '--days', '1')).toBe(0);
    expect(given.asked.filter(({ step }) => step === 'day')).toEqual([{ step: 'day', run: expect.any(String), day: '2026-11-24' }, { step: 'day', run: expect.any(String), day: '2026-11-24', after: 'k' }]);
    expect(given.pauses).toHaveLength(1);
  });

  it('empties nothing without --yes, and says what it would do', async () => {
    const given = stage(two);
    expect(await run(given, '--fresh')).toBe(2);
    expect(given.notes).toEqual([expect.stringMatching(/empties 2 tables \(8 rows\) and loads what landed on 2 days from 2026-11-23 on.*add --yes/)]);
    expect(given.asked.map(({ step }) => step)).not.toContain('empty');
    expect(await run(given, '--fresh', '--yes')).toBe(0);
    expect(given.asked.map(({ step }) => step)).toContain('empty');
  });

  it('empties nothing when nothing has landed', async () => {
    const given = stage({ ...two, days: [{ days: [] }] });
    expect(await run(given, '--fresh', '--yes')).toBe(1);
    expect(given.asked.map(({ step }) => step)).not.toContain('empty');
  });

  it.each([
    ['other values', [sum('orders', 3, '38'), sum('loaded_event', 5)], 1, /not as before: orders;/],
    ['fewer rows', [sum('orders', 2), sum('loaded_event', 6)], 1, /fewer rows in orders/],
    ['more events: some came meanwhile', [sum('orders', 4), sum('loaded_event', 6)], 0, /1 event came meanwhile/],
  ])('judges %s', async (_, after, status, note) => {
    const given = stage({ ...two, checksums: [{ tables: full }, { tables: after }] });
    expect([await run(given), given.notes.at(-1)]).toEqual([status, expect.stringMatching(note)]);
  });

  it('keeps the sums of before for a run that goes on, and reads all their pages', async () => {
    const given = stage({ ...two, checksums: [{ tables: full.slice(0, 1), after: 'orders' }, { tables: full.slice(1) }], left: [new Error('crash')] });
    expect(await run(given, '--sums', 'f')).toBe(1);
    expect(given.notes.at(-1)).toMatch(/crash \(at 2026-11-23\); npm run rebuild goes on/);
    const again = stage({ ...two, checksums: [{ tables: [sum('orders', 1), sum('loaded_event', 5)] }] }, given.files);
    expect(await run(again, '--sums', 'f')).toBe(1);
    expect(again.asked.filter(({ step }) => step === 'checksums')).toHaveLength(1);
  });

  it('gives a loader up that makes no headway', async () => {
    const given = stage({ ...two, left: [{ batches: 300 }] });
    expect(await run(given)).toBe(1);
    expect(given.notes.at(-1)).toMatch(/no headway/);
  });

  it('says what to do when nothing runs', async () => {
    const given = stage(two);
    const away = { ...given.deps, client: { send: async () => { throw new Error('connect ECONNREFUSED'); } } as never };
    expect(await run({ ...given, deps: away })).toBe(1);
    expect(given.notes.at(-1)).toMatch(/npm start/);
  });
});

describe('npm run rebuild -- --check', () => {
  it('shows the sums and changes nothing; a second time it compares', async () => {
    const given = stage(two);
    expect(await run(given, '--check', '--sums', 'f')).toBe(0);
    expect(given.out).toEqual([expect.stringMatching(/^table +rows +checksum$/), expect.stringMatching(/^orders +3 +37$/), expect.stringMatching(/^loaded_event +5 +57$/)]);
    expect(await run(given, '--check', '--sums', 'f')).toBe(0);
    const other = stage({ checksums: [{ tables: [sum('orders', 3, '1'), full[1] as object] }] }, given.files);
    expect([await run(other, '--check', '--sums', 'f'), other.notes]).toEqual([1, ['not as in f: orders']]);
    expect(new Set([...given.asked, ...other.asked].map(({ step }) => step))).toEqual(new Set(['checksums']));
    const broken = stage(two, { f: '{}' });
    expect([await run(broken, '--check', '--sums', 'f'), broken.notes.at(-1)]).toEqual([1, expect.stringMatching(/holds no checksums/)]);
  });
});
