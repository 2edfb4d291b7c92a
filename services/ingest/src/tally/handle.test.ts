import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { code } from 'currency-codes';
import { accountsOf } from '@orderflow/shared/accounts';
import { silentLog } from '@orderflow/shared/lambda';
import { blankBody, readArchive } from '../archive/read-archive.ts';
import type { Delivery } from '../intake/delivery.ts';
import { deliveryOf, fixturesIn, interpretFixture } from '../sources/fixtures.ts';
import { memoryArchive } from '../testing/memory-archive.ts';
import { handle, type TallyDeps } from './handle.ts';
import type { TallyLine } from './line.ts';

const fixtures = fixturesIn(join(__dirname, '..', 'sources'));
const at = Date.UTC(2026, 10, 23, 12, 30);
const hour = '2026/11/23/12';

function tallying() {
  const archive = memoryArchive();
  const written = new Map<string, Uint8Array>();
  const deps: TallyDeps = { accounts: accountsOf('local'), archive, put: async (key, body) => void written.set(key, body), log: silentLog };
  const lines = (): TallyLine[] => [...written.values()].flatMap((file) => gunzipSync(file).toString('utf8').trim().split('\n')).map((text) => JSON.parse(text) as TallyLine);
  const ask = (more: object = {}, left = 300_000) => handle({ run: 'r1', hour, ...more }, deps, { remainingMs: () => left });
  return { archive, written, lines, ask };
}

describe('tally', () => {
  it('has a line for every event that every source’s fixtures become, under its own id, and for what cannot be read', async () => {
    const { archive, lines, ask } = tallying();
    await archive.take(fixtures.map((fixture) => deliveryOf(fixture)), at);
    const answer = await ask();
    const expected = fixtures.flatMap((fixture) => {
      const { events, rejected } = interpretFixture(fixture);
      return [...events.filter(({ type }) => type !== 'source.notified' && type !== 'intake.rejected').map(({ id }) => id), ...rejected.map(({ id }) => id)];
    });
    expect(lines().map(({ event_id }) => event_id).sort()).toEqual(expected.sort());
    expect(answer).toMatchObject({ deliveries: fixtures.length, events: expected.length, erased: 0, unknown: 0, damaged: [] });
    expect(lines().some(({ rejected }) => rejected)).toBe(true);
  });

  it('states the key, day, currency and exact amount of whole orders, and nothing personal', async () => {
    let orders = 0;
    for (const fixture of fixtures) {
      const { archive, lines, ask } = tallying();
      await archive.take([deliveryOf(fixture)], at);
      if ((await ask()).events === 0) continue;
      const text = JSON.stringify(lines());
      for (const event of interpretFixture(fixture).events) {
        if (event.type !== 'order.created') continue;
        orders++;
        const { order } = event.data;
        const line = lines().find(({ event_id }) => event_id === event.id);
        expect(line).toMatchObject({ what: 'orders', entity_key: order.key, source: order.source, account: order.account, currency: order.currency, sequence: event.sequence });
        expect(line?.day).toBe(new Date(order.placedAt).toISOString().slice(0, 10));
        expect(Number(line?.amount) * 10 ** (code(order.currency)?.digits ?? 2)).toBeCloseTo(order.total, 6);
        for (const secret of [order.customer?.email, order.customer?.phone, order.customer?.address?.line]) if (secret !== undefined) expect(text).not.toContain(secret);
      }
    }
    expect(orders).toBeGreaterThan(20);
  });

  const simple = (id: number): Delivery => {
    const fixture = fixtures.find(({ source, expected }) => source === 'canonical' && expected.becomes !== undefined);
    if (!fixture) throw new Error('no fixture');
    return { ...deliveryOf(fixture), headers: { ...fixture.expected.headers, 'x-nobody': String(id) } };
  };

  it('reads an hour in parts, each object once', async () => {
    const { archive, written, ask } = tallying();
    for (let object = 0; object < 3; object++) await archive.take([simple(object), simple(object)], at);
    const seen: number[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      // no time left: one object a call
      const part = await ask(after === undefined ? {} : { after }, 0);
      seen.push(part.deliveries);
      after = part.after;
    }
    expect(seen).toEqual([2, 2, 2]);
    expect(written.size).toBe(3);
  });

  it('counts what was erased, what nobody knows any more, and names an object that was cut', async () => {
    const { archive, ask } = tallying();
    await archive.take([simple(0), simple(1), { ...simple(2), source: 'gone' }, simple(3)], at);
    const [[key, object] = ['', new Uint8Array()]] = [...archive.held];
    const [first] = [...readArchive(object)];
    if (first?.kind !== 'delivery') throw new Error('no delivery');
    blankBody(object, first);
    archive.held.set(key, object.subarray(0, object.byteLength - 5));
    const answer = await ask();
    expect(answer).toMatchObject({ deliveries: 3, erased: 1, unknown: 1, damaged: [{ key, reason: 'body' }] });
  });

  it('takes one source only where it is asked to, and writes nothing where there is nothing', async () => {
    const { archive, written, ask } = tallying();
    await archive.take([simple(0)], at);
    expect(await ask({ source: 'shopify' })).toEqual({ deliveries: 0, events: 0, erased: 0, unknown: 0, damaged: [] });
    expect(written.size).toBe(0);
  });

  it.each(['2026/11/23', '2026/11/23/24', '../../secret/1'])('refuses the hour %s', async (wrong) => {
    await expect(tallying().ask({ hour: wrong })).rejects.toThrow();
  });
});
