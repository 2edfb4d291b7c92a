import { eventRecord, inlineLimit } from '@orderflow/shared/stream';
import fc from 'fast-check';
import { memoryIntake, memoryObjects, signed } from '../testing/memory.ts';
import { take } from './take.ts';

/** What stands around the data: ids of up to 512 characters, the pointer to the raw bytes, names. */
const envelope = 8_000;

/**
 * A stream takes records of up to 1 MiB unless it is told otherwise, then 10
 * (https://docs.aws.amazon.com/streams/latest/dev/large-records.html); a shard takes 1 MB a second either way, so ours
 * stay far below.
 */
it('makes no record that is much larger than what may stand in it, however large the order', async () => {
  const text = (most: number) => fc.tuple(fc.integer({ min: 0, max: most }), fc.constantFrom('x', 'é', '\u{1F381}', '"', '\u0001')).map(([times, letter]) => letter.repeat(times));
  await fc.assert(
    fc.asyncProperty(text(220_000), fc.integer({ min: 0, max: 5_000 }), text(60), async (comment, lines, id) => {
      const deps = memoryIntake();
      const order = {
        id: `o${id}`, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' },
        comment, lines: Array.from({ length: lines }, (_, at) => ({ id: String(at), quantity: 1, unitPrice: '0', total: 0 })),
      };
      await take(signed('canonical', JSON.stringify({ type: 'order.created', data: { order } }), { 'webhook-id': 'm' }), deps);
      const objects = memoryObjects();
      for (const event of deps.events) {
        const { data } = await eventRecord(event, objects, 'archive');
        expect(data.byteLength).toBeLessThanOrEqual(inlineLimit + envelope);
        if (Buffer.byteLength(JSON.stringify(event.data)) > inlineLimit) expect(objects.held.size).toBe(1);
      }
    }),
    { numRuns: 15 },
  );
});
