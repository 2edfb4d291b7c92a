/** The service has certainly not taken the message: sending again is safe. Step Functions retries it by this name. */
export class NoticeNotSent extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`not sent (${code}): safe to send again`, options);
    this.name = 'NoticeNotSent';
    this.code = code;
  }
}

/**
 * The message may or may not have gone out (time-out or broken connection after it was sent). Never sent again:
 * recorded, and failure-watch alerts.
 */
export class NoticeOutcomeUnknown extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`sent or not is unknown (${code}): not sent again, look at the receiver`, options);
    this.name = 'NoticeOutcomeUnknown';
    this.code = code;
  }
}

/** What became of a message that did not fail. */
export type SendResult =
  | { readonly outcome: 'sent'; readonly messageId: string }
  /** The stage sends no mail. */
  | { readonly outcome: 'off' }
  /** The service will never take it (bad or suppressed address): the flow goes on without it. */
  | { readonly outcome: 'refused'; readonly code: string };

/** Refusals of this one message. Anything else of the 4xx kind is our own fault and is repaired, then retried. */
const refusals = new Set(['MessageRejected', 'BadRequestException', 'InvalidParameterValue', 'InvalidParameterException', 'InvalidParameter']);
/** Errors before any byte of the request left. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CredentialsProviderError']);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an SDK error says about whether the message went out. */
export function readSendError(error: unknown): Extract<SendResult, { outcome: 'refused' }> | NoticeNotSent | NoticeOutcomeUnknown {
  const { name = 'Error', code, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  if (refusals.has(name)) return { outcome: 'refused', code: name };
  if (neverConnected.has(code ?? '') || neverConnected.has(name)) return new NoticeNotSent(code ?? name, { cause: error });
  // 429 and 503 are refusals to begin; 500, 502 and 504 may come after the message was queued
  if (status !== undefined && (status < 500 || status === 503)) return new NoticeNotSent(name, { cause: error });
  return new NoticeOutcomeUnknown(code ?? name, { cause: error });
}

const throttled = (error: NoticeNotSent): boolean => /thrott|toomany|limitexceeded|slowdown|rate/i.test(error.code);

/**
 * Runs one send; throttling is waited out a few times (full jitter), everything else is told at once. The SDK's own
 * retries must be off (`maxAttempts: 1`): they would send again after a time-out.
 * @throws NoticeNotSent | NoticeOutcomeUnknown
 */
export async function sendOnce(
  send: () => Promise<string | undefined>,
  wait: (milliseconds: number) => Promise<void> = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
): Promise<SendResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { outcome: 'sent', messageId: (await send()) ?? '' };
    } catch (error) {
      const read = readSendError(error);
      if (!(read instanceof Error)) return read;
      if (!(read instanceof NoticeNotSent && throttled(read)) || attempt === 4) throw read;
      await wait(Math.random() * 200 * 2 ** attempt);
    }
  }
}
