import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Sender, Target } from './targets.ts';

/** Something to be sent to a target, kept until it arrived or was given up. */
export interface Delivery {
  readonly sender: Sender;
  readonly target: Target;
  /** What the target receives. */
  readonly body: string;
  /** What the dead-letter queue receives if the target cannot be reached; default `body`. */
  readonly original?: string;
  /** Of the event, ms: its age counts from here. */
  readonly at: number;
  /** Further attributes of a dead letter. */
  readonly about: Readonly<Record<string, string>>;
  readonly id?: string;
}

export interface Deliveries {
  /** Writes it down in the current turn's transaction, then sends. */
  add(delivery: Delivery): void;
  /** Sends what an earlier process left. Call once the targets are there. */
  resume(): void;
  /** Attempts under way. */
  readonly sending: number;
  /** Waiting for their next attempt. */
  readonly waiting: number;
  close(): void;
}

export interface DeliveriesOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  send(target: Target, body: string, id: string, sender: Sender): Promise<void>;
  /** Puts a message into the queue. */
  deadLetter(queueArn: string, body: string, attributes: Readonly<Record<string, string>>, sender: Sender): Promise<void>;
  /** Pause before the first retry, ms; doubled each time up to `longestPauseMs`. */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}

interface Row { readonly id: string; readonly document: string; attempts: number; next: number }

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
const MOST_AGE_SECONDS = 86_400;
const MOST_RETRIES = 185;
/** Errors that no retry mends go straight to the dead-letter queue. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
const FINAL: Readonly<Record<string, string>> = {
  AccessDeniedException: 'NO_PERMISSIONS', AccessDenied: 'NO_PERMISSIONS', AuthorizationError: 'NO_PERMISSIONS', AuthorizationErrorException: 'NO_PERMISSIONS', ResourceNotFoundException: 'NO_RESOURCE', NotFound: 'NO_RESOURCE', NotFoundException: 'NO_RESOURCE',
  StateMachineDoesNotExist: 'NO_RESOURCE', 'AWS.SimpleQueueService.NonExistentQueue': 'NO_RESOURCE', QueueDoesNotExist: 'NO_RESOURCE', InvalidTarget: 'SDK_CLIENT_ERROR',
  InvalidParameterValue: 'INVALID_PARAMETER', InvalidParameterException: 'INVALID_PARAMETER', MissingParameter: 'INVALID_PARAMETER', ValidationException: 'INVALID_PARAMETER', InvalidExecutionInput: 'INVALID_PARAMETER', InvalidName: 'INVALID_PARAMETER',
};

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { journal, clock } = options;
  journal.define('CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY, document TEXT, attempts INTEGER, next INTEGER)');
  const timers = new Map<string, () => void>();
  let sending = 0;
  let closed = false;

  const giveUp = async (row: Row, delivery: Delivery, error: Error, exhausted?: string): Promise<void> => {
    const queue = delivery.target.DeadLetterConfig?.Arn;
    if (queue === undefined) {
      process.stderr.write(`local cloud: ${delivery.sender.sourceArn} could not reach ${delivery.target.Arn} and has no dead-letter queue: ${error.message}\n`);
      return;
    }
    await options.deadLetter(queue, delivery.original ?? delivery.body, {
      ...delivery.about, TARGET_ARN: delivery.target.Arn, ERROR_CODE: FINAL[error.name] ?? 'ERROR_FROM_TARGET', ERROR_MESSAGE: error.message.slice(0, 1000) || error.name,
      RETRY_ATTEMPTS: String(row.attempts - 1), ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    }, delivery.sender).catch((problem: unknown) => {
      process.stderr.write(`local cloud: dead letter of ${delivery.sender.sourceArn} to ${queue}: ${String(problem)}\n`);
    });
  };
  const attempt = async (row: Row): Promise<void> => {
    timers.delete(row.id);
    const delivery = JSON.parse(row.document) as Delivery;
    sending += 1;
    try {
      await options.send(delivery.target, delivery.body, row.id, delivery.sender);
    } catch (thrown) {
      if (closed) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      row.attempts += 1;
      const policy = delivery.target.RetryPolicy ?? {};
      const pause = Math.min((options.firstPauseMs ?? 1000) * 2 ** (row.attempts - 1), options.longestPauseMs ?? 600_000) * (0.5 + Math.random() / 2);
      const tooOld = clock.now() + pause - delivery.at > 1000 * (policy.MaximumEventAgeInSeconds ?? MOST_AGE_SECONDS);
      const tooOften = row.attempts > (policy.MaximumRetryAttempts ?? MOST_RETRIES);
      if (!(error.name in FINAL) && !tooOften && !tooOld) {
        row.next = clock.now() + pause;
        journal.write('UPDATE delivery SET attempts = ?, next = ? WHERE id = ?', row.attempts, Math.round(row.next), row.id);
        wait(row);
        return;
      }
      await giveUp(row, delivery, error, error.name in FINAL ? undefined : tooOften ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds');
    } finally {
      sending -= 1;
    }
    journal.write('DELETE FROM delivery WHERE id = ?', row.id);
  };
  const wait = (row: Row): void => {
    timers.set(row.id, clock.after(Math.max(0, row.next - clock.now()), () => void attempt(row)));
  };
  return {
    add(delivery) {
      const row: Row = { id: delivery.id ?? randomUUID(), document: JSON.stringify(delivery), attempts: 0, next: clock.now() };
      journal.write('INSERT INTO delivery VALUES (?, ?, 0, ?)', row.id, row.document, row.next);
      void attempt(row);
    },
    resume() {
      for (const row of journal.all<Row>('SELECT * FROM delivery')) if (!timers.has(row.id)) wait({ ...row });
    },
    get sending() {
      return sending;
    },
    get waiting() {
      return timers.size;
    },
    close() {
      closed = true;
      for (const cancel of timers.values()) cancel();
    },
  };
}
