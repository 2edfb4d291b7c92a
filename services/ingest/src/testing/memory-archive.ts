import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import type { ArchiveStore } from '../archive/store.ts';
import { s3Archive } from '../intake/archive.ts';
import type { Delivery } from '../intake/delivery.ts';
import { memoryObjects } from './memory.ts';

export interface MemoryArchive extends ArchiveStore {
  /** Objects by key. */
  readonly held: Map<string, Uint8Array>;
  /** Takes deliveries as intake does, into an object of the hour of `at`. */
  take(deliveries: readonly Delivery[], at: number): Promise<void>;
}

/** The raw archive in memory, written by intake's own writer. */
export function memoryArchive(): MemoryArchive {
  const held = new Map<string, Uint8Array>();
  let writers = 0;
  return {
    held,
    async *keys(hour, from = '') {
      for (const key of [...held.keys()].filter((one) => one.startsWith(`raw/${hour}/`) && one > from).sort()) yield key;
    },
    async get(key) {
      const object = held.get(key);
      if (!object) throw new Error(`no such object: ${key}`);
      return Uint8Array.from(object);
    },
    put: async (key, object) => void held.set(key, Uint8Array.from(object)),
    async take(deliveries, at) {
      const objects = memoryObjects();
      const archive = s3Archive(objects, 'archive', { clock: () => at, log: silentLog, meter: silentMeter, newId: () => `writer${String(writers++).padStart(3, '0')}` });
      for (const delivery of deliveries) archive.add(delivery);
      await archive.flush();
      for (const [key, object] of objects.held) held.set(key.replace(/^archive\//, ''), object);
    },
  };
}
