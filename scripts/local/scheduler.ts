import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { AwsError, jsonError, type AwsRequest, type LocalService } from './service.ts';
import { parseSchedule, type NextMoment } from './events/schedule-expression.ts';
import { plainText } from './plain-text.ts';

export interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
  readonly zone: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  /** JSON text; undefined = the event that AWS sends without one. */
  readonly input?: string;
  /** A scheduled rule sends another event than a schedule. */
  readonly origin: 'aws.scheduler' | 'aws.events';
}

export interface Scheduler {
  deploy(schedule: Schedule): void;
  remove(name: string): void;
  /** Fires now, by the schedule's name or its target's; the schedule's own rhythm stays. */
  run(name: string): Promise<void>;
  /** Due times in ms by name; `undefined` while paused or disabled. */
  due(): Record<string, number | undefined>;
  /** Starts the clockwork unless paused. */
  start(): void;
  readonly service: LocalService;
  close(): void;
}

export interface SchedulerOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Nothing fires by itself; `run` still does. */
  readonly paused: boolean;
  deliver(arn: string, body: string): Promise<void>;
}

interface Entry { schedule: Schedule; next: NextMoment; due: number | undefined; cancel: () => void }

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { journal, clock } = options;
  journal.define('CREATE TABLE IF NOT EXISTS schedule (name TEXT PRIMARY KEY, expression TEXT, first INTEGER, due INTEGER) WITHOUT ROWID');
  const entries = new Map<string, Entry>();
  let started = false;

  const fire = async (schedule: Schedule, at: number): Promise<void> => {
    const id = randomUUID();
    const time = new Date(at).toISOString().replace(/\.\d+/, '');
    const standard = { version: '0', id, 'detail-type': 'Scheduled Event', source: schedule.origin, account: options.accountId, time, region: options.region, resources: [schedule.arn], detail: schedule.origin === 'aws.events' ? {} : '{}' };
    const body = schedule.input === undefined
      ? JSON.stringify(standard)
      : schedule.input.replaceAll('<aws.scheduler.scheduled-time>', time).replaceAll('<aws.scheduler.execution-id>', id).replaceAll('<aws.scheduler.schedule-arn>', schedule.arn);
    await options.deliver(schedule.targetArn, body);
  };
  const arm = (entry: Entry): void => {
    entry.cancel();
    if (!started || options.paused || !entry.schedule.enabled || entry.due === undefined) return;
    const at = entry.due;
    entry.cancel = clock.after(at - clock.now(), () => {
      const row = journal.get<{ first: number }>('SELECT first FROM schedule WHERE name = ?', entry.schedule.name);
      fire(entry.schedule, at).catch((error: unknown) => process.stderr.write(`local cloud: schedule ${entry.schedule.name}: ${String(error)}\n`));
      entry.due = entry.next(clock.now(), row?.first ?? at);
      journal.write('UPDATE schedule SET due = ? WHERE name = ?', entry.due ?? null, entry.schedule.name);
      arm(entry);
    });
  };
  const find = (name: string): Entry => {
    const entry = entries.get(name);
    if (!entry) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    return entry;
  };
  const deploy: Scheduler['deploy'] = (schedule) => {
    entries.get(schedule.name)?.cancel();
    const next = parseSchedule(schedule.expression, schedule.zone);
    const row = journal.get<{ expression: string; due: number | null }>('SELECT expression, due FROM schedule WHERE name = ?', schedule.name);
    const now = clock.now();
    // A due time missed while nothing ran is made up for once, at the start.
    const due = row?.expression === schedule.expression ? (row.due ?? undefined) : next(now, now);
    if (row?.expression !== schedule.expression) journal.write('INSERT OR REPLACE INTO schedule VALUES (?, ?, ?, ?)', schedule.name, schedule.expression, now, due ?? null);
    const entry: Entry = { schedule, next, due, cancel: () => undefined };
    entries.set(schedule.name, entry);
    arm(entry);
  };
  const shown = ({ schedule }: Entry): Record<string, unknown> => ({
    Name: schedule.name, Arn: schedule.arn, GroupName: 'default', State: schedule.enabled ? 'ENABLED' : 'DISABLED', ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.zone, FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: schedule.targetArn, RoleArn: 'arn:aws:iam::000000000000:role/local', Input: schedule.input },
  });
  const write = (name: string, body: Record<string, unknown>): Record<string, unknown> => {
    const target = body['Target'] as { Arn: string; Input?: string };
    deploy({
      name, arn: `arn:aws:scheduler:${options.region}:${options.accountId}:schedule/default/${name}`, expression: plainText(body['ScheduleExpression']), zone: plainText(body['ScheduleExpressionTimezone'] ?? 'UTC'),
      enabled: body['State'] !== 'DISABLED', targetArn: target.Arn, origin: 'aws.scheduler', ...(target.Input === undefined ? {} : { input: target.Input }),
    });
    return { ScheduleArn: find(name).schedule.arn };
  };
  const remove = (name: string): void => {
    entries.get(name)?.cancel();
    entries.delete(name);
    journal.write('DELETE FROM schedule WHERE name = ?', name);
  };
  const route = (request: AwsRequest): unknown => {
    const name = decodeURIComponent(request.path.split('/')[2] ?? '');
    const body = request.body.length > 0 ? (JSON.parse(request.body.toString('utf8')) as Record<string, unknown>) : {};
    if (!name && request.method === 'GET') return { Schedules: [...entries.values()].map(shown) };
    if (request.method === 'GET') return shown(find(name));
    if (request.method === 'POST' && entries.has(name)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    if (request.method === 'POST' || request.method === 'PUT') return write(name, body);
    if (request.method === 'DELETE') {
      remove(find(name).schedule.name);
      return {};
    }
    throw new AwsError('UnknownOperationException', `${request.method} ${request.path} is not implemented by the local cloud`, 404);
  };
  const headers = { 'content-type': 'application/json' };
  return {
    deploy,
    remove,
    run(name) {
      const byTarget = [...entries.values()].find(({ schedule }) => schedule.targetArn.endsWith(`:${name}`));
      return fire((entries.get(name) ?? byTarget ?? find(name)).schedule, clock.now());
    },
    due: () => Object.fromEntries([...entries.values()].map((entry) => [entry.schedule.name, options.paused || !entry.schedule.enabled ? undefined : entry.due])),
    start() {
      started = true;
      for (const entry of entries.values()) arm(entry);
    },
    service: {
      names: ['scheduler'],
      handle: (request) => Promise.resolve().then(() => ({ status: 200, headers, body: JSON.stringify(route(request)) })).catch((error: unknown) => jsonError(error, headers)),
      close: () => Promise.resolve(),
    },
    close() {
      for (const entry of entries.values()) entry.cancel();
    },
  };
}
