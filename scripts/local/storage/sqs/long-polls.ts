import type { Messages, ReceivedMessage } from './messages.ts';
import type { Queue } from './queues.ts';

/** Receives that wait for messages. Nobody polls: one waits for a send, or for the moment at which a hidden message comes back. */
export class LongPolls {
  readonly #messages: Messages;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(messages: Messages, now: () => number) {
    this.#messages = messages;
    this.#now = now;
    messages.onReady = (queue) => {
      // after the transaction that made them ready
      const woken = this.#waiting.get(queue);
      if (woken) queueMicrotask(() => woken.forEach((wake) => wake()));
    };
  }

  /** @param gone aborted when the receiver has hung up: it is given no message then */
  async receive(queue: Queue, max: number, waitSeconds: number, visibilitySeconds: number | undefined, gone: AbortSignal | undefined): Promise<ReceivedMessage[]> {
    const until = this.#now() + waitSeconds * 1000;
    for (;;) {
      if (gone?.aborted) return [];
      // one moment for both looks: what becomes visible between them would wake nobody
      const seenAt = this.#now();
      const found = this.#messages.receive(queue, max, visibilitySeconds);
      const left = until - this.#now();
      if (found.length > 0 || left <= 0) return found;
      await this.#ready(queue, seenAt, left, gone);
    }
  }

  #ready(queue: Queue, seenAt: number, left: number, gone: AbortSignal | undefined): Promise<void> {
    const next = this.#messages.nextReady(queue, seenAt);
    const pause = Math.min(left, next === undefined ? left : Math.max(0, next - this.#now()));
    const here = this.#waiting.get(queue.name) ?? new Set();
    this.#waiting.set(queue.name, here);
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        here.delete(wake);
        gone?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, pause);
      here.add(wake);
      gone?.addEventListener('abort', wake);
    });
  }
}
