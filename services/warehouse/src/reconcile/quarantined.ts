import * as z from 'zod/mini';
import type { StagingBucket } from '../landed/staging.ts';
import { inParallel } from '../load-facts/finish.ts';

const entry = z.object({ id: z.string(), rawKey: z.string(), origin: z.string() });
/** A stream record that a consumer could not use: an event, or a fact with the events that it settles. */
const record = z.union([z.object({ events: z.array(z.object({ id: z.string() })) }), z.object({ id: z.string() })]);

const idOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1, -'.json'.length);

/** Keys of all entries, page by page. */
export async function quarantineKeys(quarantine: Pick<StagingBucket, 'list'>): Promise<string[]> {
  const keys: string[] = [];
  for (let last: string | undefined, first = true; first || last !== undefined; first = false) {
    const page = await quarantine.list('index/', 1_000, last);
    keys.push(...page);
    last = page.length === 1_000 ? page.at(-1) : undefined;
  }
  return keys;
}

const eventsIn = (body: Uint8Array): string[] => {
  try {
    const read = z.safeParse(record, JSON.parse(Buffer.from(body).toString('utf8')));
    if (!read.success) return [];
    return 'events' in read.data ? read.data.events.map(({ id }) => id) : [read.data.id];
  } catch {
    return [];
  }
};

/**
 * Which of these events are in quarantine. Intake's entries are named after their events; those of consumers are read,
 * and only while events are left that no name accounts for.
 */
export async function quarantinedOf(events: ReadonlySet<string>, keys: readonly string[], quarantine: Pick<StagingBucket, 'get'>): Promise<Set<string>> {
  const found = new Set(keys.map(idOf).filter((id) => events.has(id)));
  const others = keys.filter((key) => !events.has(idOf(key)));
  await inParallel(others, async (key) => {
    if (found.size === events.size) return;
    const read = z.safeParse(entry, JSON.parse(Buffer.from(await quarantine.get(key)).toString('utf8')));
    if (!read.success || read.data.origin === 'intake') return;
    for (const id of eventsIn(await quarantine.get(read.data.rawKey))) if (events.has(id)) found.add(id);
  });
  return found;
}
