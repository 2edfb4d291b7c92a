import {
  CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, DeleteLogGroupCommand, DeleteLogStreamCommand, DeleteRetentionPolicyCommand, DescribeLogGroupsCommand, DescribeLogStreamsCommand, FilterLogEventsCommand,
  GetLogEventsCommand, ListTagsForResourceCommand, PutLogEventsCommand, PutRetentionPolicyCommand, StartQueryCommand, TagResourceCommand, UntagResourceCommand, paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

describe('CloudWatch Logs', () => {
  let target: ConformanceTarget;
  let logs: CloudWatchLogsClient;
  let group: string;
  const now = Date.now() - 60_000;

  const make = async (): Promise<string> => {
    const logGroupName = target.unique('/conformance/group');
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { a: '1' } }));
    return logGroupName;
  };
  const put = async (logStreamName: string, ...messages: string[]) => {
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName })).catch(() => undefined);
    return logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents: messages.map((message, at) => ({ message, timestamp: now + at * 10 })) }));
  };
  const filter = async (more: object = {}): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName: group, ...more })) found.push(...(page.events ?? []).map((event) => event.message));
    return found;
  };

  beforeAll(async () => {
    target = await conformanceTarget();
    logs = new CloudWatchLogsClient({ ...target.client, maxAttempts: 1 });
    group = await make();
  });
  afterAll(async () => {
    await logs.send(new DeleteLogGroupCommand({ logGroupName: group })).catch(() => undefined);
    logs.destroy();
    await target.close();
  });

  it('makes, shows and removes groups and streams', async () => {
    const logGroupName = await make();
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    const shown = async () => (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups?.[0];
    expect(await shown()).toMatchObject({ logGroupName, arn: expect.stringMatching(/:log-group:.+:\*$/) as unknown });
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    expect((await shown())?.retentionInDays).toBe(7);
    await expect(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 8 }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect((await shown())?.retentionInDays).toBeUndefined();

    for (const logStreamName of ['b', 'a', 'c']) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await expect(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'a' }))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    const streams = async (more: object = {}) => {
      const { logStreams, nextToken } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, ...more }));
      return { names: logStreams?.map((each) => each.logStreamName), nextToken };
    };
    expect((await streams()).names).toEqual(['a', 'b', 'c']);
    const first = await streams({ limit: 2 });
    expect(first.names).toEqual(['a', 'b']);
    expect((await streams({ limit: 2, nextToken: first.nextToken })).names).toEqual(['c']);
    expect((await streams({ logStreamNamePrefix: 'b' })).names).toEqual(['b']);
    await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'b' }));
    expect((await streams({ descending: true })).names).toEqual(['c', 'a']);
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await expect(streams()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('filters events of all streams by time, stream and pattern', async () => {
    await put('one', 'START', '{"level":"ERROR","n":5}', '{"level":"INFO","n":7}');
    await put('two', 'plain ERROR text');
    expect((await filter()).slice().sort()).toEqual(['START', 'plain ERROR text', '{"level":"ERROR","n":5}', '{"level":"INFO","n":7}']);
    expect((await filter({ filterPattern: 'ERROR' })).slice().sort()).toEqual(['plain ERROR text', '{"level":"ERROR","n":5}']);
    expect(await filter({ filterPattern: '{ $.level = "ERROR" && $.n > 1 }' })).toEqual(['{"level":"ERROR","n":5}']);
    expect((await filter({ filterPattern: '?START ?plain' })).slice().sort()).toEqual(['START', 'plain ERROR text']);
    expect(await filter({ filterPattern: '"ERROR text" -START' })).toEqual(['plain ERROR text']);
    expect(await filter({ logStreamNames: ['two'] })).toEqual(['plain ERROR text']);
    expect(await filter({ startTime: now + 20 })).toEqual(['{"level":"INFO","n":7}']);
    expect(await filter({ logStreamNamePrefix: 'one', limit: 1 })).toEqual(['START', '{"level":"ERROR","n":5}', '{"level":"INFO","n":7}']);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: group }));
    expect(new Set(events?.map((event) => event.eventId)).size).toBe(4);
    await expect(filter({ filterPattern: '{ $.level = }' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.send(new FilterLogEventsCommand({ logGroupName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('reads a stream forwards and backwards', async () => {
    await put('pages', '1', '2', '3', '4', '5');
    const get = async (more: object) => {
      const { events, nextForwardToken, nextBackwardToken } = await logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 'pages', ...more }));
      return { events: events?.map((event) => event.message).join(''), nextForwardToken, nextBackwardToken };
    };
    const last = await get({ limit: 2 });
    expect(last.events).toBe('45');
    expect((await get({ limit: 2, nextToken: last.nextBackwardToken })).events).toBe('23');
    const head = await get({ limit: 3, startFromHead: true });
    expect(head.events).toBe('123');
    const rest = await get({ startFromHead: true, nextToken: head.nextForwardToken });
    expect(rest.events).toBe('45');
    const end = await get({ startFromHead: true, nextToken: rest.nextForwardToken });
    expect([end.events, end.nextForwardToken]).toEqual(['', rest.nextForwardToken]);
  });

  it('refuses wrong batches and names what it did not take', async () => {
    await put('batches', 'x');
    const send = (...timestamps: number[]) => logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'batches', logEvents: timestamps.map((timestamp) => ({ timestamp, message: 'm' })) }));
    await expect(send(now, now - 1)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect((await send(Date.now() - 20 * 86_400_000)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect((await send(Date.now() + 3 * 3_600_000)).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 0 });
    await expect(logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'none', logEvents: [{ timestamp: now, message: 'm' }] }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps tags', async () => {
    const [shown] = (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }))).logGroups ?? [];
    const resourceArn = shown?.arn?.replace(/:\*$/, '');
    await logs.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2' });
  });

  it('refuses what it does not have', async () => {
    if (!target.own) return;
    await expect(logs.send(new StartQueryCommand({ logGroupName: group, startTime: 0, endTime: 1, queryString: 'fields @message' }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
