import { parseOptions, UsageError } from './options.ts';

const known = new Set(['1', '14', '38a']);

describe('options', () => {
  it('has defaults, and reads what is given', () => {
    expect(parseOptions([], known)).toMatchObject({ only: undefined, seed: 1, minutes: undefined, quick: false, guards: false, packages: '.orderflow/packages' });
    expect(parseOptions(['--only', '1, 38a', '--seed', '7', '--json', 'a.json'], known)).toMatchObject({ only: ['1', '38a'], seed: 7, json: 'a.json' });
    expect(parseOptions(['--minutes', '0.5'], known)).toMatchObject({ minutes: 0.5 });
    expect(parseOptions(['--help'], known)).toHaveProperty('help');
  });

  it.each([
    [['--only', '2'], /there is no fault 2/], [['--only', ','], /with commas/], [['--seed', '-1'], /--seed/], [['--minutes', '0'], /--minutes takes/],
    [['--minutes', '1', '--quick'], /a run of its own/], [['--only', '1', '--quick'], /exclude/], [['--port-base', '70000'], /--port-base/], [['--nonsense'], /--nonsense/],
  ])('%p is wrong usage', (args, message) => {
    expect(() => parseOptions(args, known)).toThrow(message);
    expect(() => parseOptions(args, known)).toThrow(UsageError);
  });
});
