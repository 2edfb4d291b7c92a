import { execFileSync } from 'node:child_process';
import type { Fault } from '../fault.ts';
import { playFault } from '../run-faults.ts';
import type { Stages } from '../stages.ts';
import type { Guard } from './guard.ts';
import { takeAway } from './take-away.ts';
import { readTried, writeTried, type Tried } from './tried.ts';

/** A fault whose guard is gone may wait for what never comes. */
const patienceMs = 30_000;

export interface Trials {
  readonly root: string;
  readonly file: string;
  readonly stages: Stages;
  readonly faults: readonly Fault[];
  readonly say: (line: string) => void;
  readonly at: (done: number, what: string) => void;
}

const commitOf = (root: string): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'no git';
  }
};

/**
 * Takes each guard away on a fresh stage and plays its fault. What it prints and keeps comes from these runs alone.
 * @returns the guards without which everything stayed green
 */
export async function tryGuards(guards: readonly Guard[], { root, file, stages, faults, say, at }: Trials): Promise<string[]> {
  const tried = readTried(file);
  const useless: string[] = [];
  for (const [done, guard] of guards.entries()) {
    const fault = faults.find(({ number }) => number === guard.fault);
    if (!fault) throw new Error(`guard ${guard.id}: there is no fault ${guard.fault}`);
    at(done, `without ${guard.id}: ${fault.title}`);
    await stages.discard();
    const world = await stages.world();
    await takeAway(guard, world);
    world.patienceMs = patienceMs;
    const { result, detail, seconds } = await playFault(fault, world);
    const one: Tried = {
      guard: guard.id, fault: fault.number, result: result === 'red' ? 'red' : 'green', detail: detail.slice(0, 300), date: new Date().toISOString().slice(0, 10), commit: commitOf(root),
    };
    tried.set(guard.id, one);
    writeTried(file, tried);
    if (one.result === 'green') useless.push(guard.id);
    say(`${one.result === 'red' ? '✓' : '✗'} without ${guard.id.padEnd(24)} fault ${fault.number} ${one.result === 'red' ? 'turns red' : 'STAYS GREEN'} (${seconds} s)${one.detail === '' ? '' : `\n       ${one.detail}`}`);
  }
  await stages.discard();
  return useless;
}
