import { createHash } from 'node:crypto';
import type { WarehouseReader } from '@orderflow/shared/aws';
import { caseOf, reviewedSql, type ReviewedCase } from './cases.ts';
import type { ExportOptions } from './options.ts';

export interface ExportDeps {
  readonly warehouse: WarehouseReader;
  readonly out: (line: string) => void;
  readonly note: (line: string) => void;
  readonly write: (file: string, text: string) => void;
}

/** The model leaned one way and the person went the other. */
const isOverride = ({ model, expect }: ReviewedCase): boolean => model !== null && (model.approve >= 0.5) !== (expect.decision === 'approve');

/**
 * Writes what people decided as cases to train and to examine with, a line each, and beside it `<file>.manifest.json` with
 * its hash, period and counts.
 * @returns the exit status: 0; 1 when the warehouse cannot be read, or there is nothing to write
 */
export async function exportTraining({ from, to, out, stage }: ExportOptions, deps: ExportDeps): Promise<number> {
  let rows;
  try {
    rows = await deps.warehouse.rows(reviewedSql, { from_day: from, to_day: to });
  } catch (error) {
    deps.note(`export-training: the warehouse of ${stage} cannot be read: ${error instanceof Error ? error.message : 'unknown'}${stage === 'local' ? '; is the local cloud running (npm start)?' : ''}`);
    return 1;
  }
  const cases = rows.flatMap((row) => caseOf(row) ?? []);
  const wordless = rows.length - cases.length;
  if (cases.length === 0) {
    deps.note(`nothing to export: people answered ${rows.length} returns from ${from} until ${to}${rows.length > 0 ? ', none of them with words' : ''}`);
    return 1;
  }
  const lines = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const overrides = cases.filter(isOverride).length;
  const judged = cases.filter(({ model }) => model !== null).length;
  deps.write(out, lines);
  deps.write(`${out}.manifest.json`, `${JSON.stringify({ file: out.split('/').at(-1), sha256, from, to, cases: cases.length, wordless, judged, overrides, models: [...new Set(cases.flatMap(({ model }) => model?.version ?? []))].sort() }, undefined, 2)}\n`);
  deps.out(`${cases.length} answered returns in ${out}, ${wordless} without words left out`);
  deps.out(`the model had an opinion on ${judged}; people went the other way on ${overrides}`);
  deps.out(`sha256 ${sha256}`);
  return 0;
}
