import type { PaymentStatus } from '@orderflow/shared/events';

export interface PaymentQuestion {
  /** Source name of the provider: `stripe`. */
  readonly provider: string;
  /** The provider's own id of the payment. */
  readonly reference: string;
  /** Shop that sold: its account chooses the key. */
  readonly source: string;
  readonly account: string;
}

/**
 * `unknown`: the provider answers, but has no such payment, or none that it tells of. `unavailable`: no usable answer in
 * time; asked again at the next attempt.
 */
export type PaymentAnswer =
  | { readonly outcome: 'found'; readonly status: Exclude<PaymentStatus, 'UNKNOWN'> }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unavailable' };

/** Asks a payment provider how a payment stands. Never throws. */
export interface PaymentLookUp {
  find(question: PaymentQuestion): Promise<PaymentAnswer>;
}

/** Answers from a list, by reference; `unavailable` for what it does not know. */
export class MemoryPayments implements PaymentLookUp {
  readonly answers = new Map<string, PaymentAnswer>();
  readonly asked: PaymentQuestion[] = [];

  async find(question: PaymentQuestion): Promise<PaymentAnswer> {
    this.asked.push(question);
    return this.answers.get(question.reference) ?? { outcome: 'unavailable' };
  }
}
