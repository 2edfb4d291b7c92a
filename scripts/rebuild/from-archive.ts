import * as z from 'zod/mini';
import { ask } from './ask.ts';
import type { RebuildOptions, RebuildWay } from './options.ts';
import type { RebuildDeps } from './ports.ts';

const place = z.object({ hour: z.string(), after: z.optional(z.string()) });
const part = z.object({
  counts: z.record(z.string(), z.number()),
  samples: z.array(z.object({ what: z.string(), id: z.string(), type: z.string(), key: z.string() })),
  damaged: z.array(z.object({ key: z.string(), offset: z.number(), reason: z.string() })),
  objects: z.number(),
  next: z.optional(place),
});
type Part = z.infer<typeof part>;

/** What is counted, in the order and the words in which it is shown. */
const words: Readonly<Record<string, string>> = {
  deliveries: 'deliveries read',
  erased: 'of them erased since: left out',
  unconfigured: 'of them of a source or account that is not configured: left out',
  same: 'events that say what the warehouse has',
  corrected: 'events that say something else now',
  moved: 'of them under another key: the rows of the old key stay',
  taken: 'events that were never accepted',
  repeated: 'repeats: the first delivery counts',
  inFlight: 'events on their way to the warehouse: run this again once they are there',
  notices: 'thin notices: what was fetched for them counts',
  unreadable: 'items that cannot be read',
  refused: 'items that were read once and cannot be read now: their rows stay',
};
const done: Readonly<Record<string, string>> = { corrected: 'corrected', taken: 'taken as history, nobody is written to' };
const mostSamples = 20;

const line = (count: number, text: string): string => `${String(count).padStart(10)}  ${text}`;
const hourMs = 3_600_000;
const timeOf = (hour: string): number => Date.parse(`${hour.slice(0, 10).replaceAll('/', '-')}T${hour.slice(11)}:00:00Z`);

/** One reading of the archive under way. */
class Reading {
  readonly counts: Record<string, number> = {};
  readonly samples: Part['samples'] = [];
  readonly damaged: Part['damaged'] = [];
  objects = 0;

  add({ counts, samples, damaged, objects }: Part): void {
    for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
    this.samples.push(...samples.slice(0, mostSamples - this.samples.length));
    this.damaged.push(...damaged);
    this.objects += objects;
  }

  get differs(): number {
    return (this.counts['corrected'] ?? 0) + (this.counts['taken'] ?? 0);
  }

  lines(dryRun: boolean): string[] {
    const counted = Object.entries(words).filter(([name]) => name === 'deliveries' || name === 'same' || (this.counts[name] ?? 0) > 0);
    return [
      ...counted.map(([name, text]) => line(this.counts[name] ?? 0, !dryRun && done[name] !== undefined ? `${text}: ${done[name]}` : text)),
      ...this.samples.map(({ what, id, type, key }) => `            ${what}  ${type}  ${key}  ${id}`),
      ...this.damaged.map(({ key, offset, reason }) => `            damaged  ${key} from byte ${offset} on (${reason}); what lies before it was read`),
    ];
  }
}

/**
 * Has a stage read its raw archive anew, part by part, by the mappings that are deployed, and shows what became of it.
 * @returns the exit status: 0; 1 when the stage cannot be reached or an object of the archive is damaged
 */
export async function fromArchive({ stage }: RebuildOptions, { from, to, source, dryRun }: Extract<RebuildWay, { kind: 'archive' }>, deps: RebuildDeps): Promise<number> {
  const { client, now, show, note, out } = deps;
  const began = now();
  const until = to === undefined ? began : Math.min(Date.parse(to), began);
  const asked = { from, until: new Date(until).toISOString(), at: new Date(began).toISOString(), ...(source === undefined ? {} : { source }), ...(dryRun ? { dryRun } : {}) };
  const reading = new Reading();
  let next: Part['next'];
  try {
    do {
      const read = z.parse(part, await ask(client, stage, 'ingest/reinterpret', { ...asked, ...(next && { next }) }));
      reading.add(read);
      next = read.next;
      const share = next ? Math.min(0.999, Math.max(0, (timeOf(next.hour) - Date.parse(from)) / Math.max(hourMs, until - Date.parse(from)))) : 1;
      show(share, `${next ? next.hour : 'to the end'}  ${reading.counts['deliveries'] ?? 0} deliveries, ${reading.differs} to ${dryRun ? 'change' : 'the warehouse'}`);
    } while (next);
  } catch (error) {
    for (const text of reading.lines(dryRun)) out(text);
    note(`rebuild: ${error instanceof Error ? error.message : 'unknown'}${next ? ` (at ${next.hour})` : ''}; run this again: what is corrected already is left alone`);
    return 1;
  }
  for (const text of reading.lines(dryRun)) out(text);
  note(reading.differs === 0 ? 'nothing differs: the warehouse is as it was'
    : dryRun ? `${reading.differs} would change; without --dry-run they do` : `${reading.differs} are on their way; the loader takes them within a minute`);
  if (reading.damaged.length > 0) note(`${reading.damaged.length} damaged: see above`);
  return reading.damaged.length > 0 ? 1 : 0;
}
