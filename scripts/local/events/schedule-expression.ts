import { DateTime } from 'luxon';

/** The next moment (ms) strictly after `after`, or `undefined` if there is none. `first` anchors a rate. */
export type NextMoment = (after: number, first: number) => number | undefined;

const UNIT_MS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const NAMES: Readonly<Record<string, number>> = {
  JAN: 1, FEB: 2, MAR: 3, APR: 4, MAY: 5, JUN: 6, JUL: 7, AUG: 8, SEP: 9, OCT: 10, NOV: 11, DEC: 12,
  SUN: 1, MON: 2, TUE: 3, WED: 4, THU: 5, FRI: 6, SAT: 7,
};

function numbers(field: string, lowest: number, highest: number): Set<number> {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '*', step] = part.split('/');
    const [low, high] = range === '*' || range === '?' ? [lowest, highest] : range.split('-').map((word) => NAMES[word.toUpperCase()] ?? Number(word));
    if (low === undefined || Number.isNaN(low)) throw new Error(`cron field ${field} is not supported by the local cloud`);
    const end = high ?? (step ? highest : low);
    for (let value = low; value <= end; value += Number(step ?? 1)) found.add(value);
  }
  return found;
}

const RANGES = [[0, 59], [0, 23], [1, 31], [1, 12], [1, 7], [1970, 2199]] as const;

/** `cron(minutes hours day-of-month month day-of-week year)`, Sunday = 1. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function cron(fields: readonly string[], zone: string): NextMoment {
  if (fields.length !== 6) throw new Error(`cron(${fields.join(' ')}) needs six fields`);
  const [minutes, hours, days, months, weekdays, years] = fields.map((field, at) => numbers(field, RANGES[at]?.[0] ?? 0, RANGES[at]?.[1] ?? 0)) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  return (after) => {
    let moment = DateTime.fromMillis(after, { zone }).startOf('minute').plus({ minutes: 1 });
    for (let turn = 0; turn < 10_000; turn += 1) {
      if (moment.year > 2199) return undefined;
      const fits = years.has(moment.year) && months.has(moment.month) && days.has(moment.day) && weekdays.has((moment.weekday % 7) + 1);
      if (!fits) moment = moment.plus({ days: 1 }).startOf('day');
      else if (!hours.has(moment.hour)) moment = moment.plus({ hours: 1 }).startOf('hour');
      else if (!minutes.has(moment.minute)) moment = moment.plus({ minutes: 1 });
      else return moment.toMillis();
    }
    return undefined;
  };
}

/** `rate(5 minutes)`, `cron(…)`, `at(2026-11-22T10:00:00)`; the time zone is UTC unless given. */
export function parseSchedule(expression: string, zone = 'UTC'): NextMoment {
  const [, kind, body = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') {
    const [, count, unit] = /^(\d+)\s+(second|minute|hour|day)s?$/.exec(body) ?? [];
    const every = Number(count) * (UNIT_MS[unit ?? ''] ?? NaN);
    if (!(every > 0)) throw new Error(`schedule ${expression} is not a rate`);
    return (after, first) => first + every * (Math.floor(Math.max(0, after - first) / every) + 1);
  }
  if (kind === 'cron') return cron(body.trim().split(/\s+/), zone);
  if (kind === 'at') {
    const moment = DateTime.fromISO(body, { zone }).toMillis();
    return (after) => (moment > after ? moment : undefined);
  }
  throw new Error(`schedule ${expression} is neither rate(), cron() nor at()`);
}
