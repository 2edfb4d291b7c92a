import type { Invocation } from '@orderflow/shared/lambda';
import { fileWorld } from '../testing/file-world.ts';
import { noon } from '../testing/memory.ts';
import { handle, type Input } from './handle.ts';

const key = 'file-drop/default/run/a.csv';
const created = (name: string) => ({ detail: { bucket: { name: 'intake' }, object: { key: name } } }) as Input;
const minute = 60_000;

function setUp(files: Record<string, string>) {
  const world = fileWorld(files);
  const invoked: unknown[] = [];
  const deps = { ...world.deps, bucket: 'intake', invoke: async (name: string, payload: unknown) => void invoked.push([name, payload]) };
  const invocation: Invocation = { requestId: 'r', functionName: 'take-file', functionArn: 'arn', remainingMs: () => 900_000 };
  return { ...world, invoked, ask: (input: Input) => handle(input, deps, invocation) };
}
const lines = '{"type":"x"}';

describe('take-file is asked', () => {
  it('to read what is dropped; neither mappings nor folders are files', async () => {
    const { ask, cursors } = setUp({ [key]: lines });
    expect(await ask(created(`${key}.mapping.json`))).toBe('skipped');
    expect(await ask(created('file-drop/default/'))).toBe('skipped');
    expect(cursors.entries.size).toBe(0);
    expect(await ask(created(key))).toBe('done');
  });

  it('each minute what is not finished: it measures how long, and starts another where the reader died', async () => {
    const { ask, cursors, clock, invoked, intake } = setUp({ [key]: lines });
    const file = { bucket: 'intake', key, etag: 'e' };
    await cursors.claim(file, 0, 'a', 5 * minute);
    clock.now += 2 * minute;
    await ask({ sweep: 'readers' });
    expect([invoked, intake.counts['fileAgeSeconds']]).toEqual([[], 120]);
    clock.now += 10 * minute;
    await ask({ sweep: 'readers' });
    expect([invoked, intake.counts['fileAgeSeconds']]).toEqual([[['take-file', { resume: file }]], 120 + 720]);
  });

  it('each hour what was never begun', async () => {
    const { ask, clock, invoked, held } = setUp({ [key]: lines, [`${key}.mapping.json`]: '{}', 'file-drop/default/': '' });
    await ask({ sweep: 'files' });
    expect(invoked).toEqual([]); // its event may still be on its way
    clock.now = noon + 16 * minute;
    await ask({ sweep: 'files' });
    expect(invoked).toEqual([['take-file', { resume: { bucket: 'intake', key, etag: expect.any(String) } }]]);
    await ask((invoked[0] as [string, Input])[1]);
    await ask({ sweep: 'files' });
    expect(invoked).toHaveLength(1);
    held.set(key, Buffer.from(`${lines}\n`)); // another content, of which nobody was told
    await ask({ sweep: 'files' });
    expect(invoked).toHaveLength(2);
    clock.now = noon + 3 * 24 * 60 * minute;
    await ask({ sweep: 'files' });
    expect(invoked).toHaveLength(2);
  });
});
