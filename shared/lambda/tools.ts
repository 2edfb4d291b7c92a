import { randomUUID } from 'node:crypto';
import type { Log } from './log.ts';

/** Counters and gauges by name; units as CloudWatch knows them. */
export interface Meter {
  count(name: string, value?: number): void;
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
