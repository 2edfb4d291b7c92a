import type { Polled } from '../sources/api.ts';
import { firstCursor, type PollCursor } from './cursor.ts';
import { afterFailure, afterPage, afterRefusal, dueAfter, lagSeconds, nextWindow, putBack } from './pace.ts';

const minute = 60_000;
const now = 1_000 * minute;
const polled: Polled = { topic: 'orders', everyMinutes: 5, overlapMinutes: 10, mostWindowMinutes: 60, path: () => '/', read: () => ({ items: [] }) };
const cursor = (more: Partial<PollCursor> = {}): PollCursor => ({ ...firstCursor(now), ...more });
const window = { from: now - 10 * minute, to: now, page: 'p1', found: ['a'] };

describe('the next window', () => {
  it('reaches back by the overlap and up to now', () => {
    expect(nextWindow(cursor(), polled, now + minute)).toEqual({ from: now - 10 * minute, to: now + minute, found: [] });
  });
  it('is no longer than the vendor is asked for', () => {
    expect(nextWindow(cursor({ highWater: 0 }), polled, now)).toEqual({ from: -10 * minute, to: 50 * minute, found: [] });
  });
  it('is the one that was left half-way', () => expect(nextWindow(cursor({ window }), polled, now + 9 * minute)).toBe(window));
  it('does not end before it begins when the clock was put back', () => {
    expect(nextWindow(cursor(), polled, now - 30 * minute)).toEqual({ from: now - 10 * minute, to: now, found: [] });
  });
});

describe('after a page', () => {
  const failed = cursor({ failures: 3, lastError: 'http-500', seen: ['z'] });
  it('the window goes on while there is a next one; the mark stays', () => {
    expect(afterPage({ ...failed, window }, window, ['b'], 'p2')).toEqual(cursor({ seen: ['z'], window: { ...window, page: 'p2', found: ['a', 'b'] } }));
  });
  it('the mark moves to the end of the window, whose items are remembered', () => {
    expect(afterPage({ ...failed, window: { ...window, to: now + 5 } }, { ...window, to: now + 5 }, ['b'], undefined))
      .toEqual(cursor({ highWater: now + 5, seen: ['a', 'b'] }));
  });
  it('the mark never moves back', () => {
    expect(afterPage(cursor(), { from: 0, to: 5, found: [] }, [], undefined).highWater).toBe(now);
  });
  it('no more is remembered than fits a small item', () => {
    const many = Array.from({ length: 800 }, (_, n) => String(n));
    expect(afterPage(cursor(), window, many, undefined).seen).toHaveLength(500);
  });
});

describe('after trouble', () => {
  it('pauses grow up to a quarter of an hour, and nothing moves', () => {
    let one = cursor({ window });
    const pauses: number[] = [];
    for (let n = 0; n < 6; n++) {
      one = afterFailure(one, 'http-502', now);
      pauses.push((one.dueAt - dueAfter(now, 0)) / minute);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
    expect(one).toEqual(cursor({ window, failures: 6, lastError: 'http-502', dueAt: dueAfter(now, 15) }));
  });
  it('a page that is refused begins its window anew; a refused credential keeps it', () => {
    expect(afterRefusal(cursor({ window }), 'http-400', now).window).toEqual({ from: window.from, to: window.to, found: ['a'] });
    expect(afterRefusal(cursor({ window }), 'credential', now).window).toEqual(window);
  });
});

it('is due in the minute of its turn, whether the schedule is a little early or late', () => {
  const due = dueAfter(now, 1);
  expect(due).toBeLessThanOrEqual(now + minute - 1_000);
  expect(due).toBeGreaterThan(now);
});

it('is put back to read again, never forward', () => {
  expect(putBack(cursor({ window, seen: ['a'] }), 5)).toEqual(cursor({ highWater: 5 }));
  expect(putBack(cursor(), now + 5).highWater).toBe(now);
});

it('is behind from the moment when the next poll should have ended', () => {
  expect(lagSeconds(now, polled, now + 5 * minute)).toBe(0);
  expect(lagSeconds(now, polled, now + 6 * minute)).toBe(60);
});
