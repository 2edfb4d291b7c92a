import type { Said } from '../../demo/delivery.ts';
import type { Ending } from '../../demo/story.ts';
import { idOf } from '../../start/scan/event-id.ts';

/** One event that a fault has sent. */
export interface SentEvent {
  readonly id: string;
  readonly said: Said;
  /** True once a delivery of it was answered 2xx. */
  readonly acknowledged: boolean;
  /** Number of the fault that sent it. */
  readonly fault: string;
  /** What the warehouse must show of an order in the end. */
  readonly ending?: Ending;
}

/** What the senders of all faults know; the yardstick of the invariants. */
export class SendersLedger {
  readonly #events = new Map<string, SentEvent>();
  readonly #conflicts = new Set<string>();

  /** A delivery with the events that it holds, in payload order. A repeat changes nothing but the acknowledgement. */
  sent(fault: string, delivery: { readonly source: string; readonly account: string; readonly id: string }, says: readonly Said[], acknowledged: boolean): string[] {
    return says.map((said, position) => {
      const id = idOf(delivery.source, delivery.account, delivery.id, position);
      this.one(fault, id, said, acknowledged);
      return id;
    });
  }

  /** One event of a delivery. */
  one(fault: string, id: string, said: Said, acknowledged: boolean): void {
    const before = this.#events.get(id);
    this.#events.set(id, before ? { ...before, acknowledged: before.acknowledged || acknowledged } : { id, said, acknowledged, fault });
  }

  /** An event that came to the stream another way than by a webhook. */
  add(event: SentEvent): void {
    this.#events.set(event.id, event);
  }

  /** What the order of this key must look like in the end. */
  ends(key: string, ending: Ending): void {
    for (const event of this.#events.values()) {
      if (event.said.type === 'order.created' && event.said.key === key) this.#events.set(event.id, { ...event, ending: { ...event.ending, ...ending } });
    }
  }

  /** The id was used again for other content, which must end in quarantine. */
  conflicts(id: string): void {
    this.#conflicts.add(id);
  }

  isConflict = (id: string): boolean => this.#conflicts.has(id);

  all(): SentEvent[] {
    return [...this.#events.values()];
  }
}
