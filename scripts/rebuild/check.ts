import { sumsOf } from './ask.ts';
import type { RebuildOptions } from './options.ts';
import type { RebuildDeps } from './ports.ts';
import { differing, keepSums, readSums, tableOfSums } from './sums.ts';

/**
 * Shows the checksums of all tables; against those of an earlier run where `sums` names its file, which is made otherwise.
 * @returns the exit status: 0; 1 when they differ, or cannot be had
 */
export async function check({ stage, sums }: RebuildOptions, deps: RebuildDeps): Promise<number> {
  try {
    const before = readSums(sums, deps);
    const tables = await sumsOf(deps.client, stage);
    for (const line of tableOfSums(tables, before)) deps.out(line);
    if (!before) {
      keepSums(sums, tables, deps);
      return 0;
    }
    const changed = differing(before, tables);
    deps.note(changed.length === 0 ? `all ${tables.length} tables are as in ${sums ?? ''}` : `not as in ${sums ?? ''}: ${changed.join(', ')}`);
    return changed.length === 0 ? 0 : 1;
  } catch (error) {
    deps.note(`rebuild: ${error instanceof Error ? error.message : 'unknown'}`);
    return 1;
  }
}
