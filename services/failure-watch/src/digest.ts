import type { AlertNotice } from '@orderflow/shared/notices';
import * as z from 'zod/mini';
import { actions, groupOf, mostExamples, type Finding, type FindingCode } from './finding.ts';

const minute = 60_000;
/** A lasting failure is told again at these ages, minutes; after the last one every day. */
const escalations = [60, 6 * 60, 24 * 60];
const daily = 24 * 60;

const group = z.object({
  firstSeen: z.number(),
  lastTold: z.number(),
  toldCount: z.int(),
});
/** What has been told, by group. */
export const told = z.record(z.string(), group);
export type Told = z.infer<typeof told>;
type Group = AlertNotice['groups'][number];

const dueAgain = ({ firstSeen, lastTold }: z.infer<typeof group>, now: number): boolean => {
  const age = (at: number): number => (at - firstSeen) / minute;
  const passed = (limit: number): boolean => age(now) >= limit && age(lastTold) < limit;
  return escalations.some(passed) || (age(now) > daily && now - lastTold >= daily * minute);
};

const say = (finding: Finding, state: Group['state'], now: number): Group => ({
  code: groupOf(finding),
  state,
  count: finding.count,
  ...(finding.since === undefined ? {} : { oldestMinutes: Math.max(0, Math.floor((now - finding.since) / minute)) }),
  examples: finding.examples.slice(0, mostExamples),
  action: actions[finding.code],
});

const codeOf = (name: string): FindingCode => name.split(' ')[0] as FindingCode;

/**
 * What is worth telling now: a new cause at once, one that doubled at once, a lasting one at the set ages, a resolved one
 * once. Nothing is repeated every run.
 */
export function digestOf(before: Told, findings: readonly Finding[], now: number): { readonly groups: readonly Group[]; readonly after: Told } {
  const groups: Group[] = [];
  const after: Told = {};
  for (const finding of findings.filter((one) => one.count > 0)) {
    const name = groupOf(finding);
    const known = before[name];
    const state = known === undefined ? 'new' : finding.count >= known.toldCount * 2 ? 'grown' : dueAgain(known, now) ? 'lasting' : undefined;
    if (state !== undefined) groups.push(say(finding, state, now));
    const firstSeen = known?.firstSeen ?? now;
    after[name] = known !== undefined && state === undefined ? known : { firstSeen, lastTold: now, toldCount: finding.count };
  }
  for (const name of Object.keys(before)) {
    if (after[name] !== undefined) continue;
    groups.push({ code: name, state: 'resolved', count: 0, examples: [], action: `nothing: it is over (${codeOf(name)})` });
  }
  return { groups, after };
}
