import { digestOf, type Told } from './digest.ts';
import type { Finding } from './finding.ts';

const minute = 60_000;
const found = (count: number, over: Partial<Finding> = {}): Finding => ({ code: 'STUCK_RECEIVED', where: 'orders', count, since: 0, examples: ['a', 'b', 'c', 'd', 'e', 'f'], ...over });
const states = (before: Told, findings: Finding[], now: number) => digestOf(before, findings, now).groups.map((group) => `${group.state} ${group.count}`);

it('tells a new cause with its age, five examples and what to do', () => {
  const { groups } = digestOf({}, [found(7)], 90 * minute);
  expect(groups).toEqual([{ code: 'STUCK_RECEIVED orders', state: 'new', count: 7, oldestMinutes: 90, examples: ['a', 'b', 'c', 'd', 'e'], action: expect.any(String) as string }]);
});

it('does not repeat a lasting failure every run, tells it at set ages, and its end once', () => {
  let told: Told = {};
  const said: string[] = [];
  for (let at = 0; at <= 50 * 60; at += 5) {
    const { groups, after } = digestOf(told, at < 49 * 60 ? [found(3)] : [], at * minute);
    told = after;
    said.push(...groups.map((group) => `${group.state}@${at}`));
  }
  expect(said).toEqual(['new@0', 'lasting@60', 'lasting@360', 'lasting@1440', 'lasting@2880', 'resolved@2940']);
});

it('tells at once what has doubled, not what has grown a little', () => {
  const { after } = digestOf({}, [found(4)], 0);
  expect(states(after, [found(7)], minute)).toEqual([]);
  expect(states(after, [found(8)], minute)).toEqual(['grown 8']);
});

it('keeps causes and services apart', () => {
  expect(states({}, [found(1), found(2, { where: 'returns' }), found(0, { where: 'updates' })], 0)).toEqual(['new 1', 'new 2']);
});
