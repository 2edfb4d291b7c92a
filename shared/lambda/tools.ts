import { randomUUID } from 'node:crypto';
import type { Log } from './log.ts';

/** Which one of few: a source, a reason. CloudWatch bills every value, so none that a sender may choose. */
export type Dimensions = Readonly<Record<string, string>>;

/** Counters and durations by name; units as CloudWatch knows them. */
export interface Meter {
  /** Adds to a counter; with `by`, also to the counter of this name for these dimensions. */
  count(name: string, value?: number, by?: Dimensions): void;
  /** One observation: what comes of them is a distribution, never a sum. */
  milliseconds(name: string, value: number): void;
}

/** Now, in milliseconds since 1970 UTC; injected, so that tests and finite runs own the time. */
export type Clock = () => number;

/** What every function is given besides its environment. */
export interface Tools {
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly newId: () => string;
}

export const systemClock: Clock = () => Date.now();
export const systemId = (): string => randomUUID();
export const silentMeter: Meter = { count() {}, milliseconds() {} };
