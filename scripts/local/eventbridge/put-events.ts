import { randomUUID } from 'node:crypto';
import { AwsError } from '../service.ts';
import type { EventBridge } from './event-bridge.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export interface PutEntry { readonly Source?: string; readonly DetailType?: string; readonly Detail?: string; readonly EventBusName?: string; readonly Time?: number; readonly Resources?: readonly string[] }

interface Refused { readonly ErrorCode: string; readonly ErrorMessage: string }

const MOST_ENTRIES = 10;
const MOST_BYTES = 1024 * 1024;

/** Why an entry is not taken. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
function problemOf(entry: PutEntry): Refused | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) if (!entry[name]) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
  if (entry.Source?.startsWith('aws.')) return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  try {
    const detail: unknown = JSON.parse(entry.Detail ?? '');
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // no JSON: told below
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

/** Takes the entries that are well formed; what matches is written down when this resolves. */
export async function putEvents(bridge: EventBridge, entries: readonly PutEntry[]): Promise<{ FailedEntryCount: number; Entries: readonly (Refused | { readonly EventId: string })[] }> {
  if (entries.length === 0 || entries.length > MOST_ENTRIES) throw new AwsError('ValidationException', `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`);
  if (entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0) > MOST_BYTES) throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  const answers = await Promise.all(entries.map(async (entry) => {
    const problem = problemOf(entry);
    if (problem) return problem;
    const id = randomUUID();
    await bridge.emit({
      id, 'detail-type': entry.DetailType ?? '', source: entry.Source ?? '', detail: JSON.parse(entry.Detail ?? '{}') as unknown, resources: entry.Resources ?? [],
      ...(entry.Time === undefined ? {} : { time: new Date(entry.Time * 1000).toISOString().replace(/\.\d+/, '') }),
    }, entry.EventBusName ?? 'default');
    return { EventId: id };
  }));
  return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
}
