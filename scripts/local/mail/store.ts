/** A message as it was given to SES, or an e-mail subscription of SNS. */
export interface MailMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** Configuration set, message tags and the like. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which service took it. */
  readonly via: 'ses' | 'sns';
}

/** The outbox: what would have left the house. */
export interface MailStore {
  readonly port: number;
  /** Keeps the message and answers its id; on disk when it returns. */
  deliver(message: MailMessage): string;
  count(): number;
  close(): Promise<void>;
}
