import { createHash } from 'node:crypto';

/** Which ids have been, and nothing else of them. */
export interface IdSet {
  has(id: string): boolean;
  add(id: string): void;
  /** For {@link idSet}: base64. */
  state(): string;
}

/**
 * Ids of any number of documents in 8 to 16 bytes each: a set of 64-bit hashes. Among 50 million ids the chance that any
 * two are taken for one is below 1 in 10,000. (A `Set` of texts takes ten times that, ends at 16.7 million, and may keep
 * whole lines alive of which its ids are slices.)
 */
export function idSet(state = ''): IdSet {
  let slots = new Uint32Array(2 * 1_024);
  let size = 0;

  /** Index of the pair, or of the free slot where it belongs. */
  const slotOf = (high: number, low: number): number => {
    const places = slots.length / 2;
    let at = (low & (places - 1)) * 2;
    while ((slots[at] !== 0 || slots[at + 1] !== 0) && !(slots[at] === high && slots[at + 1] === low)) at = (at + 2) % slots.length;
    return at;
  };
  const taken = (at: number): boolean => slots[at] !== 0 || slots[at + 1] !== 0;
  const put = (high: number, low: number): void => {
    const at = slotOf(high, low);
    if (taken(at)) return;
    slots[at] = high;
    slots[at + 1] = low;
    size++;
    if (size * 4 < slots.length) return; // at most half full
    const before = slots;
    slots = new Uint32Array(before.length * 2);
    size = 0;
    for (let old = 0; old < before.length; old += 2) if (before[old] !== 0 || before[old + 1] !== 0) put(before[old] ?? 0, before[old + 1] ?? 0);
  };
  /** Never 0, 0: that is a free slot. */
  const hashOf = (id: string): readonly [high: number, low: number] => {
    const hash = createHash('sha256').update(id).digest();
    return [hash.readUInt32LE(0), hash.readUInt32LE(4) || 1];
  };

  const kept = Buffer.from(state, 'base64');
  for (let at = 0; at < kept.length; at += 8) put(kept.readUInt32LE(at), kept.readUInt32LE(at + 4));
  return {
    has: (id) => taken(slotOf(...hashOf(id))),
    add: (id) => put(...hashOf(id)),
    state() {
      const bytes = Buffer.alloc(size * 8);
      let to = 0;
      for (let at = 0; at < slots.length; at += 2) {
        if (!taken(at)) continue;
        to = bytes.writeUInt32LE(slots[at] ?? 0, to);
        to = bytes.writeUInt32LE(slots[at + 1] ?? 0, to);
      }
      return bytes.toString('base64');
    },
  };
}
