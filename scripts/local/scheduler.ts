import { restProtocol, type RestTable } from './rest-protocol.ts';
import { AwsError, type LocalService } from './service.ts';
import { momentOf, NAME, type Schedule, type ScheduleProperties } from './scheduler/schedule.ts';
import type { ScheduleGroup, Scheduler } from './scheduler/scheduler.ts';
import { optionalText } from './fields.ts';

const PROPERTIES = ['ScheduleExpression', 'ScheduleExpressionTimezone', 'FlexibleTimeWindow', 'Target', 'State', 'Description', 'StartDate', 'EndDate', 'ActionAfterCompletion', 'KmsKeyArn'] as const;

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

function propertiesIn(input: Record<string, unknown>): ScheduleProperties {
  return Object.fromEntries(PROPERTIES.flatMap((name) => (input[name] === undefined || input[name] === null ? [] : [[name, input[name]]]))) as unknown as ScheduleProperties;
}

function shown({ name, group, arn, createdAt, modifiedAt, properties }: Schedule): Record<string, unknown> {
  return {
    ActionAfterCompletion: 'NONE', ScheduleExpressionTimezone: 'UTC', State: 'ENABLED', ...properties,
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }, ...properties.Target },
    StartDate: seconds(momentOf(properties.StartDate)), EndDate: seconds(momentOf(properties.EndDate)),
    Name: name, GroupName: group, Arn: arn, CreationDate: seconds(createdAt), LastModificationDate: seconds(modifiedAt),
  };
}

const brief = ({ name, group, arn, createdAt, modifiedAt, properties }: Schedule): Record<string, unknown> =>
  ({ Arn: arn, CreationDate: seconds(createdAt), GroupName: group, LastModificationDate: seconds(modifiedAt), Name: name, State: properties.State ?? 'ENABLED', Target: { Arn: properties.Target.Arn } });

const groupShown = (group: ScheduleGroup): Record<string, unknown> =>
  ({ Arn: group.arn, CreationDate: seconds(group.createdAt), LastModificationDate: seconds(group.modifiedAt), Name: group.name, State: 'ACTIVE' });

/** One page; the token is the name after which it goes on. */
function page<T>(items: readonly T[], nameOf: (item: T) => string, query: URLSearchParams): { items: readonly T[]; NextToken?: string } {
  const size = Number(query.get('MaxResults') ?? 100);
  if (!(size >= 1 && size <= 100)) throw new AwsError('ValidationException', `MaxResults ${size} is not between 1 and 100`);
  const token = query.get('NextToken');
  const after = token === null ? undefined : Buffer.from(token, 'base64url').toString();
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after);
  const last = rest[size - 1];
  return { items: rest.slice(0, size), ...(last && rest.length > size ? { NextToken: Buffer.from(nameOf(last)).toString('base64url') } : {}) };
}

const tagsIn = (input: Record<string, unknown>): Record<string, string> => Object.fromEntries(((input['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));

/** The EventBridge Scheduler API. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export function schedulerService(scheduler: Scheduler): LocalService {
  const groupOfArn = (arn: string): ScheduleGroup => scheduler.findGroup(/:schedule-group\/([^/]+)$/.exec(arn)?.[1] ?? arn);
  const table: RestTable = {
    'GET /schedules': ['ListSchedules', (_parts, _input, { query }) => {
      const [group, prefix, state] = [query.get('ScheduleGroup'), query.get('NamePrefix') ?? '', query.get('State')];
      if (group !== null) scheduler.findGroup(group);
      const all = scheduler.list().filter((each) => (group === null || each.group === group) && each.name.startsWith(prefix) && (state === null || (each.properties.State ?? 'ENABLED') === state));
      const { items, ...more } = page(all, ({ name, group: of }) => `${name}/${of}`, query);
      return { Schedules: items.map(brief), ...more };
    }],
    'GET /schedules/{name}': ['GetSchedule', ({ name = '' }, _input, { query }) => shown(scheduler.find(name, query.get('groupName') ?? undefined))],
    'POST /schedules/{name}': ['CreateSchedule', ({ name = '' }, input) => {
      const group = optionalText(input, 'GroupName');
      if (scheduler.has(name, group)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
      return { ScheduleArn: scheduler.define(name, propertiesIn(input), group).arn };
    }],
    'PUT /schedules/{name}': ['UpdateSchedule', ({ name = '' }, input) => {
      const group = optionalText(input, 'GroupName');
      scheduler.find(name, group);
      return { ScheduleArn: scheduler.define(name, propertiesIn(input), group).arn };
    }],
    'DELETE /schedules/{name}': ['DeleteSchedule', ({ name = '' }, _input, { query }) => scheduler.remove(name, query.get('groupName') ?? undefined)],
    'GET /schedule-groups': ['ListScheduleGroups', (_parts, _input, { query }) => {
      const { items, ...more } = page(scheduler.groups().filter(({ name }) => name.startsWith(query.get('NamePrefix') ?? '')), ({ name }) => name, query);
      return { ScheduleGroups: items.map(groupShown), ...more };
    }],
    'GET /schedule-groups/{name}': ['GetScheduleGroup', ({ name = '' }) => groupShown(scheduler.findGroup(name))],
    'POST /schedule-groups/{name}': ['CreateScheduleGroup', ({ name = '' }, input) => {
      if (!NAME.test(name)) throw new AwsError('ValidationException', `Schedule group name ${name} is not valid`);
      if (scheduler.hasGroup(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
      return { ScheduleGroupArn: scheduler.defineGroup(name, tagsIn(input)).arn };
    }],
    'DELETE /schedule-groups/{name}': ['DeleteScheduleGroup', ({ name = '' }) => scheduler.removeGroup(name)],
    'GET /tags/{arn+}': ['ListTagsForResource', ({ arn = '' }) => ({ Tags: Object.entries(groupOfArn(arn).tags).map(([Key, Value]) => ({ Key, Value })) })],
    'POST /tags/{arn+}': ['TagResource', ({ arn = '' }, input) => {
      const group = groupOfArn(arn);
      scheduler.defineGroup(group.name, { ...group.tags, ...tagsIn(input) });
    }],
    'DELETE /tags/{arn+}': ['UntagResource', ({ arn = '' }, _input, { query }) => {
      const group = groupOfArn(arn);
      const gone = query.getAll('TagKeys');
      scheduler.defineGroup(group.name, Object.fromEntries(Object.entries(group.tags).filter(([key]) => !gone.includes(key))));
    }],
  };
  return { ...restProtocol(['scheduler'], table), close: () => Promise.resolve() };
}
