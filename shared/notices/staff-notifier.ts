import type { StaffMessage } from './staff-message.ts';
import type { SendResult } from './send-outcome.ts';

export const staffTopics = ['packaging', 'shipping', 'review', 'escalation', 'alerts'] as const;
export type StaffTopic = (typeof staffTopics)[number];

/** Tells staff. @throws NoticeNotSent | NoticeOutcomeUnknown */
export interface StaffNotifier {
  notify(topic: StaffTopic, message: StaffMessage): Promise<SendResult>;
}

/** Keeps what was told; `failNext` makes one call fail. */
export class MemoryNotifier implements StaffNotifier {
  readonly told: { readonly topic: StaffTopic; readonly message: StaffMessage }[] = [];
  failNext: Error | undefined;

  async notify(topic: StaffTopic, message: StaffMessage): Promise<SendResult> {
    const failure = this.failNext;
    this.failNext = undefined;
    if (failure) throw failure;
    this.told.push({ topic, message });
    return { outcome: 'sent', messageId: `memory-${this.told.length}` };
  }
}
