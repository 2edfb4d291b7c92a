import { join } from 'node:path';
import { faults, missing } from './faults.ts';
import { guards } from './guards/list.ts';
import { readTried } from './guards/tried.ts';
import { sourceWithout } from './guards/without.ts';
import { matrixJson, matrixText } from './matrix.ts';
import type { Result } from './result.ts';

const root = join(__dirname, '../..');

describe('the list of faults', () => {
  it('holds every number of FAULTS.md once, played or missing', () => {
    const all = [...faults, ...missing].map(({ number }) => number);
    expect(new Set(all).size).toBe(all.length);
    const expected = [...Array.from({ length: 56 }, (_, at) => String(at + 1)), '17a', '17b', '17c', '38a', '38b', '38c', '38d', '45a', '45b'];
    expect([...all].sort()).toEqual([...expected].sort());
  });

  it('names guards that can be taken away, each of which belongs to a fault', () => {
    const named = new Set(faults.flatMap((fault) => [...fault.guards]));
    expect([...named].filter((id) => !guards.some((guard) => guard.id === id))).toEqual([]);
    expect(guards.filter(({ id, fault }) => !faults.find(({ number }) => number === fault)?.guards.includes(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(guards.map((guard) => [guard.id, guard] as const))('the guard %s stands once in its file', (_, guard) => {
    expect(sourceWithout(root, guard)).toContain(guard.replace);
  });

  it('keeps what became of guards that exist', () => {
    const tried = readTried(join(root, 'scripts/faults/guards/tried.json'));
    expect([...tried.keys()].filter((id) => !guards.some((guard) => guard.id === id))).toEqual([]);
  });
});

const one: Result = { number: '1', title: 'one event', result: 'green', guards: ['claim'], seconds: 2, detail: '' };

it('prints fault, result and guard, with when the guard was last taken away', () => {
  const tried = new Map([['claim', { guard: 'claim', fault: '1', result: 'red' as const, detail: '', date: '2026-11-22', commit: 'abcdef0' }]]);
  const text = matrixText([one, { ...one, number: '55', result: 'not yet', detail: 'comes later' }], tried);
  expect(text).toMatch(/^1 +green +one event +claim \(off: red, 2026-11-22 abcdef0\)$/m);
  expect(text).toMatch(/^55 +not yet +one event +comes later$/m);
  expect(text).toContain('1 green, 0 red, 1 not yet');
  expect(matrixJson([one])).toEqual({ 1: { result: 'green', guard: 'claim', seconds: 2, detail: '' } });
});
