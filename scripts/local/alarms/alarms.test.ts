import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMetricFile, type MetricFile } from '../metrics/store.ts';
import { alarmFrom } from './alarm.ts';
import { openAlarms, type Alarms } from './alarms.ts';

const MINUTE = 60_000;
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:alerts';
let folder: string;
let metrics: MetricFile;
let alarms: Alarms;
const published: { topic: string; subject: string; message: Record<string, unknown> }[] = [];
const invoked: Record<string, unknown>[] = [];
const emitted: unknown[] = [];
// whole minutes of a day that is past
const begin = Math.floor(Date.now() / MINUTE - 60) * MINUTE;

const open = (): void => {
  metrics = openMetricFile(join(folder, 'metrics.db'));
  alarms = openAlarms({ file: join(folder, 'alarms.db'), metrics, region: 'eu-west-1', accountId: '000000000000' });
  alarms.start({
    publish: async (topic, message, subject) => void published.push({ topic, subject, message: JSON.parse(message) as Record<string, unknown> }),
    invoke: async (_arn, payload) => void invoked.push(JSON.parse(payload) as Record<string, unknown>),
    emit: (event) => void emitted.push(event),
  });
};
const close = (): void => {
  alarms.close();
  metrics.close();
};
const put = (more: object = {}) => alarms.put(alarmFrom({
  AlarmName: 'errors', AlarmDescription: 'too many', Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: 'f' }], Statistic: 'Sum', Period: 60, EvaluationPeriods: 2, Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching', AlarmActions: [TOPIC], OKActions: ['arn:aws:lambda:eu-west-1:000000000000:function:told'], ...more,
}, begin));
const errors = (minute: number, value: number) => metrics.record('AWS/Lambda', 'Errors', { FunctionName: 'f' }, value, begin + minute * MINUTE + 1000);
const state = () => alarms.get('errors')?.state;
const evaluate = (minute: number, since = 0) => alarms.evaluate(begin + minute * MINUTE, since);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alarms-'));
  for (const list of [published, invoked, emitted]) list.length = 0;
  open();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

test('from unknown to OK to ALARM and back, each told once', async () => {
  put();
  expect(alarms.get('errors')).toMatchObject({ state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation' });
  errors(0, 1);
  await evaluate(2);
  expect([state(), invoked.length, published.length]).toEqual(['OK', 1, 0]);
  errors(2, 3);
  errors(3, 2);
  errors(3, 2);
  await evaluate(3);
  expect(state()).toBe('OK');
  await evaluate(4);
  await evaluate(4);
  expect(state()).toBe('ALARM');
  expect(published).toEqual([{
    topic: TOPIC, subject: 'ALARM: "errors" in EU (Ireland)',
    message: expect.objectContaining({
      AlarmName: 'errors', AlarmDescription: 'too many', NewStateValue: 'ALARM', OldStateValue: 'OK', Region: 'EU (Ireland)', AWSAccountId: '000000000000',
      NewStateReason: expect.stringMatching(/^Threshold Crossed: 2 out of the last 2 datapoints \[4\.0 \(.*\), 3\.0 \(.*\)\] were greater than the threshold \(1\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/) as unknown,
      Trigger: expect.objectContaining({ MetricName: 'Errors', Statistic: 'SUM', Period: 60, EvaluationPeriods: 2, Dimensions: [{ name: 'FunctionName', value: 'f' }], TreatMissingData: 'notBreaching' }) as unknown,
    }) as unknown,
  }]);
  expect(emitted.at(-1)).toMatchObject({ source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail: { state: { value: 'ALARM' }, previousState: { value: 'OK' } } });
  await evaluate(8);
  expect(state()).toBe('OK');
  expect(invoked.at(-1)).toMatchObject({ source: 'aws.cloudwatch', alarmData: { alarmName: 'errors', state: { value: 'OK' } } });
  expect(alarms.history('errors').map((item) => item.type)).toEqual(['Action', 'StateUpdate', 'Action', 'StateUpdate', 'Action', 'StateUpdate', 'ConfigurationUpdate']);
});

test('time in which the local cloud was not there is no missing data', async () => {
  put({ TreatMissingData: 'breaching' });
  await evaluate(10, begin + 9 * MINUTE);
  expect(state()).toBe('INSUFFICIENT_DATA');
  await evaluate(11, begin + 9 * MINUTE);
  expect(state()).toBe('ALARM');
});

test('a state set by hand acts as one found, and is found again after a restart; disabled actions are still', async () => {
  put();
  alarms.setState('errors', 'ALARM', 'by hand', '');
  await new Promise((done) => setImmediate(done));
  expect(published).toHaveLength(1);
  close();
  open();
  expect(alarms.get('errors')).toMatchObject({ state: 'ALARM', reason: 'by hand' });
  put({ ActionsEnabled: false });
  alarms.setState('errors', 'OK', 'by hand', '');
  alarms.setState('errors', 'ALARM', 'by hand', '');
  await new Promise((done) => setImmediate(done));
  expect(published).toHaveLength(1);
  expect(() => alarms.remove(['errors', 'none'])).toThrow('none does not exist');
  expect(alarms.all()).toHaveLength(1);
  alarms.remove(['errors']);
  expect(alarms.all()).toHaveLength(0);
});
