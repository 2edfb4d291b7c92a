import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { Documents } from '../documents.ts';
import { openJournal, type Journal } from '../journal.ts';
import { StreamStore } from '../kinesis/stream-store.ts';
import type { InvocationResult } from '../lambda/function.ts';
import { createMappings, type Mappings } from '../mappings.ts';
import { AwsError } from '../service.ts';
import { mappingFrom } from './settings.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/events';
const ok: InvocationResult = { requestId: 'r', payload: 'null', durationMs: 1 };
let folder: string;
let store: StreamStore;
let journal: Journal;
let documents: Documents;
let mappings: Mappings;
let batches: string[];
let held: Promise<void> | undefined;
let seen = (): void => undefined;
let unreadable: AwsError | undefined;

function open(): void {
  store = new StreamStore(join(folder, 'kinesis.db'));
  store.ensure('events', { shardCount: 1 });
  journal = openJournal(join(folder, 'compute.sqlite'));
  documents = new Documents(join(folder, 'documents.sqlite'));
  mappings = createMappings({
    journal, clock: systemClock, region: 'eu-west-1', streams: store, storage: undefined as never, gatherMs: 0, backoffMs: 1, backoffMaxMs: 4, rows: documents.collection('event-source-mapping'),
    functionOf: (name) => ({ name, arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}` }),
    check() {
      if (unreadable) throw unreadable;
    },
    roleOf: () => '', metric: () => undefined, discard: () => Promise.resolve(),
    async invoke(name, payload) {
      const { Records } = JSON.parse(payload) as { Records: { kinesis: { data: string } }[] };
      batches.push(`${name}: ${Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()).join('')}`);
      seen();
      await held;
      return ok;
    },
  });
}
async function close(): Promise<void> {
  await mappings.close();
  journal.close();
  documents.close();
  await store.close();
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  [batches, held, unreadable] = [[], undefined, undefined];
  open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (text: string) => void store.append('events', store.route('events', [...text].map((one) => ({ partitionKey: 'k', data: Buffer.from(one) }))));
const until = (fits: () => boolean) => new Promise<void>((resolve) => {
  seen = () => {
    if (fits()) resolve();
  };
  seen();
});
const steady = async (uuid: string): Promise<string> => {
  while (!/abled$/.test(mappings.get(uuid).state)) await new Promise((turn) => setImmediate(turn));
  return mappings.get(uuid).state;
};
const settings = { FunctionName: 'f', EventSourceArn: ARN, StartingPosition: 'TRIM_HORIZON' };

test('a mapping made by the API goes on after a restart where it stood, with what was changed', async () => {
  const { row: { uuid } } = await mappings.create({ ...settings, BatchSize: 1 });
  put('a');
  await until(() => batches.length === 1);
  await steady(uuid);
  await mappings.update(uuid, { BatchSize: 2, FunctionName: 'g' });
  await steady(uuid);
  await close();
  open();
  mappings.resume();
  put('bc');
  await until(() => batches.length === 2);
  expect(batches).toEqual(['f: a', 'g: bc']);
  expect(await steady(uuid)).toBe('Enabled');
});

test('a disabled one stays so over a restart, also when its template is deployed again as it was; a changed template is obeyed', async () => {
  const definition = (more: object) => mappingFrom('u', 'f', 'arn:f', { ...settings, ...more });
  await mappings.deploy(definition({}));
  await mappings.update('u', { Enabled: false });
  expect(await steady('u')).toBe('Disabled');
  await close();
  open();
  await mappings.deploy(definition({}));
  expect(mappings.get('u').state).toBe('Disabled');
  await mappings.deploy(definition({ BatchSize: 3 }));
  expect(mappings.get('u').state).toBe('Enabled');
});

test('it is in use until its running batch has ended, and tells its state meanwhile', async () => {
  let release = (): void => undefined;
  held = new Promise((done) => (release = done));
  const { row: { uuid } } = await mappings.create(settings);
  expect(mappings.get(uuid).state).toBe('Creating');
  put('a');
  await until(() => batches.length === 1);
  await mappings.update(uuid, { Enabled: false });
  expect(mappings.get(uuid).state).toBe('Disabling');
  await expect(mappings.update(uuid, { Enabled: true })).rejects.toMatchObject({ code: 'ResourceInUseException' });
  expect(() => mappings.delete(uuid)).toThrow(expect.objectContaining({ code: 'ResourceInUseException' }) as Error);
  release();
  expect(await steady(uuid)).toBe('Disabled');
  expect(mappings.get(uuid).row.lastResult).toBe('OK');
  mappings.delete(uuid);
  await close();
  open();
  mappings.resume();
  expect(mappings.all()).toEqual([]);
});

test('what is refused leaves everything as it was', async () => {
  const { row: { uuid } } = await mappings.create(settings);
  await steady(uuid);
  unreadable = new AwsError('InvalidParameterValueException', 'Cannot access stream');
  await expect(mappings.update(uuid, { BatchSize: 5 })).rejects.toThrow('Cannot access stream');
  await expect(mappings.update(uuid, { BatchSize: 0 })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  await expect(mappings.create({ ...settings, FunctionName: 'g' })).rejects.toThrow('Cannot access stream');
  expect(mappings.all()).toHaveLength(1);
  put('a');
  await until(() => batches.length === 1);
  expect(mappings.get(uuid).state).toBe('Enabled');
});

test('a stream made anew is read anew', async () => {
  await mappings.create({ ...settings, BatchSize: 1 });
  put('a');
  await until(() => batches.length === 1);
  store.remove('events');
  while (mappings.activity()['f←events']?.records !== 0) await new Promise((turn) => setImmediate(turn));
  expect(mappings.all()[0]!.row.lastResult).toBe('PROBLEM: Stream not found');
  store.ensure('events', { shardCount: 1 });
  put('b');
  await until(() => batches.length === 2);
  expect(batches).toEqual(['f: a', 'f: b']);
});
