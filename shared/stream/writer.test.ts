import fc from 'fast-check';
import { memoryStream } from '@orderflow/shared/testing';
import { batcher } from './batcher.ts';
import { cutIntoCalls, mostBytes, mostRecords, NotWritten, writeAll, type StreamRecord } from './writer.ts';

const record = (partitionKey: string, text = 'x'): StreamRecord => ({ partitionKey, data: Buffer.from(text) });
const quick = { attempts: 4, firstPauseMs: 0, mostPauseMs: 0 };

describe('cutting into calls', () => {
  it('keeps the quotas, every record, and the order of each key', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40_000 })), { maxLength: 900 }), (drawn) => {
        const records = drawn.map(([key, bytes]) => ({ partitionKey: String(key), data: new Uint8Array(bytes) }));
        const calls = cutIntoCalls(records);
        for (const call of calls) {
          expect(call.length).toBeLessThanOrEqual(mostRecords);
          expect(call.reduce((sum, one) => sum + one.data.byteLength, 0)).toBeLessThanOrEqual(mostBytes);
          expect(new Set(call.map((one) => one.partitionKey)).size).toBe(call.length);
        }
        for (const key of new Set(records.map((one) => one.partitionKey))) {
          expect(calls.flat().filter((one) => one.partitionKey === key)).toEqual(records.filter((one) => one.partitionKey === key));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('fills calls to 500 records', () => {
    const calls = cutIntoCalls(Array.from({ length: 1_200 }, (_, at) => record(`k${at}`)));
    expect(calls.map((call) => call.length)).toEqual([500, 500, 200]);
  });
});

describe('writing', () => {
  it('resends only what was refused', async () => {
    const stream = memoryStream((one, attempt) => (one.partitionKey === 'b' && attempt < 3 ? 'ProvisionedThroughputExceededException' : undefined));
    await writeAll(stream, [record('a'), record('b'), record('c')], quick);
    expect(stream.taken.map((one) => one.partitionKey)).toEqual(['a', 'c', 'b']);
    expect(stream.calls()).toBe(3);
  });

  it('never lets a newer record of a key overtake its elder', async () => {
    const elder = record('k', 'elder');
    const newer = record('k', 'newer');
    const stream = memoryStream((one, attempt) => (one === elder && attempt < 3 ? 'InternalFailure' : undefined));
    await writeAll(stream, [elder, newer], quick);
    expect(stream.taken).toEqual([elder, newer]);
  });

  it('says which records are missing when it gives up', async () => {
    const stream = memoryStream((one) => (one.partitionKey === 'b' ? 'InternalFailure' : undefined));
    const failed = writeAll(stream, [record('a'), record('b')], quick);
    await expect(failed).rejects.toBeInstanceOf(NotWritten);
    await expect(failed).rejects.toMatchObject({ records: [{ partitionKey: 'b' }] });
  });
});

describe('batching', () => {
  it('gathers callers into one call and answers each', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { lingerMs: 1 });
    await Promise.all(Array.from({ length: 50 }, (_, at) => many.write(record(`k${at}`))));
    expect(stream.taken).toHaveLength(50);
    expect(stream.calls()).toBe(1);
  });

  it('fails only the callers whose record was not taken', async () => {
    const stream = memoryStream((one) => (one.partitionKey === 'bad' ? 'InternalFailure' : undefined));
    const many = batcher(stream, { lingerMs: 1, persistence: quick });
    const settled = await Promise.allSettled([many.write(record('good')), many.write(record('bad'))]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });

  it('drains', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { lingerMs: 60_000 });
    const written = many.write(record('a'));
    await many.drain();
    await written;
    expect(stream.taken).toHaveLength(1);
  });
});
