import { patient, type Persistence } from './batcher-limits.ts';
import { batcher } from './batcher.ts';
import { NotWritten, type StreamPort, type StreamRecord } from './record.ts';

/**
 * Writes all records, several calls at once, each key in order. Returns when every one is durable.
 * @throws NotWritten with what is still missing after the last attempt.
 */
export async function writeAll(stream: StreamPort, records: readonly StreamRecord[], persistence: Persistence = patient): Promise<void> {
  const many = batcher(stream, { ...persistence, lingerMs: 0, waitingBytes: Number.POSITIVE_INFINITY });
  const settled = await Promise.allSettled(records.map((record) => many.write(record)));
  const missing: StreamRecord[] = [];
  let code = 'Unknown';
  settled.forEach((one, at) => {
    const record = records[at];
    if (one.status === 'fulfilled' || !record) return;
    missing.push(record);
    if (missing.length === 1 && one.reason instanceof NotWritten) code = one.reason.code;
  });
  if (missing.length > 0) throw new NotWritten(missing, code);
}
