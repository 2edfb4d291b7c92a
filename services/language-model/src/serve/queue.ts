/** There is no room to wait: the caller is told so at once, instead of after longer than it will wait. */
export class Busy extends Error {
  constructor() {
    super('too much waits');
    this.name = 'Busy';
  }
}

/** One task at a time, in the order in which they came. */
export interface Queue {
  /**
   * @param size of the task, in the unit of the queue's bound
   * @throws Busy when more than the bound would wait or be at work; a task alone is never refused
   */
  run<T>(size: number, task: () => Promise<T>): Promise<T>;
}

export function queueOf(most: number): Queue {
  let held = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    async run(size, task) {
      if (held > 0 && held + size > most) throw new Busy();
      held += size;
      const done = last.then(task);
      last = done.catch(() => undefined);
      try {
        return await done;
      } finally {
        held -= size;
      }
    },
  };
}
