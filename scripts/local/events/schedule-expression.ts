import { DateTime } from 'luxon';

/** The next moment (ms) strictly after `after`, or `undefined` if there is none. `first` anchors a rate: it is its first moment. */
export type NextMoment = (after: number, first: number) => number | undefined;

/** The expression cannot be read; the message names it. */
export class ScheduleExpressionError extends Error {}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const NAMES: Readonly<Record<string, number>> = {
  JAN: 1, FEB: 2, MAR: 3, APR: 4, MAY: 5, JUN: 6, JUL: 7, AUG: 8, SEP: 9, OCT: 10, NOV: 11, DEC: 12,
  SUN: 1, MON: 2, TUE: 3, WED: 4, THU: 5, FRI: 6, SAT: 7,
};

const numberOf = (word: string, field: string): number => {
  const value = NAMES[word.toUpperCase()] ?? (/^\d+$/.test(word) ? Number(word) : NaN);
  if (Number.isNaN(value)) throw new ScheduleExpressionError(`cron field ${field} cannot be read`);
  return value;
};

/** `*`, `?`, `5`, `1-5`, `0/15`, `MON-FRI`, and lists of them. */
function numbers(field: string, lowest: number, highest: number): Set<number> {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '*', step] = part.split('/');
    const [low, high] = range === '*' || range === '?' ? [lowest, highest] : range.split('-').map((word) => numberOf(word, field));
    if (low === undefined || low < lowest || (high ?? low) > highest || low > (high ?? low)) throw new ScheduleExpressionError(`cron field ${field} is outside ${lowest}-${highest}`);
    const every = step === undefined ? 1 : numberOf(step, field);
    if (every === 0) throw new ScheduleExpressionError(`cron field ${field} has a step of 0`);
    const end = high ?? (step ? highest : low);
    for (let value = low; value <= end; value += every) found.add(value);
  }
  return found;
}

type DayTest = (moment: DateTime) => boolean;

/** Days of the month, with `L` (last), `LW` (last weekday) and `15W` (weekday nearest to the 15th). */
function monthDays(field: string): DayTest {
  if (field === 'L') return (moment) => moment.day === moment.daysInMonth;
  const [, nearest] = /^(L|\d+)W$/.exec(field) ?? [];
  if (nearest === undefined) {
    const days = numbers(field, 1, 31);
    return (moment) => days.has(moment.day);
  }
  return (moment) => {
    const wanted = nearest === 'L' ? (moment.daysInMonth ?? 31) : Math.min(Number(nearest), moment.daysInMonth ?? 31);
    const day = moment.set({ day: wanted });
    const shift = day.weekday === 6 ? (wanted === 1 ? 2 : -1) : day.weekday === 7 ? (wanted === day.daysInMonth ? -2 : 1) : 0;
    return moment.day === wanted + shift;
  };
}

/** Days of the week, Sunday = 1, with `L` (Saturday), `6L` (the month's last Friday) and `3#2` (its second Tuesday). */
function weekDays(field: string): DayTest {
  const dayOf = (moment: DateTime): number => (moment.weekday % 7) + 1;
  const [, lastOf] = /^(\w+)L$/.exec(field) ?? [];
  if (lastOf !== undefined) return (moment) => dayOf(moment) === numberOf(lastOf, field) && moment.day + 7 > (moment.daysInMonth ?? 31);
  const [, ofDay, nth] = /^(\w+)#([1-5])$/.exec(field) ?? [];
  if (ofDay !== undefined) return (moment) => dayOf(moment) === numberOf(ofDay, field) && Math.ceil(moment.day / 7) === Number(nth);
  const days = numbers(field === 'L' ? '7' : field, 1, 7);
  return (moment) => days.has(dayOf(moment));
}

/** `cron(minutes hours day-of-month month day-of-week year)`. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function cron(fields: readonly string[], zone: string): NextMoment {
  if (fields.length !== 6) throw new ScheduleExpressionError(`cron(${fields.join(' ')}) needs six fields`);
  const [minute = '', hour = '', monthDay = '', month = '', weekDay = '', year = ''] = fields;
  if ((monthDay === '?') === (weekDay === '?')) throw new ScheduleExpressionError(`cron(${fields.join(' ')}): one of day-of-month and day-of-week, and only one, must be ?`);
  const [minutes, hours, months, years] = [numbers(minute, 0, 59), numbers(hour, 0, 23), numbers(month, 1, 12), numbers(year, 1970, 2199)];
  const [onMonthDay, onWeekDay] = [monthDays(monthDay), weekDays(weekDay)];
  return (after) => {
    let moment = DateTime.fromMillis(after, { zone }).startOf('minute').plus({ minutes: 1 });
    for (let turn = 0; turn < 40_000; turn += 1) {
      if (moment.year > 2199) return undefined;
      if (!years.has(moment.year)) moment = moment.plus({ years: 1 }).startOf('year');
      else if (!months.has(moment.month)) moment = moment.plus({ months: 1 }).startOf('month');
      else if (!onMonthDay(moment) || !onWeekDay(moment)) moment = moment.plus({ days: 1 }).startOf('day');
      else if (!hours.has(moment.hour)) moment = moment.plus({ hours: 1 }).startOf('hour');
      else if (!minutes.has(moment.minute) || secondTime(moment)) moment = moment.plus({ minutes: 1 });
      else return moment.toMillis();
    }
    return undefined;
  };
}

/** When clocks go back an hour comes twice; a schedule runs in the first one only. */
const secondTime = (moment: DateTime): boolean => moment.minus({ hours: 1 }).hour === moment.hour;

/** `rate(5 minutes)`, `cron(…)`, `at(2026-11-22T10:00:00)`; the time zone is UTC unless given. */
export function parseSchedule(expression: string, zone = 'UTC'): NextMoment {
  if (!DateTime.now().setZone(zone).isValid) throw new ScheduleExpressionError(`${zone} is not a time zone`);
  const [, kind, body = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') {
    const [, count, unit = '', plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(body) ?? [];
    const every = Number(count) * (UNIT_MS[unit] ?? NaN);
    if (!(every > 0) || (count === '1') === (plural === 's')) throw new ScheduleExpressionError(`schedule ${expression} is not a rate`);
    return (after, first) => first + every * Math.max(0, Math.floor((after - first) / every) + 1);
  }
  if (kind === 'cron') return cron(body.trim().split(/\s+/), zone);
  if (kind === 'at') {
    const moment = DateTime.fromISO(body, { zone });
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) || !moment.isValid) throw new ScheduleExpressionError(`schedule ${expression} is not a moment like at(2026-11-22T10:00:00)`);
    return (after) => (moment.toMillis() > after ? moment.toMillis() : undefined);
  }
  throw new ScheduleExpressionError(`schedule ${expression} is neither rate(), cron() nor at()`);
}
