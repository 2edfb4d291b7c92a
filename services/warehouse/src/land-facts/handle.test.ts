import type { KinesisStreamEvent } from 'aws-lambda';
import { silentLog } from '@orderflow/shared/lambda';
import { memoryStaging } from '../landed/staging.ts';
import { orderFact } from '../rows/given.ts';
import { handle, type LandFacts } from './handle.ts';

const event = (...data: readonly string[]): KinesisStreamEvent => ({
  Records: data.map((text, at) => ({
    eventID: `shardId-000000000003:${100 + at}`, kinesis: { partitionKey: `k${at}`, sequenceNumber: String(100 + at), data: Buffer.from(text).toString('base64') },
  })) as KinesisStreamEvent['Records'],
});

const deps = (more: Partial<LandFacts> = {}) => {
  const staging = memoryStaging();
  const quarantined: string[] = [];
  let woken = 0;
  const all: LandFacts = {
    staging, log: silentLog, clock: () => Date.parse('2026-11-22T23:59:59Z'),
    objects: { put: () => Promise.reject(new Error('unused')), get: () => Promise.reject(new Error('S3 is away')) },
    quarantine: { put: ({ code, message }) => Promise.resolve(void quarantined.push(`${code} ${message}`)) },
    wakeLoader() {
      woken++;
      return Promise.resolve();
    },
    ...more,
  };
  return { all, staging, quarantined, woken: () => woken };
};

describe('land-facts', () => {
  it('puts one file a table and a pointer, and wakes the loader', async () => {
    const { all, staging, woken } = deps();
    expect(await handle(event(JSON.stringify(orderFact(1)), JSON.stringify(orderFact(2))), all)).toEqual({ batchItemFailures: [] });
    const name = 'shardId-000000000003-100-101';
    expect([...staging.files.keys()].filter((key) => key.startsWith('landed/')).sort()).toEqual(
      ['category', 'customer', 'customer_history', 'loaded_event', 'order_product', 'order_status_history', 'orders', 'product', 'product_history'].map((table) => `landed/2026/11/22/${table}/${name}.jsonl.gz`).concat(`landed/2026/11/22/batch/${name}.json`).sort());
    expect(JSON.parse((await staging.get(`pending/${name}.json`)).toString())).toMatchObject({ name, events: 2, facts: [{ inFlight: { sk: 'ORDER' } }, {}] });
    expect(woken()).toBe(1);
  });
  it('quarantines what it cannot read, and lands the rest', async () => {
    const { all, staging, quarantined } = deps();
    expect(await handle(event('{', JSON.stringify({ ...orderFact(1), sequence: 'x' }), JSON.stringify(orderFact(2))), all)).toEqual({ batchItemFailures: [] });
    expect(quarantined).toEqual(['NOT_JSON the record is not JSON', expect.stringContaining('INVALID_FACT fact.sequence')]);
    expect(JSON.parse(staging.files.get('pending/shardId-000000000003-100-102.json')?.toString() ?? '')).toMatchObject({ events: 1 });
  });
  it('has the whole batch delivered again while S3 fails', async () => {
    const { all, woken } = deps({ staging: { ...memoryStaging(), put: () => Promise.reject(new Error('S3 is away')) } });
    expect(await handle(event(JSON.stringify(orderFact(1)), JSON.stringify(orderFact(2))), all)).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
    expect(woken()).toBe(0);
  });
  it('has a fact delivered again whose payload cannot be fetched now', async () => {
    const { all, staging } = deps();
    const pointed = { ...orderFact(2), payload: { pointer: { bucket: 'b', key: 'k', bytes: 1, sha256: '0'.repeat(64) } } };
    expect(await handle(event(JSON.stringify(orderFact(1)), JSON.stringify(pointed)), all)).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
    expect(staging.files.has('pending/shardId-000000000003-100-101.json')).toBe(true);
  });
  it('goes on when the loader cannot be woken: the schedule does it', async () => {
    const { all } = deps({ wakeLoader: () => Promise.reject(new Error('throttled')) });
    expect(await handle(event(JSON.stringify(orderFact(1))), all)).toEqual({ batchItemFailures: [] });
  });
});
