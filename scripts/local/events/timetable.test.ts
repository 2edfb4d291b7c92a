import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, type Journal } from '../journal.ts';
import { manualClock, type ManualClock } from '../testing/manual-clock.ts';
import { parseSchedule } from './schedule-expression.ts';
import { createTimetable, type Plan, type Timetable } from './timetable.ts';

const START = Date.parse('2026-01-01T00:00:30Z');
const MINUTE = 60_000;

let folder: string;
let journal: Journal;
let clock: ManualClock;
let fired: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timetable-'));
  journal = openJournal(join(folder, 'j.sqlite'));
  clock = manualClock(START);
  fired = [];
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const open = (paused = false): Timetable => {
  const timetable = createTimetable({ journal, clock, paused, fire: (key, at, last) => fired.push(`${key} ${new Date(at).toISOString().slice(11, 19)}${last ? ' last' : ''}`) });
  timetable.start();
  return timetable;
};
const plan = (expression: string, more: Partial<Plan> = {}): Plan => ({ text: `${expression}${JSON.stringify(more)}`, next: parseSchedule(expression), ...more });

test('a rate of the Scheduler starts at once, one of a rule after its period', async () => {
  const timetable = open();
  timetable.set('schedule', plan('rate(5 minutes)', { atOnce: true }));
  timetable.set('rule', plan('rate(7 minutes)'));
  await clock.moveTo(START + 11 * MINUTE);
  expect(fired).toEqual(['schedule 00:00:30', 'schedule 00:05:30', 'rule 00:07:30', 'schedule 00:10:30']);
});

test('a start, an end and a moment bound it; the last one is known', async () => {
  const timetable = open();
  timetable.set('bounded', plan('cron(* * * * ? *)', { from: START + 2 * MINUTE, until: START + 4 * MINUTE }));
  timetable.set('once', plan('at(2026-01-01T00:01:00)'));
  await clock.moveTo(START + 60 * MINUTE);
  expect(fired).toEqual(['once 00:01:00 last', 'bounded 00:03:00', 'bounded 00:04:00 last']);
  expect(timetable.due('once')).toBeUndefined();
});

test('a flexible window delays, but the moment told is the planned one', async () => {
  open().set('loose', plan('at(2026-01-01T00:01:00)', { withinMs: 10 * MINUTE }));
  await clock.moveTo(START + 12 * MINUTE);
  expect(fired).toEqual(['loose 00:01:00 last']);
});

test('what was due while nothing ran is made up for once; the same plan set anew keeps its rhythm', async () => {
  const first = open();
  first.set('rate', plan('rate(1 hour)', { atOnce: true }));
  await clock.moveTo(START + MINUTE);
  first.close();
  await clock.moveTo(START + 200 * MINUTE);
  const second = open();
  second.set('rate', plan('rate(1 hour)', { atOnce: true }));
  second.set('rate', plan('rate(1 hour)', { atOnce: true }));
  await clock.moveTo(START + 241 * MINUTE);
  expect(fired).toEqual(['rate 00:00:30', 'rate 01:00:30', 'rate 04:00:30']);
});

test('paused, nothing fires and nothing is due; deleted, it is gone', async () => {
  const timetable = open(true);
  timetable.set('rate', plan('rate(1 minute)', { atOnce: true }));
  expect(timetable.due('rate')).toBeUndefined();
  timetable.delete('rate');
  await clock.moveTo(START + 5 * MINUTE);
  expect([fired, journal.all('SELECT * FROM timetable')]).toEqual([[], []]);
});
