import { createHash } from 'node:crypto';
import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import type { Mailer } from './mailer.ts';
import { sendOnce } from './send-outcome.ts';

export interface SesSettings {
  /** `Shop <orders@example.com>`; a verified identity. */
  readonly from: string;
  /** Names the bounce topic and the suppression list; absent: the account's default. */
  readonly configurationSet?: string;
}

/** A short, stable name for an idempotency key; a tag must not carry an order key of a customer. */
export const traceTag = (idempotency: string): string => createHash('sha256').update(idempotency).digest('hex').slice(0, 32);

/** Mail through SES v2. The client's own retries must be off (`maxAttempts: 1`), see {@link sendOnce}. */
export const sesMailer = (client: Pick<SESv2Client, 'send'>, settings: SesSettings): Mailer => ({
  send: ({ to, mail, idempotency }) =>
    sendOnce(async () => {
      const answer = await client.send(
        new SendEmailCommand({
          FromEmailAddress: settings.from,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: mail.subject, Charset: 'UTF-8' },
              Body: { Text: { Data: mail.text, Charset: 'UTF-8' }, Html: { Data: mail.html, Charset: 'UTF-8' } },
            },
          },
          EmailTags: [
            { Name: 'kind', Value: mail.kind },
            { Name: 'trace', Value: traceTag(idempotency) },
          ],
          ...(settings.configurationSet === undefined ? {} : { ConfigurationSetName: settings.configurationSet }),
        }),
      );
      return answer.MessageId;
    }),
});
