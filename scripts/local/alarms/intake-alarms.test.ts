import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { silentLog } from '@orderflow/shared/lambda';
import type { StreamPort } from '@orderflow/shared/stream';
import { handle as drain, type DrainDeps } from '../../../services/ingest/src/drain-overflow/handle.ts';
import { packOverflow } from '../../../services/ingest/src/intake/overflow.ts';
import { streamNames, type StreamName } from '../../../services/ingest/src/intake/stream-names.ts';
import { refusal } from '../../../services/ingest/src/intake/refusals.ts';
import { countingMeter } from '../../../services/ingest/src/producer/meter.ts';
import { embeddedMetrics } from '../metrics/embedded-format.ts';
import { openMetricFile } from '../metrics/store.ts';
import { alarmFrom } from './alarm.ts';
import { openAlarms } from './alarms.ts';

interface AlarmProperties { AlarmName: string; MetricName: string; Namespace: string; Dimensions: { Name: string; Value: string }[]; AlarmActions: string[] }

const ingest = join(__dirname, '../../../services/ingest');
const text = readFileSync(join(ingest, 'serverless.yml'), 'utf8').replaceAll('${sls:stage}', 'local').replaceAll('${self:service}', 'orderflow-ingest');
interface Part { readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties: AlarmProperties }>> }
const { resources } = parse(text, { logLevel: 'silent' }) as { resources: readonly (Part | string)[] };
const ofIntake = resources.flatMap((part) => (typeof part === 'string' ? [] : Object.values(part.Resources ?? {})))
  .filter(({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.Namespace === 'orderflow-local')
  .map(({ Properties }) => Properties);

const sources = readdirSync(join(ingest, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(ingest, 'src', file), 'utf8'))
  .join('\n');

describe('alarms of intake', () => {
  it.each(ofIntake.map((alarm) => [alarm.AlarmName, alarm] as const))('%s watches what is measured, under the name it has', (_, { MetricName, Dimensions, AlarmActions }) => {
    expect(sources).toMatch(new RegExp(`meter\\.(count|milliseconds)\\('${MetricName}'`));
    expect(Dimensions[0]).toEqual({ Name: 'service', Value: 'orderflow-ingest' });
    for (const { Name, Value } of Dimensions.slice(1)) expect([Name, refusal(Value as Parameters<typeof refusal>[0]).status]).toEqual(['reason', expect.any(Number)]);
    expect(AlarmActions).toHaveLength(1);
  });

  it('tell when the overflow ages, and when it is empty again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'intake-alarms-'));
    const metrics = openMetricFile(join(folder, 'metrics.db'));
    const alarms = openAlarms({ file: join(folder, 'alarms.db'), metrics, region: 'eu-west-1', accountId: '000000000000' });
    const told: string[] = [];
    alarms.start({ publish: async (topic) => void told.push(topic), invoke: async () => undefined, emit: () => undefined });
    try {
      const minute = 60_000;
      const begin = Math.floor(Date.now() / minute / 5 - 24) * 5 * minute;
      const watched = ofIntake.find(({ AlarmName }) => AlarmName === 'orderflow-local-overflow-age');
      alarms.put(alarmFrom({ ...watched, AlarmActions: ['arn:aws:sns:eu-west-1:000000000000:alerts'] }, begin));
      const state = () => alarms.get('orderflow-local-overflow-age')?.state;

      // drain-overflow runs every minute, and cannot read the overflow until that is mended
      let [now, mended] = [begin, false];
      const held = new Map([['overflow/1', await packOverflow([{ stream: 'events', partitionKey: 'k', data: Buffer.from('{}') }])]]);
      const taking: StreamPort = { put: async (records) => records.map(() => ({ ok: true })) };
      const write = (line: string): void => embeddedMetrics(line, now, (...point) => metrics.record(...point));
      const meter = countingMeter(write, () => now, 'local');
      const deps: DrainDeps = {
        store: {
          list: async () => [...held.keys()].map((key) => ({ key, writtenAt: begin })),
          get: async (key) => (mended ? held.get(key) : Promise.reject(new Error('S3 is slow'))), remove: async (key) => void held.delete(key),
          replace: async (key, body) => void held.set(key, Buffer.from(body)),
        },
        streams: Object.fromEntries(streamNames.map((name) => [name, taking])) as Record<StreamName, StreamPort>,
        quarantine: { put: async () => undefined }, clock: () => now, log: silentLog, meter,
      };
      const run = async (minutes: number): Promise<void> => {
        for (const end = now + minutes * minute; now < end; now += minute) {
          await drain({}, deps, { remainingMs: () => 60_000 });
          meter.report();
        }
        await alarms.evaluate(now, begin);
      };
      await run(10);
      expect(state()).toBe('OK');
      await run(5);
      expect([state(), told]).toEqual(['ALARM', ['arn:aws:sns:eu-west-1:000000000000:alerts']]);
      mended = true;
      await run(10);
      expect([state(), held.size]).toEqual(['OK', 0]);
    } finally {
      alarms.close();
      metrics.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
