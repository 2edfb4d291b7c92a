import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { accountsOf } from '@orderflow/shared/accounts';
import { composeKey, type CanonicalEvent } from '@orderflow/shared/events';
import { silentLog } from '@orderflow/shared/lambda';
import { readArchive, type Archived } from '../archive/read-archive.ts';
import type { Delivery } from '../intake/delivery.ts';
import { s3IntakeQuarantine } from '../intake/quarantine.ts';
import { deliveryOf, fixturesIn, interpretFixture, type Fixture } from '../sources/fixtures.ts';
import { memoryArchive } from '../testing/memory-archive.ts';
import { memoryObjects } from '../testing/memory.ts';
import { handle, type ErasedRaw, type EraseRaw } from './handle.ts';
import { wordFinder } from './mentions.ts';

const at = Date.UTC(2026, 10, 23, 12, 30);
const day = '2026/11/23';
const fixtures = fixturesIn(join(__dirname, '..', 'sources'));

async function world(deliveries: readonly Delivery[], perObject = 7) {
  const archive = memoryArchive();
  for (let from = 0; from < deliveries.length; from += perObject) await archive.take(deliveries.slice(from, from + perObject), at);
  const quarantined = memoryObjects();
  const objects = quarantined.held;
  const deps: EraseRaw = {
    accounts: accountsOf('local'), log: silentLog, archive,
    quarantine: {
      async *entries() {
        for (const [key, body] of [...objects]) if (key.startsWith('q/index/')) yield { key: key.slice(2), entry: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
      },
      raw: (key: string) => quarantined.get('q', key),
      put: (key, body) => quarantined.put('q', key, body),
    },
  };
  const ask = (input: object, left = 300_000): Promise<ErasedRaw> => handle(input, deps, { remainingMs: () => left });
  const read = (): Archived[] => [...archive.held].filter(([key]) => key.startsWith('raw/')).sort().flatMap(([, object]) => [...readArchive(object)].filter((one) => one.kind === 'delivery'));
  const text = (): string => [...archive.held.values(), ...objects.values()].map((object) => Buffer.from(object).toString('latin1')).join('\n');
  return { archive, quarantined, deps, ask, read, text };
}

/** Place, length and what it says. */
const digest = ({ offset, bytes, delivery: { body, headers, source } }: Archived): string =>
  `${offset} ${bytes} ${createHash('sha256').update(source).update(JSON.stringify(headers)).update(body).digest('hex')}`;

const orderIn = (fixture: Fixture): Extract<CanonicalEvent, { type: 'order.created' }> | undefined =>
  interpretFixture(fixture).events.find((event): event is Extract<CanonicalEvent, { type: 'order.created' }> => event.type === 'order.created' && event.data.order.customer?.id !== undefined);

const withCustomer = fixtures.flatMap((fixture) => {
  const event = orderIn(fixture);
  const { order } = event?.data ?? {};
  return order?.customer?.id === undefined ? [] : [{ fixture, order, customer: composeKey(order.source, order.account, order.customer.id) }];
});

describe('forgetting in the raw archive', () => {
  it('blanks a customer’s deliveries in place, whatever their source, and no other byte', async () => {
    expect(withCustomer.length).toBeGreaterThan(15);
    for (const { customer, order, fixture } of withCustomer) {
      // all of the source, and some of every other
      const all = fixtures.filter(({ source }, place) => source === fixture.source || place % 12 === 0).map((one) => deliveryOf(one));
      const { ask, read } = await world(all);
      const before = read().map(digest);
      const subject = { customer, orders: [] as string[], payments: [] as string[], words: [] as string[] };
      const found = await ask({ step: 'find', day, ...subject });
      expect(found.orders).toContain(order.key);
      expect(read().map(digest)).toEqual(before);
      const more = { ...subject, orders: [...found.orders], payments: [...found.payments] };
      const blanked = await ask({ step: 'blank', day, ...more });
      const after = read();
      expect(blanked.deliveries).toBeGreaterThan(0);
      expect(after.filter(({ erased }) => erased)).toHaveLength(blanked.deliveries);
      for (const [place, one] of after.entries()) {
        if (!one.erased) expect(digest(one)).toBe(before[place]);
        expect(digest(one).split(' ').slice(0, 2)).toEqual(before[place]?.split(' ').slice(0, 2));
      }
      const mail = order.customer?.email;
      if (mail !== undefined && !all.some((delivery, place) => after[place]?.erased === false && Buffer.from(delivery.body).includes(mail))) {
        expect(after.some(({ delivery }) => Buffer.from(delivery.body).includes(mail))).toBe(false);
      }
      expect(await ask({ step: 'blank', day, ...more })).toMatchObject({ deliveries: 0 });
    }
  });

  it('finds what cannot be read by words that stand by themselves', async () => {
    const [known] = withCustomer;
    if (!known) throw new Error('no fixture');
    const unreadable = { ...deliveryOf(known.fixture), body: Buffer.from('{"order": 4711, "mail": "xq@marker.example", broken') };
    const near = { ...unreadable, body: Buffer.from('{"order": 147115, "mail": "axq@marker.examples", broken') };
    const { ask, read } = await world([unreadable, near]);
    expect(await ask({ step: 'blank', day, orders: [], payments: [], words: ['xq@marker.example', '4711', '7'] })).toMatchObject({ deliveries: 1 });
    expect(read().map(({ erased }) => erased)).toEqual([true, false]);
  });

  it('reads a day in parts, and says where to go on', async () => {
    const [known] = withCustomer;
    if (!known) throw new Error('no fixture');
    const { ask } = await world(Array.from({ length: 3 }, () => deliveryOf(known.fixture)), 1);
    const subject = { customer: known.customer, orders: [], payments: [], words: [] };
    let calls = 0;
    let deliveries = 0;
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const part = await ask({ step: 'blank', day, ...subject, ...(after !== undefined && { after }) }, 0);
      calls++;
      deliveries += part.deliveries;
      after = part.after;
    }
    expect([calls, deliveries]).toEqual([3, 3]);
  });

  it.each(['2026-11-23', '../..', '2026/11/23/12'])('refuses the day %s', async (wrong) => {
    const { ask } = await world([]);
    await expect(ask({ step: 'blank', day: wrong, orders: [], payments: [], words: [] })).rejects.toThrow();
  });
});

describe('forgetting in quarantine', () => {
  it('blanks the bytes of theirs, keeps the reason, and leaves others', async () => {
    const [one] = withCustomer;
    const two = withCustomer.find(({ customer }) => customer !== one?.customer);
    if (!one || !two) throw new Error('no fixtures');
    const { quarantined, ask } = await world([]);
    const put = (fixture: Fixture, id: string, body?: string) =>
      s3IntakeQuarantine(quarantined, 'q').put({ ...deliveryOf(fixture), ...(body !== undefined && { body: Buffer.from(body) }) }, 'd', undefined, [{ id, code: 'json', path: '$', message: 'is no JSON', position: 0 }]);
    await put(one.fixture, 'a'.repeat(32));
    await put(two.fixture, 'b'.repeat(32));
    await put(two.fixture, 'c'.repeat(32), `{"broken": "${one.order.id}-marker", "mail": "xq@marker.example`);
    const bytes = (): number[] => [...quarantined.held].filter(([key]) => key.startsWith('q/raw/')).map(([, body]) => body.byteLength);
    const before = bytes();
    const subject = { customer: one.customer, orders: [one.order.key], payments: [], words: ['xq@marker.example'] };
    expect(await ask({ step: 'quarantine', ...subject })).toMatchObject({ deliveries: 2 });
    const entries = [...quarantined.held].filter(([key]) => key.startsWith('q/index/')).map(([, body]) => JSON.parse(Buffer.from(body).toString('utf8')) as { id: string; erased?: boolean; message: string; rawKey: string });
    expect(entries.map(({ id, erased = false, message }) => [id[0], erased, message]).sort()).toEqual([['a', true, 'is no JSON'], ['b', false, 'is no JSON'], ['c', true, 'is no JSON']]);
    for (const { erased, rawKey } of entries) expect(Buffer.from(quarantined.held.get(`q/${rawKey}`) ?? []).some((byte) => byte !== 0)).toBe(erased !== true);
    expect(bytes()).toEqual(before);
    expect(await ask({ step: 'quarantine', ...subject })).toMatchObject({ deliveries: 0 });
  });
});

describe('words', () => {
  it('are found alone, whatever signs they hold, and not when they are too short to mean anybody', () => {
    const finds = (word: string, text: string): boolean => wordFinder([word])(Buffer.from(text));
    expect(finds('a.b+c@shop.example', 'to=a.b+c@shop.example&x')).toBe(true);
    expect(finds('a.b+c@shop.example', 'to=aXb+c@shop.example')).toBe(false);
    expect(finds('#1001', '{"number":"#1001"}')).toBe(true);
    expect(finds('1001', '{"number":"#11001"}')).toBe(false);
    expect(finds('7', '{"a":7}')).toBe(false);
  });
});
