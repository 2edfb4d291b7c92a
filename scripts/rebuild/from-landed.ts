import * as z from 'zod/mini';
import { ask, AskFailed, sumsOf, type TableSum } from './ask.ts';
import type { RebuildOptions, RebuildWay } from './options.ts';
import type { RebuildDeps } from './ports.ts';
import { differing, keepSums, readSums, tableOfSums } from './sums.ts';

const dayList = z.object({ days: z.array(z.string()) });
const page = z.object({ batches: z.number(), rows: z.number(), after: z.optional(z.string()) });
const left = z.object({ batches: z.number() });

/** Batches that may wait for the loader before the next page is handed over: it never runs dry, and nothing piles up. */
const mostWaiting = 200;
const lookEveryMs = 1_000;
/** The loader is given up when nothing of ours was loaded for so long. */
const patienceMs = 10 * 60_000;

const sum = (tables: readonly TableSum[]): number => tables.reduce((all, { rows }) => all + rows, 0);
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** One rebuild under way. */
class Run {
  private readonly id: string;
  private readonly stage: string;
  private readonly deps: RebuildDeps;
  batches = 0;
  rows = 0;

  constructor(stage: string, deps: RebuildDeps) {
    this.stage = stage;
    this.deps = deps;
    this.id = deps.now().toString(36);
  }

  private ask(input: object): Promise<unknown> {
    return ask(this.deps.client, this.stage, 'warehouse/rebuild', input);
  }

  async days(): Promise<string[]> {
    return z.parse(dayList, await this.ask({ step: 'days' })).days;
  }

  async empty(): Promise<void> {
    await this.ask({ step: 'empty', run: this.id, sure: true });
  }

  /** Waits until at most `most` of our batches are not loaded. @throws AskFailed when the loader makes no headway */
  async until(most: number, share: number, text: string): Promise<void> {
    const { now, pause, show } = this.deps;
    for (let last = Number.POSITIVE_INFINITY, since = now(); ;) {
      const { batches } = z.parse(left, await this.ask({ step: 'left', run: this.id }));
      show(most === 0 ? Math.max(share, Math.min(0.999, 1 - batches / Math.max(1, this.batches))) : share, `${text}  ${batches} ${batches === 1 ? 'batch' : 'batches'} to load`);
      if (batches <= most) return;
      if (batches < last) [last, since] = [batches, now()];
      else if (now() - since > patienceMs) throw new AskFailed('the loader makes no headway; its log (load-facts) says why');
      await pause(lookEveryMs);
    }
  }

  /** Hands over one day, page by page, as fast as the loader takes it. */
  async day(day: string, share: number): Promise<void> {
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const handed = z.parse(page, await this.ask({ step: 'day', run: this.id, day, ...(after !== undefined && { after }) }));
      this.batches += handed.batches;
      this.rows += handed.rows;
      after = handed.after;
      if (handed.batches > 0) await this.until(mostWaiting, share, `${day}  ${count(this.rows, 'row')}`);
    }
  }
}

/** @returns the exit status */
function verdict(before: readonly TableSum[], after: readonly TableSum[], { note }: RebuildDeps): number {
  const changed = differing(before, after);
  if (changed.length === 0) {
    note('all tables are as they were, row for row');
    return 0;
  }
  const rows = (tables: readonly TableSum[], name: string): number => tables.find(({ table }) => table === name)?.rows ?? 0;
  const fewer = before.filter(({ table, rows: were }) => rows(after, table) < were).map(({ table }) => table);
  // an event that came meanwhile has its row in loaded_event
  const came = rows(after, 'loaded_event') - rows(before, 'loaded_event');
  if (fewer.length === 0 && came > 0) {
    note(`${changed.join(', ')}: not as before, as ${count(came, 'event')} came meanwhile`);
    return 0;
  }
  note(`not as before: ${changed.join(', ')}${fewer.length > 0 ? ` (fewer rows in ${fewer.join(', ')})` : ''}; what is not in landed/ is not in the tables now`);
  return 1;
}

/**
 * Has landed files loaded once more by the loader, day by day, and shows the tables' checksums of before and after.
 * @returns the exit status: 0; 1 when something failed or the tables are not as before; 2 when `--yes` is missing
 */
export async function fromLanded({ stage, yes, sums }: RebuildOptions, { days: lastDays, fresh }: Extract<RebuildWay, { kind: 'landed' }>, deps: RebuildDeps): Promise<number> {
  const { note, out, show, now, client } = deps;
  const run = new Run(stage, deps);
  let at: string | undefined;
  try {
    const all = await run.days();
    const days = lastDays === undefined ? all : all.slice(-lastDays);
    if (days.length === 0) {
      note('rebuild: nothing has landed, so there is nothing to load');
      return 1;
    }
    const kept = readSums(sums, deps);
    const before = kept ?? await sumsOf(client, stage);
    if (fresh && !yes) {
      note(`rebuild: --fresh empties ${count(before.length, 'table')} (${count(sum(before), 'row')}) and loads what landed on ${count(days.length, 'day')} from ${days[0] ?? ''} on. Until it has ended, whoever reads sees less. If that is meant, add --yes.`);
      return 2;
    }
    if (!kept) keepSums(sums, before, deps);
    if (fresh) await run.empty();
    const started = now();
    for (const [done, day] of days.entries()) {
      at = day;
      show(done / days.length, day);
      await run.day(day, done / days.length);
    }
    await run.until(0, (days.length - 1) / days.length, 'the last');
    show(1, `${count(days.length, 'day')}, ${count(run.rows, 'landed row')} in ${((now() - started) / 1_000).toFixed(1)} s`);
    const after = await sumsOf(client, stage);
    for (const line of tableOfSums(after, before)) out(line);
    return verdict(before, after, deps);
  } catch (error) {
    const goOn = at === undefined ? '' : `; npm run rebuild${stage === 'local' ? '' : ` -- --stage ${stage}`} goes on (without --fresh: nothing is emptied again)`;
    note(`rebuild: ${error instanceof Error ? error.message : 'unknown'}${at === undefined ? '' : ` (at ${at})`}${goOn}`);
    return 1;
  }
}
