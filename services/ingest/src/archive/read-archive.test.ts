import { join } from 'node:path';
import fc from 'fast-check';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { s3Archive } from '../intake/archive.ts';
import type { Delivery } from '../intake/delivery.ts';
import { memoryObjects, noon } from '../testing/memory.ts';
import { deliveryOf, fixturesIn, interpretDelivery, interpretFixture } from '../sources/fixtures.ts';
import { hourOf, hoursBetween, startOfHour } from './hours.ts';
import { blankBody, readArchive, type Archived } from './read-archive.ts';

const fixtures = fixturesIn(join(__dirname, '..', 'sources'));
const tools = { clock: () => noon, log: silentLog, meter: silentMeter, newId: () => 'writer' };

/** The deliveries, written and read again. */
async function objectOf(deliveries: readonly Delivery[]): Promise<Uint8Array> {
  const objects = memoryObjects();
  const archive = s3Archive(objects, 'archive', tools);
  for (const delivery of deliveries) archive.add(delivery);
  await archive.flush();
  return [...objects.held.values()][0] ?? new Uint8Array();
}

const deliveries = fc.array(
  fc.record({
    body: fc.uint8Array({ maxLength: 300 }).filter((body) => body.some((byte) => byte !== 0) || body.byteLength === 0),
    receivedAt: fc.integer({ min: 0, max: noon }),
    via: fc.option(fc.constantFrom('fetch' as const, 'poll' as const), { nil: undefined }),
  }).map(({ body, receivedAt, via }): Delivery => ({
    source: 'shopify', account: 'default', method: 'POST', url: '', receivedAt, body,
    headers: { 'x-shopify-topic': 'orders/create', 'content-type': 'application/json' }, ...(via === undefined ? {} : { via, topic: 'order', cause: 'notice-1' }),
  })),
  { minLength: 1, maxLength: 8 },
);

const found = (object: Uint8Array): Archived[] => [...readArchive(object)].flatMap((one) => (one.kind === 'delivery' ? [one] : []));

describe('reading the raw archive', () => {
  it('gives back what was written, byte for byte, in its order', async () => {
    await fc.assert(fc.asyncProperty(deliveries, async (given) => {
      const read = found(await objectOf(given));
      expect(read.map(({ delivery }) => ({ ...delivery, body: Buffer.from(delivery.body).toString('hex') })))
        .toEqual(given.map((one) => ({ ...one, body: Buffer.from(one.body).toString('hex') })));
    }));
  });

  it('says from where on an object that was cut cannot be read, and gives all before it', async () => {
    await fc.assert(fc.asyncProperty(deliveries, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), async (given, share) => {
      const whole = await objectOf(given);
      const cut = Math.floor(whole.byteLength * share);
      const kept = found(whole).filter(({ offset, bytes }) => offset + bytes + 1 <= cut).length;
      const read = [...readArchive(whole.subarray(0, cut))];
      const last = read.at(-1);
      expect(read.filter(({ kind }) => kind === 'delivery')).toHaveLength(kept);
      const whereWhole = kept === 0 ? 0 : found(whole).filter(({ offset, bytes }) => offset + bytes + 1 <= cut).map(({ offset, bytes }) => offset + bytes + 1).at(-1);
      if (cut !== whereWhole) expect(last).toMatchObject({ kind: 'damaged', offset: whereWhole });
    }));
  });

  it('stops at an object that is none of ours', () => {
    expect([...readArchive(Buffer.from('{"a":1}\nhello\n'))]).toEqual([{ kind: 'damaged', offset: 0, reason: 'head' }]);
  });

  it('tells a body that was blanked, and those beside it are untouched', async () => {
    const object = await objectOf(['{"a":1}', '{"b":2}', '{"c":3}'].map((body): Delivery => ({
      source: 'shopify', account: 'default', method: 'POST', url: '', headers: {}, body: Buffer.from(body), receivedAt: noon,
    })));
    const [, second] = found(object);
    if (!second) throw new Error('no second delivery');
    blankBody(object, second);
    const read = found(object);
    expect(read.map(({ erased }) => erased)).toEqual([false, true, false]);
    expect(read.map(({ offset }) => offset)).toEqual(found(object).map(({ offset }) => offset));
    expect(Buffer.from(read[2]?.delivery.body ?? []).toString()).toBe('{"c":3}');
    expect(Buffer.from(object).toString()).not.toContain('"b"');
  });

  it('reads every fixture of every source as intake read it', async () => {
    let events = 0;
    for (const fixture of fixtures) {
      const [again] = found(await objectOf([deliveryOf(fixture)]));
      if (!again) throw new Error('not read');
      const first = interpretFixture(fixture);
      expect(interpretDelivery(again.delivery)).toEqual(first);
      events += first.events.length;
    }
    expect(events).toBeGreaterThan(fixtures.length / 2);
  });
});

describe('hours of the archive', () => {
  it('are folders, from the first to the last', () => {
    expect(hoursBetween(Date.UTC(2026, 10, 22, 22, 59), Date.UTC(2026, 10, 23, 1))).toEqual(['2026/11/22/22', '2026/11/22/23', '2026/11/23/00', '2026/11/23/01']);
    expect(hourOf(startOfHour('2026/11/22/12'))).toBe('2026/11/22/12');
  });

  it.each(['2026/11/22', '2026/13/01/00', '2026/02/30/01', '2026/11/22/24', '../../etc'])('refuses %s', (hour) => {
    expect(() => startOfHour(hour)).toThrow('is not an hour');
  });
});
