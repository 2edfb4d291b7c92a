import { openAccess } from './access.ts';
import type { Judge } from './access/judge.ts';
import type { Lookups } from './access/requirement.ts';
import { openFaults } from './faults.ts';
import { gateOf } from './gate.ts';
import type { Checkpoint, Gate } from './gate.ts';

/** A checkpoint whose rules the main thread makes and every endpoint holds. Rules and reports are structured-cloneable. */
export interface RuledCheckpoint extends Checkpoint {
  set(rules: never): void;
}

/** Makes a checkpoint; `report` tells the main thread what it has done. */
export type CheckpointMaker = (report: (payload: unknown) => void) => RuledCheckpoint;

/** The checkpoints of every endpoint, in the order in which they are asked; before them all, `access`. */
export const CHECKPOINTS: Readonly<Record<string, CheckpointMaker>> = { faults: openFaults };

/** New rules for one checkpoint of every endpoint. */
export interface GateRules {
  readonly checkpoint: string;
  readonly rules: unknown;
}

/** What one endpoint's checkpoint has to tell. */
export interface GateReport {
  readonly checkpoint: string;
  readonly payload: unknown;
}

/** One endpoint's gate, as its thread holds it. */
export interface OpenGate extends Gate {
  tell(rules: GateRules): void;
  /** Of its `access` checkpoint, for what is done without a call. */
  readonly judge: Judge;
  /** Reports what has been counted until now. */
  report(): void;
}

/** Without rules it lets everything pass. @param lookups what the endpoint's services know of their resources */
export function openGate(report: (report: GateReport) => void, lookups: Lookups = {}): OpenGate {
  const access = openAccess((payload) => report({ checkpoint: 'access', payload }), lookups);
  const made = new Map<string, RuledCheckpoint>([['access', access], ...Object.entries(CHECKPOINTS).map(([checkpoint, make]): [string, RuledCheckpoint] => [checkpoint, make((payload) => report({ checkpoint, payload }))])]);
  return {
    ...gateOf(...made.values()),
    tell: ({ checkpoint, rules }) => made.get(checkpoint)?.set(rules as never),
    judge: access.judge,
    report: () => access.tell(),
  };
}
