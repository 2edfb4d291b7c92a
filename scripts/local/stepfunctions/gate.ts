/**
 * Lets a bounded number of tasks run at once, the oldest execution first: under a backlog executions end one after
 * another instead of all creeping forward together, and a task's timeout starts when it really starts.
 */
export interface Gate {
  enter(priority: number): Promise<void> | undefined;
  leave(): void;
  readonly waiting: number;
}

function createGate(limit: number): Gate {
  let inside = 0;
  const queue: { readonly priority: number; readonly go: () => void }[] = [];
  return {
    enter(priority) {
      if (inside < limit) {
        inside += 1;
        return undefined;
      }
      return new Promise((go) => {
        let low = 0;
        let high = queue.length;
        // Kept with the most urgent last, so that taking it is cheap.
        while (low < high) {
          const middle = (low + high) >>> 1;
          if ((queue[middle]?.priority ?? 0) > priority) low = middle + 1;
          else high = middle;
        }
        queue.splice(low, 0, { priority, go });
      });
    },
    leave() {
      const next = queue.pop();
      if (next) next.go();
      else inside -= 1;
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** One gate a resource. */
export function createGates(limit: number): { of(resource: string): Gate; readonly waiting: number } {
  const gates = new Map<string, Gate>();
  return {
    of(resource) {
      let gate = gates.get(resource);
      if (!gate) gates.set(resource, (gate = createGate(limit)));
      return gate;
    },
    get waiting() {
      return [...gates.values()].reduce((sum, gate) => sum + gate.waiting, 0);
    },
  };
}
