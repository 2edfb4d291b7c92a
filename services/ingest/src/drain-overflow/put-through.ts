import { NotWritten, unfit, writeAll, type Persistence, type StreamPort, type StreamRecord } from '@orderflow/shared/stream';

const persistence: Persistence = { withinMs: 10_000, attempts: 8, firstPauseMs: 50, mostPauseMs: 2_000 };

/** Codes by which Kinesis refuses a whole call for what is in it, not for how it is just now. */
const forGood = new Set(['ValidationException', 'InvalidArgumentException', 'SerializationException']);

const isForGood = (error: unknown): error is NotWritten => error instanceof NotWritten && forGood.has(error.code);

/**
 * Writes records, each key in order. What the stream would never take is handed to `aside` instead, so that it does not
 * hold up the rest. @throws NotWritten when the stream does not take the rest now
 */
export async function putThrough<R extends StreamRecord>(
  stream: StreamPort, records: readonly R[], aside: (record: R, why: string) => Promise<void>,
): Promise<void> {
  const fit: R[] = [];
  for (const record of records) {
    const why = unfit(record);
    if (why === undefined) fit.push(record);
    else await aside(record, why);
  }
  try {
    await writeAll(stream, fit, persistence);
  } catch (error) {
    if (!isForGood(error)) throw error;
    // one bad record makes Kinesis refuse the call that holds it: alone, each shows itself
    const missing = new Set<StreamRecord>(error.records);
    for (const record of fit.filter((one) => missing.has(one))) {
      try {
        await writeAll(stream, [record], { ...persistence, attempts: 2 });
      } catch (alone) {
        if (!isForGood(alone)) throw alone;
        await aside(record, `the stream refuses it: ${alone.code}`);
      }
    }
  }
}
