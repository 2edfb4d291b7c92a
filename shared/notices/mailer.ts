import type { Mail } from './render-mail.ts';
import type { SendResult } from './send-outcome.ts';

export interface MailToSend {
  /** The customer's address as the source gave it. */
  readonly to: string;
  readonly mail: Mail;
  /**
   * `<partition key>#<transition>`, the same for every attempt. SES has no idempotency of its own: it goes along as a
   * hashed tag, so that a bounce or a doubt can be traced; the guard against a second mail is the SENT item.
   */
  readonly idempotency: string;
}

/** Sends e-mail to customers. @throws NoticeNotSent | NoticeOutcomeUnknown */
export interface Mailer {
  send(message: MailToSend): Promise<SendResult>;
}

/** Per stage: `off` sends nothing, `sandbox` sends everything to one address of ours, `live` to the customers. */
export const mailModes = ['off', 'sandbox', 'live'] as const;
export type MailMode = (typeof mailModes)[number];

/** The address that SES takes, delivers nowhere and does not count (https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html). */
export const mailSimulator = 'success@simulator.amazonses.com';

/** One plain address; a list, a display name or a line break is refused, so that no second receiver can be smuggled in. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@,;:<>()[\]\\"]{1,64}@[^\s@,;:<>()[\]\\"]+\.[^\s@,;:<>()[\]\\".]+$/u.test(text);

/** Puts a stage's mail mode and the check of the address before a mailer. */
export const withMode = (mailer: Mailer, mode: MailMode, sandboxTo: string = mailSimulator): Mailer => ({
  async send(message) {
    if (mode === 'off') return { outcome: 'off' };
    if (!isAddress(message.to)) return { outcome: 'refused', code: 'BadAddress' };
    return mailer.send(mode === 'sandbox' ? { ...message, to: sandboxTo } : message);
  },
});

/** Keeps what was sent; `failNext` makes one send fail. */
export class MemoryMailer implements Mailer {
  readonly sent: MailToSend[] = [];
  failNext: Error | undefined;

  async send(message: MailToSend): Promise<SendResult> {
    const failure = this.failNext;
    this.failNext = undefined;
    if (failure) throw failure;
    this.sent.push(message);
    return { outcome: 'sent', messageId: `memory-${this.sent.length}` };
  }
}
