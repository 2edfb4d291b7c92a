import type { CanonicalEvent } from '@orderflow/shared/events';
import { shippedMappings } from '../take-file/shipped.ts';
import type { TakeFileDeps } from '../take-file/reading.ts';
import { memoryCursors, memoryFiles } from './memory-files.ts';
import { memoryIntake, noon } from './memory.ts';

/** Enough time for whatever comes. */
export const hour = (): number => 3_600_000;

/** Files by key in memory, and everything that take-file needs to read them. */
export function fileWorld(files: Readonly<Record<string, Buffer | string>>, changes: Partial<TakeFileDeps> = {}, pieceBytes = 64) {
  const intake = memoryIntake();
  const held = new Map(Object.entries(files).map(([name, body]) => [name, Buffer.from(body)]));
  const clock = { now: noon, droppedAt: noon };
  const cursors = memoryCursors(() => clock.now);
  const again: string[] = [];
  let readers = 0;
  const deps: TakeFileDeps = {
    accounts: intake.accounts, sink: intake.sink, quarantine: intake.quarantine,
    files: memoryFiles(held, { pieceBytes, droppedAt: () => clock.droppedAt }), cursors, mappings: shippedMappings(),
    again: async (file) => void again.push(file.key), newId: () => `reader-${++readers}`,
    clock: () => clock.now, log: intake.log, meter: intake.meter, ...changes,
  };
  return { intake, deps, cursors, again, clock, held, end: (key: string) => cursors.entries.get(key)?.end };
}

/** Events of a type. */
export const ofType = <T extends CanonicalEvent['type']>(events: readonly CanonicalEvent[], type: T) =>
  events.filter((event): event is CanonicalEvent & { type: T } => event.type === type) as CanonicalEvent<T>[];
