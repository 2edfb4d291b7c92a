import type { RateLimit } from '../sources/api.ts';
import { noon } from '../testing/memory.ts';
import { pace, paces } from './pace.ts';

function world(limit: RateLimit, share?: number) {
  const time = { now: noon };
  return { time, turn: pace(limit, () => time.now, share) };
}
const headers = (values: Readonly<Record<string, string>>): Headers => new Headers(values);

it('lets a second’s calls through at once, and then one after the other', () => {
  const { turn, time } = world({ perSecond: 4 });
  expect(Array.from({ length: 7 }, () => turn.before(10_000))).toEqual([0, 0, 0, 0, 250, 500, 750]);
  time.now += 10_000;
  expect(turn.before(0)).toBe(0);
});

it('does not count a call that will not be made', () => {
  const { turn } = world({ perSecond: 1 });
  expect([turn.before(0), turn.before(0), turn.before(0)]).toEqual([0, 1_000, 1_000]);
});

it('shares the limit with the processes beside it', () => {
  const { turn } = world({ perSecond: 4 }, 4);
  expect([turn.before(9_000), turn.before(9_000)]).toEqual([0, 1_000]);
});

it('keeps slower limits than one a second', () => {
  const { turn } = world({ perSecond: 0.5 });
  expect([turn.before(9_000), turn.before(9_000)]).toEqual([0, 2_000]);
});

it.each<[NonNullable<RateLimit['reset']>['unit'], string]>([['seconds', '7'], ['milliseconds', '7000'], ['epoch', String(noon / 1_000 + 7)]])('obeys the vendor’s own word (%s)', (unit, value) => {
  const { turn, time } = world({ left: 'x-left', reset: { header: 'x-reset', unit } });
  turn.after(headers({ 'x-left': '1', 'x-reset': value }));
  expect(turn.before(0)).toBe(0);
  turn.after(headers({ 'x-left': '0', 'x-reset': value }));
  expect(turn.before(0)).toBe(7_000);
  time.now += 7_000;
  expect(turn.before(0)).toBe(0);
});

it('waits a second where the vendor says that none is left and not until when, and takes nonsense for nothing', () => {
  const { turn } = world({ left: 'x-left', reset: { header: 'x-reset', unit: 'seconds' } });
  turn.after(headers({ 'x-left': 'many' }));
  expect(turn.before(0)).toBe(0);
  turn.after(headers({ 'x-left': '0', 'x-reset': 'soon' }));
  expect(turn.before(0)).toBe(1_000);
});

it('is another for each account', () => {
  const of = paces(() => noon);
  of('a', { perSecond: 1 }, 1).before(0);
  expect([of('a', { perSecond: 1 }, 1).before(0), of('b', { perSecond: 1 }, 1).before(0)]).toEqual([1_000, 0]);
});
