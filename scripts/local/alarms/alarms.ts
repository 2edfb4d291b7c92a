import { AwsError } from '../service.ts';
import { statistic } from '../metrics/statistic.ts';
import type { MetricFile } from '../metrics/store.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import { judge, LOOKED_FURTHER, type Datapoint } from './evaluate.ts';
import { functionEvent, stateChangeEvent, topicMessage, type Transition } from './message.ts';
import { openAlarmFile, type HistoryItem, type KeptAlarm } from './store.ts';

/** Where alarms tell of their changes. */
export interface AlarmPorts {
  publish(topicArn: string, message: string, subject: string): Promise<unknown>;
  invoke(functionArn: string, payload: string): Promise<unknown>;
  emit(event: ReturnType<typeof stateChangeEvent>): unknown;
}

export interface Alarms {
  put(alarm: Alarm): void;
  /** @throws AwsError ResourceNotFound, and removes none then */
  remove(names: readonly string[]): void;
  all(): KeptAlarm[];
  get(name: string): KeptAlarm | undefined;
  /** By hand; until the next evaluation finds something else. @throws AwsError ResourceNotFound */
  setState(name: string, state: AlarmState, reason: string, reasonData: string): void;
  history(name?: string): HistoryItem[];
  arnOf(name: string): string;
  /** Evaluates every minute from now on. What was before this call is no missing data: the local cloud was not there. */
  start(ports: AlarmPorts): void;
  /** Judges every alarm at `now` (epoch milliseconds) by periods that began at or after `since`; resolves when all actions are through. */
  evaluate(now: number, since: number): Promise<void>;
  close(): void;
}

export interface AlarmOptions { readonly file: string; readonly metrics: Pick<MetricFile, 'points' | 'unitOf'>; readonly region: string; readonly accountId: string }

const MINUTE = 60_000;
/** Data of a minute may come a little after it. */
const SETTLE_MS = 5000;

export function openAlarms({ file, metrics, region, accountId }: AlarmOptions): Alarms {
  const store = openAlarmFile(file);
  let ports: AlarmPorts | undefined;
  let timer: NodeJS.Timeout | undefined;
  const arnOf = (name: string): string => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
  const need = (name: string): KeptAlarm => {
    const kept = store.get(name);
    if (!kept) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
    return kept;
  };
  const act = async (transition: Transition, action: string): Promise<void> => {
    const { alarm, at } = transition;
    const done = (summary: string): void => store.note({ name: alarm.name, at, type: 'Action', summary, data: JSON.stringify({ actionState: summary.startsWith('Successfully') ? 'Succeeded' : 'Failed', notificationResource: action, stateUpdateTimestamp: at }) });
    try {
      if (action.includes(':sns:')) {
        const { subject, message } = topicMessage(transition);
        await ports?.publish(action, message, subject);
      } else if (action.includes(':lambda:')) await ports?.invoke(action, functionEvent(transition));
      else throw new Error('the local cloud tells topics and functions only');
      done(`Successfully executed action ${action}`);
    } catch (error) {
      process.stderr.write(`local cloud: alarm ${alarm.name}: action ${action} failed: ${String(error)}\n`);
      done(`Failed to execute action ${action}. Received error: "${String(error)}"`);
    }
  };
  const change = async (before: KeptAlarm, state: AlarmState, reason: string, reasonData: string, at: number): Promise<void> => {
    const { alarm } = before;
    store.put({ ...before, state, reason, reasonData, stateAt: at, transitionedAt: state === before.state ? before.transitionedAt : at });
    if (state === before.state) return;
    const transition: Transition = { alarm, arn: arnOf(alarm.name), region, accountId, before, state, reason, reasonData, at };
    const shown = (value: string, why: string): object => ({ stateValue: value, stateReason: why });
    store.note({ name: alarm.name, at, type: 'StateUpdate', summary: `Alarm updated from ${before.state} to ${state}`, data: JSON.stringify({ version: '1.0', oldState: shown(before.state, before.reason), newState: shown(state, reason) }) });
    await Promise.resolve(ports?.emit(stateChangeEvent(transition))).catch((error: unknown) => process.stderr.write(`local cloud: alarm ${alarm.name}: ${String(error)}\n`));
    if (alarm.actionsEnabled) for (const action of alarm.actions[state]) await act(transition, action);
  };
  /** Of whole periods that ended by `now`, the oldest first; none before `since`. */
  const pointsOf = (alarm: Alarm, now: number, since: number): Datapoint[] => {
    const period = alarm.periodSeconds * 1000;
    const end = Math.floor(now / period) * period;
    const begin = Math.max(end - (alarm.evaluationPeriods + LOOKED_FURTHER) * period, Math.ceil(since / period) * period);
    const metric = { namespace: alarm.namespace, name: alarm.metric, dimensions: alarm.dimensions };
    const there = alarm.unit === undefined || ['None', alarm.unit].includes(metrics.unitOf(metric)) ? metrics.points(metric, begin, end, alarm.periodSeconds) : [];
    const found = new Map(there.map((point) => [point.at, point.summary]));
    const points: Datapoint[] = [];
    for (let at = begin; at < end; at += period) {
      const summary = found.get(at);
      points.push({ at, value: summary && statistic(summary, alarm.statistic) });
    }
    return points;
  };
  const evaluate: Alarms['evaluate'] = async (now, since) => {
    for (const kept of store.all()) {
      const { alarm } = kept;
      const points = pointsOf(alarm, now, since);
      if (points.length < alarm.evaluationPeriods) continue;
      const judged = judge(alarm, points);
      if (!judged || judged.state === kept.state) continue;
      const values = judged.points.flatMap((point) => (point.value === undefined ? [] : [point.value]));
      await change(kept, judged.state, judged.reason, JSON.stringify({
        version: '1.0', queryDate: new Date(now).toISOString().replace('Z', '+0000'), startDate: new Date(judged.points[0]?.at ?? now).toISOString().replace('Z', '+0000'), statistic: alarm.statistic,
        period: alarm.periodSeconds, recentDatapoints: values, threshold: alarm.threshold, evaluatedDatapoints: judged.points.map((point) => ({ timestamp: new Date(point.at).toISOString().replace('Z', '+0000'), ...(point.value === undefined ? {} : { value: point.value }) })).reverse(),
      }), now);
    }
  };
  return {
    put(alarm) {
      const before = store.get(alarm.name);
      const now = alarm.configuredAt;
      // what becomes of the state is for the next evaluation to say
      store.put(before ? { ...before, alarm } : { alarm, state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', reasonData: '', stateAt: now, transitionedAt: now });
      store.note({ name: alarm.name, at: now, type: 'ConfigurationUpdate', summary: `Alarm "${alarm.name}" ${before ? 'updated' : 'created'}`, data: JSON.stringify({ version: '1.0', type: before ? 'Update' : 'Create' }) });
    },
    remove(names) {
      names.forEach(need);
      for (const name of names) {
        store.remove(name);
        store.note({ name, at: Date.now(), type: 'ConfigurationUpdate', summary: `Alarm "${name}" deleted`, data: JSON.stringify({ version: '1.0', type: 'Delete' }) });
      }
    },
    all: () => store.all(),
    get: (name) => store.get(name),
    setState: (name, state, reason, reasonData) => void change(need(name), state, reason, reasonData, Date.now()),
    history: (name) => store.history(name),
    arnOf,
    start(given) {
      ports = given;
      const since = Date.now();
      const next = (): void => {
        timer = setTimeout(() => void evaluate(Date.now() - SETTLE_MS, since).catch((error: unknown) => process.stderr.write(`local cloud: alarms: ${String(error)}\n`)).finally(next), MINUTE - ((Date.now() - SETTLE_MS) % MINUTE));
        timer.unref();
      };
      next();
    },
    evaluate,
    close() {
      clearTimeout(timer);
      store.close();
    },
  };
}
