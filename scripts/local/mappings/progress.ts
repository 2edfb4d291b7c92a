/**
 * Which records of a shard are done. Batches of different keys end in any order; the checkpoint is the last record
 * before the first unfinished one, so that a restart repeats records but never skips one.
 */
export interface Progress {
  /** In stream order. */
  began(sequence: string): void;
  /** Read but of no interest (filtered out). */
  skipped(sequence: string): void;
  done(sequence: string): void;
  /** New checkpoint since the last call, if it has moved. */
  advance(): string | undefined;
  readonly outstanding: number;
}

export function createProgress(): Progress {
  const open = new Set<string>();
  let order: string[] = [];
  let head = 0;
  return {
    began(sequence) {
      open.add(sequence);
      order.push(sequence);
    },
    skipped(sequence) {
      // A run of skipped records needs only its last one.
      const last = order.length - 1;
      if (last >= head && !open.has(order[last] ?? '')) order[last] = sequence;
      else order.push(sequence);
    },
    done: (sequence) => void open.delete(sequence),
    advance() {
      let reached: string | undefined;
      while (head < order.length && !open.has(order[head] ?? '')) reached = order[head++];
      if (head > 1024 && head * 2 > order.length) {
        order = order.slice(head);
        head = 0;
      }
      return reached;
    },
    get outstanding() {
      return open.size;
    },
  };
}
