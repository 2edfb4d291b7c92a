import { mostExamples, type Finding } from '../finding.ts';
import type { FailedExecution, WatchTable } from '../watch-table.ts';

/** Status of an execution now; undefined where it is known no more. */
export type StatusOf = (arn: string) => Promise<string | undefined>;

/** Failed executions read in a run, and of them those asked about. */
const most = 500;
const asked = 25;

/** Failed executions that nobody has redriven; one that runs or has succeeded since is dropped. */
export async function findExecutions(table: WatchTable, statusOf: StatusOf): Promise<Finding[]> {
  const failed = await table.failed(most);
  const over = new Set<string>();
  for (const { arn } of failed.slice(0, asked)) {
    const status = await statusOf(arn);
    if (status === undefined || status === 'SUCCEEDED' || status === 'RUNNING') {
      await table.dropFailed(arn);
      over.add(arn);
    }
  }
  const byMachine = new Map<string, FailedExecution[]>();
  for (const one of failed) if (!over.has(one.arn)) byMachine.set(one.machine, [...(byMachine.get(one.machine) ?? []), one]);
  return [...byMachine].map(([where, list]) => ({
    code: 'EXECUTION_FAILED',
    where,
    count: list.length,
    since: list[0]?.at ?? 0,
    examples: [...new Set(list.map((one) => one.key ?? one.arn.split(':').at(-1) ?? ''))].slice(0, mostExamples),
  }));
}
