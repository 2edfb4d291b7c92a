import { AwsError } from '../service.ts';
import { text } from '../fields.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import type { LogEvent, LogFile, Place, Span, Stream } from './log-file.ts';

type Input = Readonly<Record<string, unknown>>;

const MOST_EVENTS = 10_000;
/** Events that one call looks at; what is left is behind the token, as on AWS. */
const MOST_LOOKED_AT = 10_000;
const MOST_PAGE_BYTES = 1_048_576;
const START: Place = { at: -1, id: 0 };
const END: Place = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
const encode = ({ at, id }: Place): string => `${String(at).padStart(20, '0')}${String(id).padStart(36, '0')}`;

function placeIn(token: string): Place {
  if (!/^\d{56}$/.test(token)) throw invalid('The specified nextToken is invalid.');
  return { at: Number(token.slice(0, 20)), id: Number(token.slice(20)) };
}

function limitIn(input: Input): number {
  const limit = Number(input['limit'] ?? MOST_EVENTS);
  if (!(limit >= 1 && limit <= MOST_EVENTS)) throw invalid(`1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${MOST_EVENTS}`);
  return limit;
}

/** Events of a group in time order. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export function filterLogEvents(file: LogFile, group: string, input: Input): Input {
  const names = input['logStreamNames'] as string[] | undefined;
  const prefix = text(input, 'logStreamNamePrefix');
  if (names && prefix) throw invalid('Only one of logStreamNames and logStreamNamePrefix may be given.');
  const limit = limitIn(input);
  const matches = compileFilterPattern(text(input, 'filterPattern'));
  const chosen = names || prefix ? file.streams(group, prefix).filter((stream) => !names || names.includes(stream.name)) : undefined;
  const missing = names?.find((name) => !chosen?.some((stream) => stream.name === name));
  if (missing !== undefined) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  const span: Span = { from: Number(input['startTime'] ?? 0), to: Number(input['endTime'] ?? Number.MAX_SAFE_INTEGER - 1) + 1 };
  const found: LogEvent[] = [];
  let last = text(input, 'nextToken') ? placeIn(text(input, 'nextToken')) : START;
  let looked = 0;
  let bytes = 0;
  let more = false;
  for (const event of file.events(group, chosen?.map((stream) => stream.id), span, last, MOST_LOOKED_AT)) {
    looked += 1;
    const wanted = matches(event.message);
    if (wanted && found.length > 0 && (bytes += event.message.length + 26) > MOST_PAGE_BYTES) {
      more = true;
      break;
    }
    last = event;
    if (wanted) found.push(event);
    if (found.length === limit) {
      more = true;
      break;
    }
  }
  return {
    events: found.map((event) => ({ logStreamName: event.stream, timestamp: event.at, message: event.message, ingestionTime: event.took_at, eventId: encode(event) })),
    searchedLogStreams: [], ...(more || looked === MOST_LOOKED_AT ? { nextToken: encode(last) } : {}),
  };
}

/** Events of a stream, paged both ways. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
export function getLogEvents(file: LogFile, group: string, stream: Stream, input: Input): Input {
  const [, direction, token] = /^([fb])\/(.*)\/s$/.exec(text(input, 'nextToken')) ?? [];
  if (text(input, 'nextToken') && direction === undefined) throw invalid('The specified nextToken is invalid.');
  const forward = direction === 'f' || (direction === undefined && input['startFromHead'] === true);
  const from = token === undefined ? (forward ? START : END) : placeIn(token);
  const span: Span = { from: Number(input['startTime'] ?? 0), to: Number(input['endTime'] ?? Number.MAX_SAFE_INTEGER) };
  const events: LogEvent[] = [];
  let bytes = 0;
  for (const event of file.events(group, [stream.id], span, from, limitIn(input), !forward)) {
    if (events.length > 0 && (bytes += event.message.length + 26) > MOST_PAGE_BYTES) break;
    events.push(event);
  }
  if (!forward) events.reverse();
  // at the end the token stays the one that was given
  const last = events.at(-1) ?? (forward || token !== undefined ? from : START);
  const first = events[0] ?? from;
  return {
    events: events.map((event) => ({ timestamp: event.at, message: event.message, ingestionTime: event.took_at })),
    nextForwardToken: `f/${encode(last)}/s`, nextBackwardToken: `b/${encode(first)}/s`,
  };
}
