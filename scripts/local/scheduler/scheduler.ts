import { randomUUID } from 'node:crypto';
import type { Collection } from '../documents.ts';
import { AwsError } from '../service.ts';
import type { Firing } from '../events/firing.ts';
import { createTimetable } from '../events/timetable.ts';
import { checkSchedule, planOf, type Schedule, type ScheduleProperties } from './schedule.ts';

export interface ScheduleGroup { readonly name: string; readonly arn: string; readonly createdAt: number; readonly modifiedAt: number; readonly tags: Readonly<Record<string, string>> }

/** EventBridge Scheduler: schedules and groups on disk, and the clockwork that sends them. */
export interface Scheduler {
  /** Makes the schedule or replaces it whole; one with the same times keeps its next due time. @throws ValidationException, ResourceNotFoundException (its group) */
  define(name: string, properties: ScheduleProperties, group?: string): Schedule;
  /** @throws ResourceNotFoundException */
  remove(name: string, group?: string): void;
  /** @throws ResourceNotFoundException */
  find(name: string, group?: string): Schedule;
  has(name: string, group?: string): boolean;
  list(): Schedule[];
  defineGroup(name: string, tags?: Readonly<Record<string, string>>): ScheduleGroup;
  /** With all its schedules. @throws ResourceNotFoundException, ValidationException (the default group) */
  removeGroup(name: string): void;
  findGroup(name: string): ScheduleGroup;
  hasGroup(name: string): boolean;
  groups(): ScheduleGroup[];
  /** Fires now, by the schedule's name or its target's; the schedule's own rhythm stays. */
  run(name: string): Promise<void>;
  /** Due times in ms by name; `undefined` while paused or disabled. */
  due(): Record<string, number | undefined>;
  /** Starts the clockwork unless paused. */
  start(): void;
  close(): void;
}

/** While paused `run` still fires. */
export interface SchedulerOptions extends Firing {
  readonly schedules: Collection<Schedule>;
  readonly groups: Collection<ScheduleGroup>;
  /** Throws where the Scheduler may not assume the role of a schedule that is made or changed. */
  checkRole?(roleArn: string): void;
}

const DEFAULT_GROUP = 'default';
const accessKeyOf = ({ name, group }: Schedule): string => (group === DEFAULT_GROUP ? `scheduler.${name}` : `scheduler.${group}.${name}`);

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock, schedules, journal } = options;
  const arnOf = (kind: string, path: string): string => `arn:aws:scheduler:${options.region}:${options.accountId}:${kind}/${path}`;
  const keyOf = (name: string, group: string): string => `${group}/${name}`;
  const known = new Map(schedules.all().map(({ name, content }) => [name, content]));
  const timetable = createTimetable({
    journal, clock, paused: options.paused,
    fire(key, at, last) {
      const schedule = known.get(key);
      if (!schedule) return;
      send(schedule, at);
      if (last && schedule.properties.ActionAfterCompletion === 'DELETE') remove(schedule.name, schedule.group);
    },
  });

  /** Attributes that an input may name. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
  const send = (schedule: Schedule, at: number): void => {
    const { arn, properties: { Target: target } } = schedule;
    const id = randomUUID();
    const time = new Date(at).toISOString().replace(/\.\d+/, '');
    const standard = { version: '0', id, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', account: options.accountId, time, region: options.region, resources: [arn], detail: '{}' };
    const body = target.Input === undefined
      ? JSON.stringify(standard)
      : target.Input.replaceAll('<aws.scheduler.schedule-arn>', arn).replaceAll('<aws.scheduler.scheduled-time>', time).replaceAll('<aws.scheduler.execution-id>', id).replaceAll('<aws.scheduler.attempt-number>', '1');
    options.deliveries.add({
      id, body, at: clock.now(), target, sender: { service: 'scheduler', accessKeyId: accessKeyOf(schedule), roleArn: target.RoleArn, sourceArn: arn },
      about: { SCHEDULE_ARN: arn, SCHEDULED_TIME: time, EXECUTION_ID: id, IS_PAYLOAD_TRUNCATED: 'false' },
    });
  };
  const arm = (schedule: Schedule): void => {
    const key = keyOf(schedule.name, schedule.group);
    options.actsAs(accessKeyOf(schedule), schedule.properties.Target.RoleArn);
    if (schedule.properties.State === 'DISABLED') timetable.delete(key);
    else timetable.set(key, planOf(schedule.properties));
  };
  const find: Scheduler['find'] = (name, group = DEFAULT_GROUP) => {
    const schedule = known.get(keyOf(name, group));
    if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    return schedule;
  };
  const remove: Scheduler['remove'] = (name, group = DEFAULT_GROUP) => {
    const key = keyOf(find(name, group).name, group);
    timetable.delete(key);
    known.delete(key);
    schedules.remove(key);
  };
  const findGroup: Scheduler['findGroup'] = (name) => {
    const group = options.groups.get(name);
    if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
    return group;
  };
  const defineGroup: Scheduler['defineGroup'] = (name, tags = {}) => {
    const group: ScheduleGroup = { name, arn: arnOf('schedule-group', name), createdAt: options.groups.get(name)?.createdAt ?? clock.now(), modifiedAt: clock.now(), tags };
    options.groups.put(name, group);
    return group;
  };
  if (!options.groups.get(DEFAULT_GROUP)) defineGroup(DEFAULT_GROUP);
  for (const schedule of known.values()) arm(schedule);

  return {
    define(name, properties, group = DEFAULT_GROUP) {
      checkSchedule(name, properties);
      findGroup(group);
      options.checkRole?.(properties.Target.RoleArn);
      const key = keyOf(name, group);
      const schedule: Schedule = { name, group, arn: arnOf('schedule', key), createdAt: known.get(key)?.createdAt ?? clock.now(), modifiedAt: clock.now(), properties };
      known.set(key, schedule);
      schedules.put(key, schedule);
      arm(schedule);
      return schedule;
    },
    remove,
    find,
    has: (name, group = DEFAULT_GROUP) => known.has(keyOf(name, group)),
    list: () => [...known.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    defineGroup,
    removeGroup(name) {
      if (name === DEFAULT_GROUP) throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
      findGroup(name);
      for (const schedule of [...known.values()]) if (schedule.group === name) remove(schedule.name, name);
      options.groups.remove(name);
    },
    findGroup,
    hasGroup: (name) => options.groups.get(name) !== undefined,
    groups: () => options.groups.all().map(({ content }) => content),
    async run(name) {
      const byTarget = [...known.values()].find(({ properties }) => properties.Target.Arn.endsWith(`:${name}`));
      const byName = [...known.values()].find((schedule) => schedule.name === name);
      send(byName ?? byTarget ?? find(name), clock.now());
      await journal.committed();
    },
    due: () => Object.fromEntries([...known.values()].map(({ name, group }) => [group === DEFAULT_GROUP ? name : keyOf(name, group), timetable.due(keyOf(name, group))])),
    start: () => timetable.start(),
    close: () => timetable.close(),
  };
}
