import type { Tools } from '@orderflow/shared/lambda';
import { NoticeOutcomeUnknown, type AlertNotice, type StaffNotifier } from '@orderflow/shared/notices';
import type { InFlightStore } from '@orderflow/shared/store';
import { digestOf } from '../digest.ts';
import { findExecutions, type StatusOf } from '../find/executions.ts';
import { findInFlight } from '../find/in-flight.ts';
import { findObjects, type ListObjects } from '../find/objects.ts';
import type { Memory, WatchTable } from '../watch-table.ts';

export interface Deps extends Tools {
  readonly stage: string;
  readonly store: InFlightStore;
  readonly table: WatchTable;
  readonly statusOf: StatusOf;
  readonly list: ListObjects;
  readonly buckets: { readonly failures: string; readonly quarantine: string };
  readonly staff: StaffNotifier;
  /** Subscribers of the alert topic that have confirmed. */
  readonly listeners: () => Promise<number>;
}

export interface Watched {
  readonly groups: number;
  readonly told: boolean;
}

/** A digest that was begun this long ago and never finished is told again: better twice than not at all. */
const unfinishedAfterMs = 4 * 60_000;

/**
 * Looks for what is stuck, failed or parked too long and tells it in one digest. Overlapping and doubled runs are
 * harmless: of those that found the same, the one that writes the memory first tells.
 */
export async function handle(_: unknown, deps: Deps): Promise<Watched> {
  const { table, clock, log, meter } = deps;
  const now = clock();
  const memory = await table.recall();
  if (memory.telling !== undefined && now - (memory.tellingSince ?? 0) < unfinishedAfterMs) return quiet(deps, 0);
  if (memory.telling !== undefined) await tell(memory.telling, memory, deps);

  const findings = (
    await Promise.all([findInFlight(deps.store, now), findExecutions(table, deps.statusOf), findObjects(deps.list, deps.buckets, now)])
  ).flat();
  for (const { code, where, count } of findings) log.warn('WATCH_FOUND', { cause: code, where, count });
  meter.count('Failures', findings.reduce((sum, one) => sum + one.count, 0));
  if ((await deps.listeners()) === 0) {
    meter.count('NobodyListens');
    log.error('WATCH_UNHEARD');
  }

  const current = await table.recall();
  const { groups, after } = digestOf(current.told, findings, now);
  if (groups.length === 0) return quiet(deps, findings.length);
  const notice: AlertNotice = {
    schema: 'orderflow.alert.v1', id: `digest-${current.revision + 1}`, at: new Date(now).toISOString(), stage: deps.stage, groups: [...groups],
  };
  const next = { told: after, telling: JSON.stringify(notice), tellingSince: now };
  if (!(await table.remember(next, current.revision))) return quiet(deps, findings.length);
  await tell(next.telling, { ...next, revision: current.revision + 1 }, deps);
  meter.count('Heartbeat');
  return { groups: groups.length, told: true };
}

const quiet = ({ log, meter }: Deps, groups: number): Watched => {
  log.info('WATCH_QUIET', { groups });
  // its absence is an alarm
  meter.count('Heartbeat');
  return { groups, told: false };
};

async function tell(text: string, memory: Memory, { staff, table, log }: Deps): Promise<void> {
  const notice = JSON.parse(text) as AlertNotice;
  try {
    await staff.notify('alerts', notice);
    log.info('WATCH_DIGEST', { groups: notice.groups.length });
  } catch (error) {
    // may have gone out: the next run tells it again
    if (!(error instanceof NoticeOutcomeUnknown)) throw error;
    log.error('NOTICE_UNKNOWN', { reason: error.code });
    return;
  }
  await table.remember({ told: memory.told }, memory.revision);
}
