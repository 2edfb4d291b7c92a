import type { AlertNotice } from '@orderflow/shared/notices';
import type { Reconciliation } from './handle.ts';

const mostExamples = 5;

/** What those in charge are told: a group a kind of difference and a broken check, with keys and what to do. */
export const alertOf = ({ run, byKind, named, faults, damaged }: Reconciliation, stage: string, at: string): AlertNotice => ({
  schema: 'orderflow.alert.v1', id: `reconcile-${run}`, at, stage,
  groups: [
    ...Object.entries(byKind).map(([kind, count]) => ({
      code: `RECONCILE: ${kind}`, state: 'new' as const, count, examples: named.filter((one) => one.kind === kind).slice(0, mostExamples).map(({ key }) => key),
      action: `SELECT * FROM reconcile_difference WHERE run_id = '${run}'; npm run rebuild -- --from DATE reads the raw archive of that day again`,
    })),
    ...(damaged > 0 ? [{ code: 'RECONCILE: raw archive damaged', state: 'new' as const, count: damaged, examples: [], action: 'the log of tally (ARCHIVE_DAMAGED) names the objects; what they held is not compared' }] : []),
    ...faults.map(({ check, count, keys }) => ({
      code: `RECONCILE: broken: ${check}`, state: 'new' as const, count, examples: keys.slice(0, mostExamples), action: 'npm run rebuild -- --fresh --yes makes the tables anew from the landed files',
    })),
  ],
});
