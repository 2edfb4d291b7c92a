import { createHash } from 'node:crypto';
import type { Specification } from '../../validate/specification.ts';
import type { ResourceRecord, StackRecord, Status } from './records.ts';
import type { Resolver } from './resolve.ts';
import type { Cloud, ResourceInput } from './kind.ts';
import type { StackStore } from './store.ts';
import type { Template } from './template.ts';

/** What every operation on stacks works with. */
export interface Workshop {
  readonly cloud: Cloud;
  readonly store: StackStore;
  now(): number;
  /** For what came through the API; packages were judged when they were made, but need it when they change. */
  specification(): Promise<Specification>;
  /** A line on stderr. */
  say(line: string): void;
}

/** One operation on one stack. */
export interface Run extends Workshop {
  readonly stack: StackRecord;
  readonly template: Template;
  readonly resolver: Resolver;
  readonly specification: () => Promise<Specification>;
  readonly adopt: boolean;
  readonly artifact: ResourceInput['artifact'];
  /** By CancelUpdateStack, or by DeleteStack while the stack is made. */
  readonly cancelled: AbortSignal;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** 60 characters at most: buckets allow 63, functions 64. The same for the same seed, so that a killed process's half-made resource is found again. */
export const generatedName = (stackName: string, logicalId: string, seed: string): string =>
  `${stackName.slice(0, 26)}-${logicalId.slice(0, 24)}-${createHash('sha256').update(`${stackName}/${logicalId}${seed}`).digest('hex').slice(0, 8)}`;

/** Notes how far a resource is, on disk and as an event. */
export function note(run: Pick<Run, 'store' | 'stack' | 'now'>, record: ResourceRecord, status: Status, reason?: string, more: Partial<ResourceRecord> = {}): ResourceRecord {
  const { reason: _old, ...rest } = { ...record, ...more };
  const noted: ResourceRecord = { ...rest, status, at: run.now(), ...(reason === undefined ? {} : { reason }) };
  run.store.saveResource(run.stack.id, noted);
  run.store.addEvent(run.stack, noted, status, reason, JSON.stringify(noted.properties));
  return noted;
}
