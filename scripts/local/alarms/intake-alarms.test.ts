import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import { parse } from 'yaml';
import { silentLog } from '@orderflow/shared/lambda';
import type { StreamPort } from '@orderflow/shared/stream';
import { handle as drain, type DrainDeps } from '../../../services/ingest/src/drain-overflow/handle.ts';
import { handle as fetchOrder } from '../../../services/ingest/src/fetch-order/handle.ts';
import type { FetchDeps } from '../../../services/ingest/src/fetch-order/ports.ts';
import { packOverflow } from '../../../services/ingest/src/intake/overflow.ts';
import { streamNames, type StreamName } from '../../../services/ingest/src/intake/stream-names.ts';
import { refusal } from '../../../services/ingest/src/intake/refusals.ts';
import { countingMeter } from '../../../services/ingest/src/producer/meter.ts';
import { memoryIntake } from '../../../services/ingest/src/testing/memory.ts';
import { memoryVendor } from '../../../services/ingest/src/testing/memory-vendor.ts';
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

  const minute = 60_000;

  /** The engine with one of these alarms, from `begin` on; what `meter` counts is recorded by its report. */
  function engine(name: string) {
    const folder = mkdtempSync(join(tmpdir(), 'intake-alarms-'));
    const metrics = openMetricFile(join(folder, 'metrics.db'));
    const alarms = openAlarms({ file: join(folder, 'alarms.db'), metrics, region: 'eu-west-1', accountId: '000000000000' });
    const told: string[] = [];
    alarms.start({ publish: async (topic) => void told.push(topic), invoke: async () => undefined, emit: () => undefined });
    const begin = Math.floor(Date.now() / minute / 5 - 24) * 5 * minute;
    const time = { now: begin };
    const watched = ofIntake.find(({ AlarmName }) => AlarmName === name);
    alarms.put(alarmFrom({ ...watched, AlarmActions: ['arn:aws:sns:eu-west-1:000000000000:alerts'] }, begin));
    const clock = (): number => time.now;
    const write = (line: string): void => embeddedMetrics(line, time.now, (...point) => metrics.record(...point));
    return {
      told, time, begin, clock, meter: countingMeter(write, clock, 'local'),
      state: () => alarms.get(name)?.state,
      evaluate: () => alarms.evaluate(time.now, begin),
      [Symbol.dispose]() {
        alarms.close();
        metrics.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }

  it('tell when a notice will not be fetched', async () => {
    using alarm = engine('orderflow-local-fetch-given-up');
    const deps: FetchDeps = {
      ...memoryIntake(), vendor: memoryVendor(alarm.clock), results: { put: async () => undefined }, queue: { hide: async () => undefined }, unfetched: { put: async () => undefined },
      clock: alarm.clock, meter: alarm.meter,
    };
    const run = async (...bodies: string[]): Promise<void> => {
      const Records = bodies.map((body) => ({ messageId: 'm', body, attributes: {} }) as SQSRecord);
      await fetchOrder({ Records }, deps, { remainingMs: () => 100_000 });
      alarm.meter.report();
      alarm.time.now += 6 * minute;
      await alarm.evaluate();
    };
    await run();
    expect([alarm.state(), alarm.told]).toEqual(['OK', []]);
    await run('not a notice');
    expect([alarm.state(), alarm.told]).toEqual(['ALARM', ['arn:aws:sns:eu-west-1:000000000000:alerts']]);
  });

  it('tell when the overflow ages, and when it is empty again', async () => {
    using alarm = engine('orderflow-local-overflow-age');
    const { begin, time, clock, meter, state, told } = alarm;
    // drain-overflow runs every minute, and cannot read the overflow until that is mended
    let mended = false;
    const held = new Map([['overflow/1', await packOverflow([{ stream: 'events', partitionKey: 'k', data: Buffer.from('{}') }])]]);
    const taking: StreamPort = { put: async (records) => records.map(() => ({ ok: true })) };
    const deps: DrainDeps = {
      store: {
        list: async () => [...held.keys()].map((key) => ({ key, writtenAt: begin })),
        get: async (key) => (mended ? held.get(key) : Promise.reject(new Error('S3 is slow'))), remove: async (key) => void held.delete(key),
        replace: async (key, body) => void held.set(key, Buffer.from(body)),
      },
      streams: Object.fromEntries(streamNames.map((name) => [name, taking])) as Record<StreamName, StreamPort>,
      quarantine: { put: async () => undefined }, clock, log: silentLog, meter,
    };
    const run = async (minutes: number): Promise<void> => {
      for (const end = time.now + minutes * minute; time.now < end; time.now += minute) {
        await drain({}, deps, { remainingMs: () => 60_000 });
        meter.report();
      }
      await alarm.evaluate();
    };
    await run(10);
    expect(state()).toBe('OK');
    await run(5);
    expect([state(), told]).toEqual(['ALARM', ['arn:aws:sns:eu-west-1:000000000000:alerts']]);
    mended = true;
    await run(10);
    expect([state(), held.size]).toEqual(['OK', 0]);
  });
});
