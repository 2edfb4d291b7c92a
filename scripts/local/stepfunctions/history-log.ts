import { detailsWith, type HistoryEvent } from './history.ts';
import type { StateMachine } from './machines.ts';
import type { ExecutionRow } from './store.ts';

/** Event types that each level lets through. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level */
const FATAL = /^Execution(Failed|Aborted|TimedOut)$|^FailStateEntered$/;
const ERROR = /(Failed|TimedOut|Aborted)$|^FailStateEntered$/;

/** Writes an execution's events to its machine's log groups, `undefined` if it has none. */
export function historyLog(machine: StateMachine, row: ExecutionRow, log: (group: string, stream: string, message: string, at: number) => void): ((event: HistoryEvent) => void) | undefined {
  const { level = 'OFF', includeExecutionData = false, destinations = [] } = machine.logging;
  const groups = destinations.map(({ cloudWatchLogsLogGroup }) => cloudWatchLogsLogGroup.logGroupArn.replace(/^.*:log-group:/, '').replace(/:\*$/, ''));
  if (level === 'OFF' || groups.length === 0) return undefined;
  const stream = `states/${machine.name}/${new Date(row.started).toISOString().slice(0, 13).replace('T', '-')}`;
  return (event) => {
    if ((level === 'FATAL' && !FATAL.test(event.type)) || (level === 'ERROR' && !ERROR.test(event.type))) return;
    const line = JSON.stringify({
      id: String(event.id), type: event.type, details: detailsWith(event.details ?? {}, includeExecutionData), redrive_count: String(row.redrives),
      previous_event_id: String(event.previousEventId), event_timestamp: String(Math.round(event.timestamp)), execution_arn: row.arn,
    });
    for (const group of groups) log(group, stream, line, event.timestamp);
  };
}
