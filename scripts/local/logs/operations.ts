import { text } from '../fields.ts';
import { AwsError, type JsonOperation } from '../service.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { putLogEvents } from './put-log-events.ts';
import { filterLogEvents, getLogEvents } from './reads.ts';
import type { Group, LogFile, Stream } from './log-file.ts';

type Input = Record<string, unknown>;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
const notFound = (what: string): AwsError => new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);

/** Part of a list by `limit` and `nextToken`, which is the name of the last one. */
function page<T extends { readonly name: string }>(items: readonly T[], input: Input, most = 50): { items: readonly T[]; nextToken?: string } {
  const token = text(input, 'nextToken');
  const from = token === '' ? 0 : items.findIndex((item) => item.name === Buffer.from(token, 'base64url').toString()) + 1;
  const chosen = items.slice(from, from + Math.min(Number(input['limit'] ?? most), most));
  const last = chosen.at(-1);
  return { items: chosen, ...(last && last !== items.at(-1) ? { nextToken: Buffer.from(last.name).toString('base64url') } : {}) };
}

/** Log groups, streams, events, retention and tags. */
export function logOperations(file: LogFile, region: string, accountId: string): Readonly<Record<string, JsonOperation>> {
  const arnOf = (name: string): string => `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
  const groupIn = (input: Input): Group => {
    const name = text(input, 'logGroupName', text(input, 'logGroupIdentifier', text(input, 'resourceArn'))).replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
    if (name === '') throw invalid('Either logGroupName or logGroupIdentifier must be given.');
    const group = file.group(name);
    if (!group) throw notFound('log group');
    return group;
  };
  const streamIn = (input: Input): Stream => {
    const name = text(input, 'logStreamName');
    const stream = file.streams(groupIn(input).name, name).find((each) => each.name === name);
    if (!stream) throw notFound('log stream');
    return stream;
  };
  const tagsOf = (group: Group): Record<string, string> => JSON.parse(group.tags) as Record<string, string>;
  const shownGroup = (group: Group): Input => ({
    logGroupName: group.name, creationTime: group.made_at, retentionInDays: group.retention_days ?? undefined, metricFilterCount: 0, arn: `${arnOf(group.name)}:*`, logGroupArn: arnOf(group.name), storedBytes: 0, logGroupClass: 'STANDARD',
  });
  const tag = (input: Input): void => file.setTags(groupIn(input).name, { ...tagsOf(groupIn(input)), ...(input['tags'] as Record<string, string>) });
  const untag = (input: Input, keys: unknown): void => {
    const group = groupIn(input);
    file.setTags(group.name, Object.fromEntries(Object.entries(tagsOf(group)).filter(([key]) => !(keys as string[]).includes(key))));
  };
  const tags = (input: Input): Input => ({ tags: tagsOf(groupIn(input)) });

  return {
    CreateLogGroup(input) {
      const name = text(input, 'logGroupName');
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`);
      if (file.group(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      file.ensureGroup(name);
      if (input['tags']) file.setTags(name, input['tags'] as Record<string, string>);
    },
    DeleteLogGroup: (input) => file.removeGroup(groupIn(input).name),
    DescribeLogGroups(input) {
      const part = text(input, 'logGroupNamePattern').toLowerCase();
      const { items, nextToken } = page(file.groups(text(input, 'logGroupNamePrefix')).filter((group) => group.name.toLowerCase().includes(part)), input);
      return { logGroups: items.map(shownGroup), nextToken };
    },
    PutRetentionPolicy(input) {
      const days = Number(input['retentionInDays']);
      if (!RETENTION_DAYS.includes(days)) throw invalid(`1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`);
      file.setRetention(groupIn(input).name, days);
    },
    DeleteRetentionPolicy: (input) => file.setRetention(groupIn(input).name, null),

    CreateLogStream(input) {
      const name = text(input, 'logStreamName');
      if (!/^[^:*]{1,512}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`);
      if (!file.addStream(groupIn(input).name, name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    },
    DeleteLogStream: (input) => file.removeStream(groupIn(input).name, streamIn(input).name),
    DescribeLogStreams(input) {
      const { name } = groupIn(input);
      const byTime = input['orderBy'] === 'LastEventTime';
      if (byTime && text(input, 'logStreamNamePrefix')) throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const all = file.streams(name, text(input, 'logStreamNamePrefix'));
      if (byTime) all.sort((a, b) => (a.last ?? a.made_at) - (b.last ?? b.made_at));
      if (input['descending'] === true) all.reverse();
      const { items, nextToken } = page(all, input);
      return {
        logStreams: items.map((stream) => ({
          logStreamName: stream.name, creationTime: stream.made_at, arn: `${arnOf(name)}:log-stream:${stream.name}`, storedBytes: 0,
          ...(stream.first === null ? {} : { firstEventTimestamp: stream.first, lastEventTimestamp: stream.last, lastIngestionTime: stream.last, uploadSequenceToken: '0' }),
        })),
        nextToken,
      };
    },
    PutLogEvents: (input) => putLogEvents(file, groupIn(input).name, streamIn(input).name, (input['logEvents'] ?? []) as { timestamp: number; message: string }[]),
    FilterLogEvents: (input) => filterLogEvents(file, groupIn(input).name, input),
    GetLogEvents: (input) => getLogEvents(file, groupIn(input).name, streamIn(input), input),
    TestMetricFilter(input) {
      const matches = compileFilterPattern(text(input, 'filterPattern'));
      return { matches: (input['logEventMessages'] as string[]).flatMap((eventMessage, at) => (matches(eventMessage) ? [{ eventNumber: at + 1, eventMessage, extractedValues: {} }] : [])) };
    },
    StartLiveTail() {
      process.stderr.write('local cloud: logs has no StartLiveTail\n');
      throw new AwsError('InvalidOperationException', 'StartLiveTail is not here: follow a group with `aws logs tail GROUP --follow`');
    },

    TagLogGroup: tag,
    TagResource: tag,
    UntagLogGroup: (input) => untag(input, input['tags']),
    UntagResource: (input) => untag(input, input['tagKeys']),
    ListTagsLogGroup: tags,
    ListTagsForResource: tags,
  };
}
