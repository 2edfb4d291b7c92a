import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putLogEvents } from './put-log-events.ts';
import { filterLogEvents, getLogEvents } from './reads.ts';
import type { LogFile } from './log-file.ts';
import { openLogFile, type LogBounds } from './store.ts';

const DAY = 86_400_000;
let folder: string;
let file: LogFile;
const open = (bounds?: LogBounds) => (file = openLogFile(join(folder, 'logs.db'), () => undefined, bounds));
const messages = (answer: Record<string, unknown>): string[] => (answer['events'] as { message: string }[]).map((event) => event.message);
const stream = (name: string) => file.streams('g', name)[0]!;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
  open();
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

test('storage is bounded, by events and by characters; the oldest go first', () => {
  file.close();
  open({ events: 100, characters: 1e6 });
  for (let at = 0; at < 250; at += 1) file.append('g', 's', `m${at}`, at);
  file.flush();
  const left = messages(filterLogEvents(file, 'g', {}));
  expect(left).toHaveLength(99);
  expect(left.at(-1)).toBe('m249');
  file.close();
  open({ events: 1000, characters: 20_000 });
  for (let at = 0; at < 50; at += 1) file.append('g', 's', String(at).padStart(1000, 'x'), 1000 + at);
  file.flush();
  const kept = messages(filterLogEvents(file, 'g', {}));
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.at(-1)).toMatch(/x49$/);
});

test('events of many streams come in order of time, page by page; also those that came late', () => {
  for (const at of [5, 1, 4, 2, 3]) file.append('g', `s${at % 2}`, `m${at}`, at);
  const first = filterLogEvents(file, 'g', { limit: 2 });
  expect(messages(first)).toEqual(['m1', 'm2']);
  const second = filterLogEvents(file, 'g', { limit: 2, nextToken: first['nextToken'] });
  expect(messages(second)).toEqual(['m3', 'm4']);
  const third = filterLogEvents(file, 'g', { nextToken: second['nextToken'] });
  expect([messages(third), third['nextToken']]).toEqual([['m5'], undefined]);
  expect(messages(filterLogEvents(file, 'g', { startTime: 2, endTime: 4, logStreamNamePrefix: 's1' }))).toEqual(['m3']);
  expect(() => filterLogEvents(file, 'g', { logStreamNames: ['none'] })).toThrow('does not exist');
});

test('a stream is read from its end, backwards and forwards again', () => {
  for (let at = 1; at <= 7; at += 1) file.append('g', 's', `m${at}`, at);
  const last = getLogEvents(file, 'g', stream('s'), { limit: 3 });
  expect(messages(last)).toEqual(['m5', 'm6', 'm7']);
  const before = getLogEvents(file, 'g', stream('s'), { limit: 3, nextToken: last['nextBackwardToken'] });
  expect(messages(before)).toEqual(['m2', 'm3', 'm4']);
  expect(messages(getLogEvents(file, 'g', stream('s'), { limit: 3, nextToken: before['nextForwardToken'] }))).toEqual(['m5', 'm6', 'm7']);
  const end = getLogEvents(file, 'g', stream('s'), { nextToken: last['nextForwardToken'] });
  expect([messages(end), end['nextForwardToken']]).toEqual([[], last['nextForwardToken']]);
  file.append('g', 's', 'm8', 8);
  expect(messages(getLogEvents(file, 'g', stream('s'), { nextToken: end['nextForwardToken'] }))).toEqual(['m8']);
  expect(messages(getLogEvents(file, 'g', stream('s'), { startFromHead: true, limit: 2, startTime: 3, endTime: 5 }))).toEqual(['m3', 'm4']);
});

test('what is too old or too new is named and not kept; a wrong batch is refused', () => {
  const now = Date.now();
  file.ensureGroup('g', 3);
  file.addStream('g', 's');
  const put = (...timestamps: number[]) => putLogEvents(file, 'g', 's', timestamps.map((timestamp) => ({ timestamp, message: 'm' })), now);
  expect(put(now - 15 * DAY)).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
  expect(put(now - 4 * DAY)).toMatchObject({ rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 } });
  expect(put(now, now + 3 * 3_600_000)).toMatchObject({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 } });
  expect(put(now)).toEqual({ nextSequenceToken: '0' });
  expect(messages(filterLogEvents(file, 'g', {}))).toHaveLength(2);
  expect(() => put(now, now - 1)).toThrow('chronological');
  expect(() => put(now - 2 * DAY, now)).toThrow('24 hours');
  expect(() => putLogEvents(file, 'g', 's', Array.from({ length: 3 }, () => ({ timestamp: now, message: 'x'.repeat(400_000) })))).toThrow('Upload too large');
});

test('everything is there again; retention takes what is too old', () => {
  file.append('g', 's', 'old', Date.now() - 10 * DAY);
  file.append('g', 's', 'new');
  file.setTags('g', { a: '1' });
  file.close();
  open();
  expect(messages(filterLogEvents(file, 'g', {}))).toEqual(['old', 'new']);
  file.setRetention('g', 7);
  file.close();
  open();
  expect(messages(filterLogEvents(file, 'g', {}))).toEqual(['new']);
  expect(file.groups('')).toMatchObject([{ name: 'g', retention_days: 7, tags: '{"a":"1"}' }]);
  file.removeGroup('g');
  file.append('g', 's', 'again');
  expect(messages(filterLogEvents(file, 'g', {}))).toEqual(['again']);
});
