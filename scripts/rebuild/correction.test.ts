import fc from 'fast-check';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Delivery } from '../../services/ingest/src/intake/delivery.ts';
import { archiveWorld, delivered, eventsIn, settled } from '../../services/ingest/src/testing/archive-world.ts';
import { toRows } from '../../services/warehouse/src/rows/to-rows.ts';
import { memoryTables, type MemoryTables } from '../../services/warehouse/src/tables/memory-tables.ts';
import { tableNames } from '../../services/warehouse/src/tables/tables.ts';
import { kinds, misread } from './stories.ts';
import { tablesStanding } from './tables-standing.ts';

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
    }), { numRuns: 70 });
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
    }), { numRuns: 40 });
  });

  it('says of every event, corrected though it was right, what the workflows have said of it', async () => {
    await fc.assert(fc.asyncProperty(stories, fc.boolean(), async (story, confirmed) => {
      const tables = load(memoryTables(), eventsIn(deliveriesOf(story)), confirmed);
      const before = said(tables);
      const stands = tablesStanding(tables);
      const doubted = async (ids: readonly string[]) => new Map([...await stands.events(ids)].map(([id, one]) => [id, { ...one, hash: '' }]));
      const world = await archiveWorld(deliveriesOf(story), { ...stands, events: doubted });
      expect((await world.run()).counts).toMatchObject({ same: 0, corrected: story.length });
      for (const fact of world.facts.written) tables.load(toRows(fact));
      expect(said(tables)).toEqual(before);
    }), { numRuns: 40 });
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
