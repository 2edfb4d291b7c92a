import { AwsError } from '../service.ts';
import type { LogFile } from './log-file.ts';

interface GivenEvent { readonly timestamp: number; readonly message: string }

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_BATCH = 10_000;
const MOST_BATCH_BYTES = 1_048_576;
/** Added for each event when a batch is measured. */
const EVENT_BYTES = 26;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export function putLogEvents(file: LogFile, group: string, stream: string, events: readonly GivenEvent[], now = Date.now()): Record<string, unknown> {
  if (events.length === 0 || events.length > MOST_BATCH) throw invalid(`1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and ${MOST_BATCH}`);
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + EVENT_BYTES, 0);
  if (bytes > MOST_BATCH_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BATCH_BYTES}`);
  for (const [at, event] of events.entries()) {
    if (event.message === '') throw invalid("1 validation error detected: Value '' at 'logEvents.message' failed to satisfy constraint: Member must have length greater than or equal to 1");
    if (event.timestamp < (events[at - 1]?.timestamp ?? 0)) throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > DAY_MS) throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  const days = file.group(group)?.retention_days ?? null;
  const oldest = now - 14 * DAY_MS;
  const expired = days === null ? 0 : now - days * DAY_MS;
  const newest = now + 2 * HOUR_MS;
  const taken = events.filter(({ timestamp }) => timestamp >= oldest && timestamp >= expired && timestamp <= newest);
  for (const event of taken) file.append(group, stream, event.message, event.timestamp);
  file.flush();
  const rejected = {
    ...count('tooOldLogEventEndIndex', events.filter(({ timestamp }) => timestamp < oldest).length),
    ...count('expiredLogEventEndIndex', events.filter(({ timestamp }) => timestamp < expired && timestamp >= oldest).length),
    ...(events.some(({ timestamp }) => timestamp > newest) ? { tooNewLogEventStartIndex: events.findIndex(({ timestamp }) => timestamp > newest) } : {}),
  };
  return { nextSequenceToken: '0', ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}) };
}

const count = (name: string, number: number): Record<string, number> => (number > 0 ? { [name]: number } : {});
