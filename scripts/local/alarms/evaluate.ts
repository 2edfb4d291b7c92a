import { COMPARISONS, type Alarm, type AlarmState } from './alarm.ts';

/** A datapoint of a whole period: its beginning (epoch milliseconds), and its value or undefined without data. */
export interface Datapoint { readonly at: number; readonly value: number | undefined }

/** What an evaluation comes to; undefined: the state stays. */
export interface Judgement {
  readonly state: AlarmState;
  readonly reason: string;
  /** Those that it goes by, the latest last. */
  readonly points: readonly Datapoint[];
}

/** CloudWatch looks a little further back than EvaluationPeriods, for points in place of missing ones. */
export const LOOKED_FURTHER = 2;

const two = (value: number): string => String(value).padStart(2, '0');
const moment = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCFullYear() % 100)} ${date.toISOString().slice(11, 19)}`;
};
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/**
 * Judges the latest datapoints, oldest first: those of the evaluation periods and `LOOKED_FURTHER` before them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(alarm: Alarm, points: readonly Datapoint[]): Judgement | undefined {
  const { evaluationPeriods: periods, datapointsToAlarm: needed, threshold, missing } = alarm;
  const { words, breaches } = COMPARISONS[alarm.comparison];
  const existing = points.filter((point): point is { at: number; value: number } => point.value !== undefined).slice(-periods);
  const breaching = existing.filter((point) => breaches(point.value, threshold));
  const filled = periods - existing.length;
  const shown = points.slice(-periods);

  const told = (state: 'OK' | 'ALARM'): Judgement => {
    const used = state === 'ALARM' ? breaching : existing.filter((point) => !breaches(point.value, threshold));
    const counted = state === 'ALARM' ? Math.min(periods, used.length + (missing === 'breaching' ? filled : 0)) : used.length;
    const list = (used.length > 0 ? used : existing).slice(-5).reverse().map((point) => `${decimal(point.value)} (${moment(point.at)})`).join(', ');
    if (existing.length === 0) {
      const treated = missing === 'breaching' ? 'Breaching' : 'NonBreaching';
      return { state, points: shown, reason: `Threshold Crossed: no datapoints were received for ${periods} period${periods === 1 ? '' : 's'} and ${periods} missing datapoint${periods === 1 ? ' was' : 's were'} treated as [${treated}].` };
    }
    const many = counted === 1 ? 'datapoint' : 'datapoints';
    const verb = counted === 1 ? 'was' : 'were';
    return {
      state, points: shown,
      reason: `Threshold Crossed: ${counted} out of the last ${periods} ${many} [${list}] ${verb} ${state === 'OK' ? 'not ' : ''}${words} the threshold (${decimal(threshold)}) (minimum ${state === 'ALARM' ? needed : periods - needed + 1} datapoint${(state === 'ALARM' ? needed : periods - needed + 1) === 1 ? '' : 's'} for ${state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`,
    };
  };
  if (breaching.length >= needed) return told('ALARM');
  if (filled === 0) return told('OK');
  switch (missing) {
    case 'breaching':
      return told(breaching.length + filled >= needed ? 'ALARM' : 'OK');
    case 'notBreaching':
      return told('OK');
    case 'ignore':
      return existing.length > breaching.length ? told('OK') : undefined;
    case 'missing':
      if (existing.length === 0) return { state: 'INSUFFICIENT_DATA', points: shown, reason: `Insufficient Data: ${periods} datapoint${periods === 1 ? ' was' : 's were'} unknown.` };
      return told(breaching.length === existing.length ? 'ALARM' : 'OK');
  }
}
