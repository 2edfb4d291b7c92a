import { memoryStream } from '@orderflow/shared/testing';
import { unfit } from './kinesis.ts';
import { NotWritten, type StreamRecord } from './record.ts';
import { writeAll } from './writer.ts';

const record = (partitionKey: string, text = 'x'): StreamRecord => ({ partitionKey, data: Buffer.from(text) });
const quick = { withinMs: 5_000, attempts: 4, firstPauseMs: 0, mostPauseMs: 0 };

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

  it('says which records are missing and why when it gives up', async () => {
    const stream = memoryStream((one) => (one.partitionKey === 'b' ? 'InternalFailure' : undefined));
    const failed = writeAll(stream, [record('a'), record('b')], quick);
    await expect(failed).rejects.toBeInstanceOf(NotWritten);
    await expect(failed).rejects.toMatchObject({ records: [{ partitionKey: 'b' }], code: 'InternalFailure' });
  });
});

describe('what Kinesis takes', () => {
  it('is 1 MiB of data and key, counted in bytes, and a key of 1 to 256 letters', () => {
    const full = 1_048_576;
    expect(unfit({ partitionKey: 'é', data: new Uint8Array(full - 2) })).toBeUndefined();
    expect(unfit({ partitionKey: 'é', data: new Uint8Array(full - 1) })).toMatch(/1048577 bytes/);
    expect(unfit(record('k'.repeat(256)))).toBeUndefined();
    expect(unfit(record('k'.repeat(257)))).toMatch(/257 letters/);
    expect(unfit(record(''))).toMatch(/0 letters/);
  });
});
