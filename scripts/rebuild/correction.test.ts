import fc from 'fast-check';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Delivery } from '../../services/ingest/src/intake/delivery.ts';
import { archiveWorld, delivered, eventsIn, settled } from '../../services/ingest/src/testing/archive-world.ts';
import { noon } from '../../services/ingest/src/testing/memory.ts';
import { toRows } from '../../services/warehouse/src/rows/to-rows.ts';
import { memoryTables, type MemoryTables } from '../../services/warehouse/src/tables/memory-tables.ts';
import { tableNames } from '../../services/warehouse/src/tables/tables.ts';
import { tablesStanding } from './tables-standing.ts';

const iso = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

const order = (n: number, at: number, more: object = {}): object => ({
  type: 'order.created', timestamp: iso(at),
  data: {
    order: {
      id: `o${n}`, placedAt: iso(at), status: 'NEW', currency: 'EUR', total: 2000 + n, tax: 300, payment: { status: 'PENDING', method: 'card', provider: 'stripe', reference: `pi_${n}` },
      fulfilment: { status: 'UNFULFILLED' }, customer: { id: `c${n % 3}`, name: 'Zoë', email: ' Zoe@Shop.example ', address: { line: 'Main St 1', city: 'Köln', country: 'DE' } },
      lines: [{ id: '1', productId: 'p1', name: 'Mug', quantity: 2, unitPrice: '10.00', total: 2000 + n, unitCost: '4' }, ...(n % 2 === 0 ? [{ id: '2', productId: 'p2', name: 'Tea', quantity: 1, unitPrice: '0.00', total: 0 }] : [])],
      ...more,
    },
  },
});
const update = (n: number, at: number, change: object): object => ({ type: 'order.updated', timestamp: iso(at), data: { update: { orderId: `o${n}`, occurredAt: iso(at), ...change } } });
const wish = (n: number, at: number, more: object = {}): object => ({
  type: 'return.requested', timestamp: iso(at),
  data: { return: { id: `r${n}`, orderId: `o${n}`, requestedAt: iso(at), reason: 'broken', comment: 'It came broken', currency: 'EUR', amount: 900, lines: [{ lineId: '1', productId: 'p1', quantity: 1, amount: 900 }], ...more } },
});

const kinds: readonly ((n: number, at: number) => object)[] = [
  (n, at) => order(n, at),
  (n, at) => order(n, at),
  (n, at) => update(n, at, { status: 'PROCESSING', fulfilment: { status: 'SHIPPED', lines: [{ lineId: '1', quantity: 1 }] }, tracking: { carrier: 'DHL', number: `0034${n}` } }),
  (n, at) => update(n, at, { status: 'CANCELLED', cancelReason: 'no stock' }),
  (n, at) => update(n, at, { payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: `pi_${n}`, fee: 50 } }),
  (n, at) => wish(n, at),
  (n, at) => wish(n, at, { decided: { outcome: 'APPROVED', amount: 900, at: iso(at), by: 'source' } }),
  (n, at) => ({ type: 'feedback.received', timestamp: iso(at), data: { feedback: { id: `f${n}`, kind: 'review', orderId: `o${n}`, rating: 4, scale: 5, comment: 'Nice', givenAt: iso(at) } } }),
  (_, at) => ({ type: 'catalog.updated', timestamp: iso(at), data: { product: { id: 'p1', name: 'Mug', price: '10', currency: 'EUR', unitCost: '4', category: 'Kitchen' } } }),
  (n, at) => ({ type: 'inventory.counted', timestamp: iso(at), data: { inventory: { productId: 'p1', quantity: n, countedAt: iso(at) } } }),
  (n, at) => ({ type: 'adjustment.recorded', timestamp: iso(at), data: { adjustment: { id: `a${n}`, kind: 'fee', amount: 100 + n, currency: 'EUR', at: iso(at) } } }),
];

/** What a wrong mapping makes of it: other values in the same places. Keys, times and what is known at all are right. */
function misread(event: CanonicalEvent): CanonicalEvent {
  const { data } = event;
  switch (event.type) {
    case 'order.created': {
      const { order: right } = event.data;
      return { ...event, data: { order: {
        ...right, total: right.total + 7, status: 'COMPLETED', payment: { ...right.payment, status: 'FAILED', method: 'cash' },
        customer: { ...right.customer, name: 'Eoz', address: { ...right.customer?.address, city: 'Bonn' } },
        lines: [...right.lines.map((line) => ({ ...line, quantity: line.quantity + 1, name: 'Wrong' })), { id: '9', productId: 'p1', name: 'Ghost', quantity: 1, unitPrice: '1', total: 100 }],
      } } };
    }
    case 'order.updated': {
      const { update: right } = event.data;
      return { ...event, data: { update: {
        ...right, ...(right.status ? { status: 'COMPLETED' as const } : {}), ...(right.tracking ? { tracking: { ...right.tracking, number: 'wrong' } } : {}),
        ...(right.payment ? { payment: { ...right.payment, status: 'VOIDED' as const, fee: 1 } } : {}),
      } } };
    }
    case 'return.requested': return { ...event, data: { return: { ...event.data.return, reason: 'other', amount: 1, lines: event.data.return.lines.map((line) => ({ ...line, quantity: 9 })) } } };
    case 'feedback.received': return { ...event, data: { feedback: { ...event.data.feedback, rating: 1 } } };
    case 'catalog.updated': return { ...event, data: { product: { ...event.data.product, name: 'Wrong', price: '99' } } };
    case 'inventory.counted': return { ...event, data: { inventory: { ...event.data.inventory, quantity: -1 } } };
    case 'adjustment.recorded': return { ...event, data: { adjustment: { ...event.data.adjustment, amount: -5 } } };
    default: throw new Error(`no wrong reading of ${event.type}: ${JSON.stringify(Object.keys(data))}`);
  }
}

const load = (tables: MemoryTables, events: readonly CanonicalEvent[], confirmed = false): MemoryTables => {
  for (const event of events) tables.load(toRows(settled(event, confirmed)));
  return tables;
};

/** What the tables say, without versions and what was withdrawn. */
const said = (tables: MemoryTables): Record<string, string[]> => Object.fromEntries(tableNames.map((name) => [name, tables.rows(name)
  .filter((row) => row['withdrawn'] !== true)
  .map((row) => JSON.stringify(Object.entries(row).filter(([column, value]) => !column.endsWith('_version') && value !== null).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()]));

/** Deliveries a minute apart, so that no two changes have the same sequence. An order comes once. */
const stories = fc.array(fc.tuple(fc.nat(kinds.length - 1), fc.integer({ min: 1, max: 3 }), fc.boolean()), { minLength: 1, maxLength: 12 }).map((parts) => {
  const known = new Set<string>();
  return parts.flatMap(([kind, n, wrong], at) => {
    const item = (kinds[kind] ?? kinds[0])?.(n, at + 1) as { readonly type: string };
    const name = `${item.type === 'order.updated' || item.type === 'catalog.updated' || item.type === 'inventory.counted' ? at : item.type} ${n}`;
    if (known.has(name)) return [];
    known.add(name);
    return [{ delivery: delivered(`d${at}`, at + 1, item), wrong }];
  });
});
const deliveriesOf = (story: readonly { readonly delivery: Delivery }[]): Delivery[] => story.map(({ delivery }) => delivery);

describe('the archive read anew after a mapping was mended', () => {
  it('makes the tables say what they would have said with the right mapping, whatever was read wrongly, and then nothing more', async () => {
    await fc.assert(fc.asyncProperty(stories, fc.boolean(), async (story, confirmed) => {
      const right = load(memoryTables(), eventsIn(deliveriesOf(story)), confirmed);
      const wrong = load(memoryTables(), story.flatMap(({ delivery, wrong: misunderstood }) => (misunderstood ? eventsIn([delivery]).map(misread) : eventsIn([delivery]))), confirmed);
      // what we did of a wrong reading we did not do of the right one
      const ours = !confirmed || story.every(({ wrong: misunderstood, delivery }) => !misunderstood || !Buffer.from(delivery.body).includes('order.created'));
      const world = await archiveWorld(deliveriesOf(story), tablesStanding(wrong));
      const first = await world.run();
      expect(first.counts).toMatchObject({ deliveries: story.length, corrected: story.filter((one) => one.wrong).length, taken: 0, moved: 0 });
      for (const fact of world.facts.written) wrong.load(toRows(fact));
      if (ours) expect(said(wrong)).toEqual(said(right));
      const facts = world.facts.written.length;
      expect((await world.run()).counts).toMatchObject({ same: story.length, corrected: 0 });
      expect(world.facts.written).toHaveLength(facts);
    }), { numRuns: 150 });
  });

  it('comes to the same tables in whatever order corrections and ordinary facts are loaded', async () => {
    await fc.assert(fc.asyncProperty(stories, fc.infiniteStream(fc.nat()), async (story, dice) => {
      const wrong = story.flatMap(({ delivery, wrong: misunderstood }) => (misunderstood ? eventsIn([delivery]).map(misread) : eventsIn([delivery])));
      const tables = load(memoryTables(), wrong);
      const world = await archiveWorld(deliveriesOf(story), tablesStanding(tables));
      await world.run();
      const facts = [...wrong.map((event) => settled(event)), ...world.facts.written];
      for (const fact of world.facts.written) tables.load(toRows(fact));
      const shuffled = memoryTables();
      for (const { fact } of facts.map((fact) => ({ fact, place: Number(dice.next().value) })).sort((a, b) => a.place - b.place)) shuffled.load(toRows(fact));
      for (const name of tableNames) expect(new Set(shuffled.rows(name).map((row) => JSON.stringify(Object.entries(row).sort())))).toEqual(new Set(tables.rows(name).map((row) => JSON.stringify(Object.entries(row).sort()))));
    }), { numRuns: 60 });
  });

  it('changes nothing where the mapping is what it was', async () => {
    await fc.assert(fc.asyncProperty(stories, fc.boolean(), async (story, confirmed) => {
      const tables = load(memoryTables(), eventsIn(deliveriesOf(story)), confirmed);
      const world = await archiveWorld(deliveriesOf(story), tablesStanding(tables));
      expect((await world.run()).counts).toMatchObject({ same: story.length, corrected: 0, taken: 0 });
      expect([world.facts.written, world.taken]).toEqual([[], []]);
    }), { numRuns: 50 });
  });
});
