import { openFaults } from './faults.ts';
import { gateOf } from './gate.ts';
import type { Checkpoint, Gate } from './gate.ts';

/** A checkpoint whose rules the main thread makes and every endpoint holds. Rules and reports are structured-cloneable. */
export interface RuledCheckpoint extends Checkpoint {
  set(rules: never): void;
}

/** Makes a checkpoint; `report` tells the main thread what it has done. */
export type CheckpointMaker = (report: (payload: unknown) => void) => RuledCheckpoint;

/** The checkpoints of every endpoint, in the order in which they are asked. */
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

/** One endpoint's gate; without rules it lets everything pass. */
export function openGate(report: (report: GateReport) => void): Gate & { tell(rules: GateRules): void } {
  const made = new Map(Object.entries(CHECKPOINTS).map(([checkpoint, make]) => [checkpoint, make((payload) => report({ checkpoint, payload }))]));
  return {
    ...gateOf(...made.values()),
    tell: ({ checkpoint, rules }) => made.get(checkpoint)?.set(rules as never),
  };
}
