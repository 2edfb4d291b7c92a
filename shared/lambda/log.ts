/**
 * What may be logged: a code from the registry and ids, counts, states. Never a payload, name, address, coordinate or
 * secret (FAULTS I10), so fields are scalars and there is no way to hand over an object.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(code: LogCode, fields?: LogFields): void;
  warn(code: LogCode, fields?: LogFields): void;
  error(code: LogCode, fields?: LogFields): void;
}

/** Every code that a log line may carry, with what it means to the person who reads it. */
export const logCodes = {
  COLD_START: 'the function read its environment and is ready',
  EVENT_RECEIVED: 'an event was written to the in-flight table and its execution started',
  EVENT_REPEATED: 'a redelivery was recognised; nothing was done twice',
  EVENT_CONFLICT: 'the same event id came with other content; the second is in quarantine',
  RECORD_POISON: 'a stream record could not be read; it is in quarantine',
  RECORD_RETRIED: 'a stream record failed for a passing reason and will be delivered again',
  PARKED: 'an item waits for its order, its payment or a person',
  WOKEN: 'a parked item was started again',
  GIVEN_UP: 'an item waited past its limit',
  PAYMENT_LOOKED_UP: 'a payment provider was asked',
  PAYMENT_LOOKUP_FAILED: 'a payment provider did not answer in time; asked again later',
  MAIL_SENT: 'an e-mail was handed to SES',
  MAIL_FAILED: 'SES refused an e-mail',
  MAIL_UNKNOWN: 'the outcome of an e-mail is unknown; it is not sent again',
  NOTICE_SENT: 'staff were told through SNS',
  NOTICE_UNKNOWN: 'the outcome of a staff notice is unknown; it is not sent again',
  FACT_WRITTEN: 'a fact is on its way to the warehouse',
  FACTS_LANDED: 'a batch of facts is on S3',
  FACTS_LOADED: 'a batch of facts is committed in the warehouse and was read back',
  FACT_REJECTED: 'a fact could not be loaded; it is in quarantine with its reason',
  LOAD_SKIPPED: 'another loader holds the lease',
  LOAD_FAILED: 'a load failed and will be tried again',
  FORGOTTEN: 'an in-flight item became a tombstone',
  MIGRATED: 'a schema migration was applied',
  IMAGE_BUILT: 'the image of the language model was built',
  RETURN_DECIDED: 'a return was decided',
  REVIEW_ASKED: 'a person was asked to decide a return',
  REVIEW_ANSWERED: 'a person decided a return',
  MODEL_CAPPED: 'the language model reached its money cap: nothing is asked of it until the day, or the batch, is over',
  MODEL_FAILED: 'the language model gave no usable answer; a person decides',
  SHADOW_FAILED: 'the shadow model gave no usable answer; nothing depends on it',
  BOUNCE: 'a mail address is suppressed after a hard bounce or complaint',
  INTAKE_ACCEPTED: 'a delivery is durable',
  INTAKE_REJECTED: 'a delivery was refused',
  INTAKE_UNAVAILABLE: 'a delivery was sent back for a passing reason of ours; the sender tries again',
  INTAKE_IGNORED: 'a ping or an unsupported topic was answered and counted',
  STREAM_DOWN: 'a stream takes nothing; it is asked now and then until it is back',
  STREAM_BACK: 'a stream takes records again',
  INTAKE_OVERFLOW: 'the stream did not take events; they are in the overflow on S3',
  OVERFLOW_DRAINED: 'events of the overflow were brought back to their streams',
  OVERFLOW_STAYS: 'something of the overflow could not be brought back now',
  ARCHIVE_FAILED: 'the raw archive could not be written; tried again',
  ARCHIVE_LOST: 'raw payloads were given up: their events are safe, their rawref points to nothing',
  QUARANTINED: 'something unreadable is in quarantine with its reason',
  FETCHED: 'what a thin notice names was fetched from the vendor and is durable',
  MESSAGE_TAKEN: 'a message of a vendor’s queue is durable',
  MESSAGE_UNREAD: 'a message of a vendor’s queue is nobody’s or cannot be read; it is in quarantine',
  MESSAGE_LATER: 'a message of a vendor’s queue could not be made durable and comes again',
  FETCH_EMPTY: 'what a thin notice names was fetched and says nothing that is recorded',
  FETCH_LATER: 'what a thin notice names could not be fetched now; the notice comes again',
  FETCH_GIVEN_UP: 'what a thin notice names cannot be fetched; the notice is in quarantine with the reason',
  FILE_PROGRESS: 'a file is being read',
  FILE_DONE: 'a file was read to its end; a warning where lines are in quarantine or codes are unknown',
  FILE_REFUSED: 'a file cannot be read, or not to its end; the reason is in its cursor and in quarantine',
  FILE_REPLACED: 'a file was overwritten before it was read to its end; the new content is read',
  FILE_FOUND: 'a file of which no event told was found in the bucket',
  POLLED: 'a vendor was asked for what changed, and all of it is durable',
  POLL_WAITS: 'a vendor wants to be left alone for a while; the poll goes on after that',
  POLL_REFUSED: 'a vendor refuses to be polled (reason: credential, http-…): mend the account, nothing is skipped',
  POLL_FAILED: 'a poll failed for a passing reason; the same page is asked for again',
  WATCH_DIGEST: 'failures were found and told',
  WATCH_FOUND: 'a cause of failures, with its count',
  WATCH_UNHEARD: 'nobody who has confirmed listens to the alert topic',
  WATCH_QUIET: 'no failure was found',
  EXECUTION_FAILED: 'a workflow execution failed, timed out or was aborted',
  SCORED: 'comments were scored by the language model',
  TALLIED: 'an hour of the raw archive was counted for reconcile',
  ARCHIVE_DAMAGED: 'an object of the raw archive cannot be read to its end',
  RECONCILED: 'the homes of all events were compared',
  RATES_FETCHED: 'exchange rates of the central bank were read and handed to the loader',
  REBUILD: 'a step of a rebuild of the warehouse from landed files',
  ERASE: 'a step of forgetting a customer',
  REINTERPRETED: 'a part of the raw archive was read anew by today\'s mappings; with what became of its events',
  DAYS_CHANGED: 'days that the sums are made anew of, because loads have touched them',
  INSIGHTS_MADE: 'an insight was made and its table replaced',
  INSIGHTS_PUBLISHED: 'a refresh of the insights has ended',
  KPI_CROSSED: 'a KPI has crossed its target, or is back within it; it is told once',
  UNEXPECTED: 'an error that no rule covers',
} as const;

export type LogCode = keyof typeof logCodes;

/** A log that keeps nothing; for tests and tools. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
