import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FaultReport } from '../gate/faults.ts';
import type { Disturbance } from '../lambda/disturbance.ts';
import { isCallRule, readFaultRules, type CallRule, type FaultRule, type InvocationFault, type InvocationRule } from './rules.ts';
import { fitter, Striker, type Armed, type Strikes } from './strikes.ts';

/** A rule with what it has done, as `GET /_local/faults` shows it. */
export type ShownRule = FaultRule & Strikes;

/** All rules of faults on demand: those of calls are held by the endpoints' gates, those of invocations here. */
export interface FaultBook {
  /** Adds rules; one with a known id takes its place and begins anew, unless `keep` says that it is the same run. */
  add(rules: readonly FaultRule[], keep?: 'keep'): Promise<void>;
  /** Takes rules away; without an id all. */
  clear(id?: string): Promise<void>;
  shown(): ShownRule[];
  /** What goes wrong with an invocation that is about to begin. */
  disturb(functionName: string, payload: string): Disturbance | undefined;
  heard(report: FaultReport): void;
  close(): void;
}

interface Entry {
  readonly rule: FaultRule;
  readonly added: number;
  strikes: Strikes;
  readonly invocation?: { readonly rule: InvocationRule; readonly striker: Striker; readonly fits: (name: string) => boolean };
}

const SAVE_WITHIN_MS = 50;
interface Kept { readonly rule: unknown; readonly added: number; readonly strikes: Strikes }

function disturbanceOf(fault: InvocationFault): Disturbance {
  if (fault.kind === 'timeout') return fault.ms === undefined ? { kind: 'timeout' } : { kind: 'timeout', ms: fault.ms };
  if (fault.kind !== 'crash') return fault;
  const { when, ms, calls } = fault;
  return when === 'during' ? { kind: 'crash', when, ...(ms === undefined ? {} : { ms }), ...(calls === undefined ? {} : { calls }) } : { kind: 'crash', when };
}

/**
 * @param file where rules and strikes are kept: they outlive a kill, but for the strikes of the last moment
 * @param tell passes the rules of calls on to every endpoint
 */
export async function openFaultBook(file: string, tell: (rules: readonly Armed<CallRule>[]) => Promise<void>): Promise<FaultBook> {
  const entries = new Map<string, Entry>();
  let additions = 0;
  let saving: NodeJS.Timeout | undefined;

  const put = (rule: FaultRule, added: number, strikes: Strikes): void => {
    const invocation = isCallRule(rule) ? undefined : { rule, striker: new Striker({ rule, added, strikes }), fits: fitter(rule.function) };
    entries.set(rule.id, { rule, added, strikes, ...(invocation ? { invocation } : {}) });
    additions = Math.max(additions, added);
  };
  const save = (): void => {
    clearTimeout(saving);
    saving = undefined;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify([...entries.values()].map(({ rule, added, strikes }) => ({ rule, added, strikes }) satisfies Kept)));
    renameSync(`${file}.new`, file);
  };
  const pass = async (): Promise<void> => {
    save();
    await tell([...entries.values()].flatMap(({ rule, added, strikes }) => (isCallRule(rule) ? [{ rule, added, strikes }] : [])));
  };
  const struck = (id: string, strikes: Strikes): void => {
    const entry = entries.get(id);
    if (!entry || strikes.hits < entry.strikes.hits) return;
    entry.strikes = strikes;
    saving ??= setTimeout(save, SAVE_WITHIN_MS).unref();
  };

  if (existsSync(file)) {
    for (const { rule, added, strikes } of JSON.parse(readFileSync(file, 'utf8')) as Kept[]) for (const one of readFaultRules(rule)) put(one, added, strikes);
    await pass();
  }
  return {
    async add(rules, keep) {
      additions += 1;
      for (const rule of rules) {
        const known = keep && entries.get(rule.id);
        put(rule, known ? known.added : additions, known ? known.strikes : { seen: 0, hits: 0 });
      }
      await pass();
    },
    async clear(id) {
      if (id === undefined) entries.clear();
      else entries.delete(id);
      await pass();
    },
    shown: () => [...entries.values()].map(({ rule, strikes }) => ({ ...rule, ...strikes })),
    disturb(functionName, payload) {
      if (entries.size === 0) return undefined;
      for (const { invocation } of entries.values()) {
        if (!invocation || invocation.striker.spent || !invocation.fits(functionName)) continue;
        const { rule, striker } = invocation;
        if ((rule.containing !== undefined && !payload.includes(rule.containing)) || !striker.strikes()) continue;
        struck(rule.id, { seen: striker.seen, hits: striker.hits });
        return disturbanceOf(rule.fault);
      }
      return undefined;
    },
    heard: ({ id, seen, hits }) => struck(id, { seen, hits }),
    close() {
      if (saving) save();
    },
  };
}
