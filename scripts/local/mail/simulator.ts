/** What becomes of a message for one address, in the order in which SES tells of it. */
export interface Outcome {
  readonly type: 'Send' | 'Delivery' | 'Bounce' | 'Complaint';
  /** The event's own part, e.g. `{ bounceType: 'Permanent', … }`. */
  readonly detail: Readonly<Record<string, unknown>>;
}

const SIMULATOR = /^(\w+)(?:\+[^@]*)?@simulator\.amazonses\.com$/;

const bounce = (address: string, type: string, subType: string, status: string, text: string): Outcome => ({
  type: 'Bounce',
  detail: { bounceType: type, bounceSubType: subType, bouncedRecipients: [{ emailAddress: address, action: 'failed', status, diagnosticCode: `smtp; ${text}` }], reportingMTA: 'dns; local' },
});
const delivery = (address: string): Outcome => ({ type: 'Delivery', detail: { recipients: [address], processingTimeMillis: 1, smtpResponse: '250 ok', reportingMTA: 'local' } });

/**
 * Every address takes its message but those on the suppression list and those of the mailbox simulator, with or without
 * a label (`bounce+x@…`). The simulator's addresses never come onto the suppression list.
 * https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
 */
export function outcomesFor(address: string, suppressed: boolean): Outcome[] {
  const sent: Outcome = { type: 'Send', detail: {} };
  if (suppressed) return [sent, bounce(address, 'Permanent', 'OnAccountSuppressionList', '5.1.1', 'the address is on the suppression list of the account')];
  switch (SIMULATOR.exec(address)?.[1]) {
    case 'bounce':
      return [sent, bounce(address, 'Permanent', 'General', '5.1.1', '550 5.1.1 user unknown')];
    case 'suppressionlist':
      return [sent, bounce(address, 'Permanent', 'Suppressed', '5.1.1', 'the address is on the suppression list of the service')];
    case 'ooto':
      return [sent, delivery(address), bounce(address, 'Transient', 'General', '4.0.0', 'out of the office')];
    case 'complaint':
      return [sent, delivery(address), { type: 'Complaint', detail: { complainedRecipients: [{ emailAddress: address }], complaintFeedbackType: 'abuse' } }];
    default:
      return [sent, delivery(address)];
  }
}
