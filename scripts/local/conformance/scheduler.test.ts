import {
  CreateScheduleCommand, CreateScheduleGroupCommand, DeleteScheduleCommand, DeleteScheduleGroupCommand, GetScheduleCommand, GetScheduleGroupCommand, ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient, UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { makeRole, removeRole } from './role.ts';
import { conformanceTarget, type ConformanceTarget } from './target.ts';
import { failsWith, until } from './until.ts';

jest.setTimeout(60_000);

describe('EventBridge Scheduler', () => {
  let target: ConformanceTarget;
  let scheduler: SchedulerClient;
  let sqs: SQSClient;
  let role: string;
  let RoleArn: string;
  let queueArn: string;
  const queues: string[] = [];

  const queue = async (): Promise<{ url: string; arn: string }> => {
    const url = (await sqs.send(new CreateQueueCommand({ QueueName: target.unique('queue') }))).QueueUrl!;
    queues.push(url);
    return { url, arn: (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }))).Attributes!['QueueArn']! };
  };
  const message = (url: string): Promise<Message> => until(async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] }))).Messages?.[0]);
  const schedule = async (more: Partial<CreateScheduleCommandInput> = {}): Promise<string> => {
    const Name = target.unique('schedule');
    await scheduler.send(new CreateScheduleCommand({ Name, ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' }, State: 'DISABLED', Target: { Arn: queueArn, RoleArn }, ...more }));
    return Name;
  };
  /** A moment as at() writes it. */
  const inSeconds = (seconds: number): string => `at(${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)})`;

  beforeAll(async () => {
    target = await conformanceTarget();
    scheduler = new SchedulerClient(target.client);
    sqs = new SQSClient(target.client);
    role = target.unique('role');
    RoleArn = await makeRole(target, role, ['scheduler.amazonaws.com'], ['sqs:SendMessage']);
    queueArn = (await queue()).arn;
  });
  afterAll(async () => {
    for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await removeRole(target, role);
    await target.close();
  });

  it('keeps schedules: made once, got, changed whole, listed, deleted', async () => {
    const EndDate = new Date('2100-01-01T00:00:00Z');
    const Name = await schedule({ Description: 'about', ScheduleExpression: 'cron(0 9 ? * MON-FRI *)', ScheduleExpressionTimezone: 'Europe/London', EndDate, Target: { Arn: queueArn, RoleArn, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 3 } } });
    await expect(scheduler.send(new CreateScheduleCommand({ Name, ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: queueArn, RoleArn } }))).rejects.toMatchObject({ name: 'ConflictException' });
    expect(await scheduler.send(new GetScheduleCommand({ Name }))).toMatchObject({
      Name, GroupName: 'default', State: 'DISABLED', Description: 'about', ScheduleExpression: 'cron(0 9 ? * MON-FRI *)', ScheduleExpressionTimezone: 'Europe/London', EndDate, ActionAfterCompletion: 'NONE', FlexibleTimeWindow: { Mode: 'OFF' },
      Arn: expect.stringMatching(`:schedule/default/${Name}$`) as string, CreationDate: expect.any(Date) as Date, Target: { Arn: queueArn, RoleArn, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 3 } },
    });
    await scheduler.send(new UpdateScheduleCommand({ Name, ScheduleExpression: 'rate(2 hours)', FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 }, State: 'DISABLED', Target: { Arn: queueArn, RoleArn } }));
    const changed = await scheduler.send(new GetScheduleCommand({ Name }));
    expect(changed).toMatchObject({ ScheduleExpression: 'rate(2 hours)', ScheduleExpressionTimezone: 'UTC', FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } });
    expect([changed.Description, changed.EndDate]).toEqual([undefined, undefined]);
    expect((await scheduler.send(new ListSchedulesCommand({ NamePrefix: Name }))).Schedules).toEqual([expect.objectContaining({ Name, GroupName: 'default', State: 'DISABLED', Target: { Arn: queueArn } })]);
    await scheduler.send(new DeleteScheduleCommand({ Name }));
    await expect(scheduler.send(new GetScheduleCommand({ Name }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(scheduler.send(new DeleteScheduleCommand({ Name }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps groups, whose schedules go with them, and lists in pages', async () => {
    const Group = target.unique('group');
    await scheduler.send(new CreateScheduleGroupCommand({ Name: Group }));
    await expect(scheduler.send(new CreateScheduleGroupCommand({ Name: Group }))).rejects.toMatchObject({ name: 'ConflictException' });
    for (let n = 0; n < 3; n += 1) await schedule({ GroupName: Group });
    const first = await scheduler.send(new ListSchedulesCommand({ GroupName: Group, MaxResults: 2 }));
    const second = await scheduler.send(new ListSchedulesCommand({ GroupName: Group, MaxResults: 2, NextToken: first.NextToken }));
    expect([first.Schedules!.length, second.Schedules!.length, second.NextToken]).toEqual([2, 1, undefined]);
    expect(await scheduler.send(new GetScheduleGroupCommand({ Name: Group }))).toMatchObject({ Name: Group, State: 'ACTIVE' });
    expect((await scheduler.send(new ListScheduleGroupsCommand({ NamePrefix: Group }))).ScheduleGroups).toHaveLength(1);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: Group }));
    await until(() => failsWith('ResourceNotFoundException', scheduler.send(new GetScheduleCommand({ Name: first.Schedules![0]!.Name, GroupName: Group }))));
    await expect(schedule({ GroupName: target.unique('none') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each<[string, Partial<CreateScheduleCommandInput>]>([
    ['an expression', { ScheduleExpression: 'every(5 minutes)' }],
    ['a rate in the wrong number', { ScheduleExpression: 'rate(5 minute)' }],
    ['a cron with both days', { ScheduleExpression: 'cron(0 9 1 * MON *)' }],
    ['a moment', { ScheduleExpression: 'at(2026-13-01T00:00:00)' }],
    ['a time zone', { ScheduleExpressionTimezone: 'Europe/Nowhere' }],
    ['a window without a length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
    ['an end before the start', { StartDate: new Date('2090-01-02'), EndDate: new Date('2090-01-01') }],
    ['a name', { Name: 'a b' }],
  ])('refuses %s', async (_what, more) => {
    await expect(schedule(more)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('fires once at its moment, says when and which, and is gone if it is to be', async () => {
    const { url, arn } = await queue();
    const Input = JSON.stringify({ at: '<aws.scheduler.scheduled-time>', id: '<aws.scheduler.execution-id>', arn: '<aws.scheduler.schedule-arn>', try: '<aws.scheduler.attempt-number>' });
    const moment = inSeconds(2);
    const Name = await schedule({ State: 'ENABLED', ScheduleExpression: moment, ActionAfterCompletion: 'DELETE', Target: { Arn: arn, RoleArn, Input } });
    const { Body } = await message(url);
    expect(JSON.parse(Body!)).toMatchObject({ at: `${moment.slice(3, -1)}Z`, id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, arn: expect.stringMatching(`:schedule/default/${Name}$`) as string, try: '1' });
    await until(() => failsWith('ResourceNotFoundException', scheduler.send(new GetScheduleCommand({ Name }))));
  });

  it('starts a rate at once, and puts what it cannot deliver into the dead-letter queue', async () => {
    const dead = await queue();
    const Name = await schedule({ State: 'ENABLED', ScheduleExpression: 'rate(1 hour)', Target: { Arn: `${queueArn}-gone`, RoleArn, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 0 }, DeadLetterConfig: { Arn: dead.arn } } });
    const { Body, MessageAttributes = {} } = await message(dead.url);
    expect(JSON.parse(Body!)).toEqual({ a: 1 });
    expect(Object.fromEntries(Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]))).toMatchObject({ TARGET_ARN: `${queueArn}-gone`, SCHEDULE_ARN: expect.stringMatching(`/${Name}$`) as string, ERROR_CODE: expect.any(String) as string, SCHEDULED_TIME: expect.any(String) as string });
    await scheduler.send(new DeleteScheduleCommand({ Name }));
  });
});
