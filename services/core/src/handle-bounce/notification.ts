import * as z from 'zod/mini';

const recipients = z.array(z.object({ emailAddress: z.string().check(z.minLength(3), z.maxLength(320)) }));

/**
 * What SES publishes about one message. Event publishing says `eventType`, identity notifications say
 * `notificationType`; the rest is alike
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).
 */
const notification = z.object({
  eventType: z.optional(z.string()),
  notificationType: z.optional(z.string()),
  mail: z.object({ messageId: z.string() }),
  bounce: z.optional(z.object({ bounceType: z.string(), bouncedRecipients: recipients })),
  complaint: z.optional(z.object({ complainedRecipients: recipients })),
});

export interface Verdict {
  readonly messageId: string;
  /** Undefined: a passing bounce (full mailbox, greylisting); the address stays good. */
  readonly reason: 'BOUNCE' | 'COMPLAINT' | undefined;
  readonly addresses: readonly string[];
}

/** Reads one SNS message. @throws Error when it is no SES notification */
export function verdictOf(message: string): Verdict {
  const { mail, bounce, complaint } = z.parse(notification, JSON.parse(message));
  const hard = bounce?.bounceType === 'Permanent';
  return {
    messageId: mail.messageId,
    reason: complaint ? 'COMPLAINT' : hard ? 'BOUNCE' : undefined,
    addresses: (complaint?.complainedRecipients ?? (hard ? bounce.bouncedRecipients : [])).map((one) => one.emailAddress),
  };
}
