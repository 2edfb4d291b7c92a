import { memoryIntake, memoryObjects, signed } from '../testing/memory.ts';
import { s3IntakeQuarantine } from './quarantine.ts';
import { take } from './take.ts';

/** Objects that say how many puts were under way at once, and fail as `fails` says. */
function counted(fails: (key: string) => boolean = () => false) {
  const objects = memoryObjects();
  const seen = { puts: 0, most: 0, under: 0 };
  const put: typeof objects.put = async (bucket, key, body) => {
    seen.puts++;
    seen.most = Math.max(seen.most, ++seen.under);
    await new Promise((done) => setImmediate(done));
    seen.under--;
    if (fails(key)) throw new Error('S3 is down');
    await objects.put(bucket, key, body);
  };
  return { objects: { ...objects, put }, held: objects.held, seen };
}
const order = (id: string) => ({
  type: 'order.created',
  data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } },
});
const halfBad = (count: number) =>
  signed('canonical', JSON.stringify(Array.from({ length: count }, (_, at) => (at % 2 === 0 ? order(String(at)) : { type: 'x' }))), { 'webhook-id': 'm' });

describe('quarantine of a delivery with many bad items', () => {
  it('writes the bytes once and first, then an entry an item, some at once', async () => {
    const { objects, held, seen } = counted((key) => key.startsWith('index/') && ![...held.keys()].some((there) => there.includes('/raw/')));
    const deps = memoryIntake({ quarantine: s3IntakeQuarantine(objects, 'quarantine') });
    expect((await take(halfBad(1_000), deps)).status).toBe(200);
    expect([seen.puts, [...held.keys()].filter((key) => key.includes('/index/')).length]).toEqual([501, 500]);
    expect(seen.most).toBeGreaterThan(8);
    expect(seen.most).toBeLessThanOrEqual(32);
  });

  it('is given up soon when S3 is down, and nothing of it is still under way when the sender hears it', async () => {
    const { objects, seen } = counted((key) => key.startsWith('index/'));
    const deps = memoryIntake({ quarantine: s3IntakeQuarantine(objects, 'quarantine') });
    expect((await take(halfBad(1_000), deps)).status).toBe(503);
    expect(seen.puts).toBeLessThanOrEqual(33);
    expect(seen.under).toBe(0);
  });
});
