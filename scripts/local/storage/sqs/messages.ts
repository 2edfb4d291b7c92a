import { hash, randomBytes, randomUUID } from 'node:crypto';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { AwsError } from '../../service.ts';
import { oneRow } from '../../sqlite-row.ts';
import type { MessageDatabase } from '../message-database.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { queueName, redriveOf } from './queues.ts';
import type { Attributes, Queue, Queues } from './queues.ts';

export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** `AWSTraceHeader`, as the sender gave it. */
  readonly system?: MessageAttributes;
  readonly delaySeconds?: number;
  readonly group?: string;
  readonly deduplication?: string;
}

export interface Sent {
  readonly messageId: string;
  /** Of a FIFO queue. */
  readonly sequence?: string;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** `ApproximateReceiveCount`, `SentTimestamp` … */
  readonly system: Attributes;
}

const DEDUPLICATION_MS = 300_000;
const sequenceOf = (id: unknown): string => String(id).padStart(20, '0');

/** Messages of all queues. Each call is one transaction: a kill leaves every message in exactly one queue. */
export class Messages {
  readonly #database: MessageDatabase;
  readonly #queues: Queues;
  readonly #now: () => number;
  readonly #sql: Readonly<Record<'insert' | 'due' | 'dueFifo' | 'take' | 'bury' | 'find' | 'remove' | 'hide' | 'next', StatementSync>>;
  /** Told of every queue that has got a message to receive. */
  onReady: (queue: string) => void = () => undefined;

  constructor(database: MessageDatabase, queues: Queues, now: () => number) {
    this.#database = database;
    this.#queues = queues;
    this.#now = now;
    const { sql } = database;
    this.#sql = {
      insert: sql.prepare('INSERT INTO message (queue, message_id, body, attributes, system, sent_at, visible_at, message_group, deduplication, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      due: sql.prepare('SELECT * FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?'),
      // a message in flight holds back its whole group
      dueFifo: sql.prepare(`SELECT * FROM message AS one WHERE queue = ? AND visible_at <= ?2 AND NOT EXISTS (
        SELECT 1 FROM message AS other WHERE other.queue = one.queue AND other.message_group = one.message_group AND other.visible_at > ?2 AND other.receipt IS NOT NULL) ORDER BY id LIMIT ?3`),
      take: sql.prepare('UPDATE message SET receives = receives + 1, first_received_at = coalesce(first_received_at, ?), visible_at = ?, receipt = ? WHERE id = ?'),
      bury: sql.prepare('UPDATE message SET queue = ?, visible_at = ?, sent_at = coalesce(?, sent_at), receipt = NULL, source = ? WHERE id = ?'),
      find: sql.prepare('SELECT queue, visible_at AS visibleAt, receipt FROM message WHERE id = ?'),
      remove: sql.prepare('DELETE FROM message WHERE id = ?'),
      hide: sql.prepare('UPDATE message SET visible_at = ? WHERE id = ?'),
      next: sql.prepare('SELECT min(visible_at) AS at FROM message WHERE queue = ? AND visible_at > ?'),
    };
  }

  send(queue: Queue, message: NewMessage): Sent {
    const now = this.#now();
    const known = this.#deduplicated(queue, message, now);
    if (known?.answer) return known.answer;
    const messageId = randomUUID();
    const delay = message.delaySeconds ?? Number(queue.attributes['DelaySeconds']);
    const text = (value: object | undefined): string | null => (value && Object.keys(value).length > 0 ? JSON.stringify(value) : null);
    const { lastInsertRowid } = this.#sql.insert.run(queue.name, messageId, message.body, text(message.attributes), text(message.system), now, now + delay * 1000, message.group ?? null, known?.id ?? message.deduplication ?? null, null);
    const sent: Sent = { messageId, ...(queue.fifo && { sequence: sequenceOf(lastInsertRowid) }) };
    if (known) this.#database.sql.prepare('INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?)').run(queue.name, known.key, now, JSON.stringify(sent));
    this.onReady(queue.name);
    return sent;
  }

  /** Up to `max` messages, hidden for `visibilitySeconds`; what was received too often goes to the dead-letter queue instead. */
  receive(queue: Queue, max: number, visibilitySeconds = Number(queue.attributes['VisibilityTimeout'])): ReceivedMessage[] {
    const now = this.#now();
    const due = queue.fifo ? this.#sql.dueFifo : this.#sql.due;
    const waiting = due.all(queue.name, now, max);
    if (waiting.length === 0) return [];
    return this.#database.transaction(() => {
      let rows = waiting;
      while (rows.some((row) => this.#isOver(queue, row, now))) rows = due.all(queue.name, now, max);
      return rows.map((row) => this.#take(row, now, visibilitySeconds));
    });
  }

  /** An outdated handle deletes nothing, and succeeds; one that is none is refused. */
  delete(queue: Queue, receipt: string): void {
    const found = this.#byReceipt(queue, receipt);
    if (!found?.current) return;
    if (queue.fifo && found.visibleAt <= this.#now()) throw new AwsError('InvalidParameterValue', `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
    this.#sql.remove.run(found.id);
    if (queue.fifo) this.onReady(queue.name);
  }

  changeVisibility(queue: Queue, receipt: string, seconds: number): void {
    const found = this.#byReceipt(queue, receipt);
    const now = this.#now();
    if (!found?.current) throw new AwsError('InvalidParameterValue', `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`);
    if (found.visibleAt <= now) throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
    this.#sql.hide.run(now + seconds * 1000, found.id);
    this.onReady(queue.name);
  }

  purge(queue: Queue): void {
    this.#database.sql.prepare('DELETE FROM message WHERE queue = ?').run(queue.name);
  }

  /**
   * Makes everything that is in flight visible. AWS has no such moment; here whoever took a message before a start is
   * gone, and nobody is helped by waiting out a visibility of many minutes. What was received counts as received.
   */
  giveBackTaken(): void {
    this.#database.sql.prepare('UPDATE message SET visible_at = ?1 WHERE receipt IS NOT NULL AND visible_at > ?1').run(this.#now());
  }

  /** Moves up to `most` of a dead-letter queue's visible messages to `destination`, or each to the queue it came from; answers how many. */
  moveBack(queue: Queue, destination: Queue | undefined, most: number): number {
    return this.#database.transaction(() => {
      const now = this.#now();
      const rows = this.#sql.due.all(queue.name, now, most);
      for (const row of rows) {
        const target = destination ?? this.#queues.find(queueName(String(row['source'])));
        if (!target || (row['source'] === null && !destination)) throw new AwsError('CouldNotDetermineMessageSource', 'CouldNotDetermineMessageSource');
        // redriven messages are new ones, with ids and times of their own
        const { body, attributes, system, message_group: group } = row;
        this.#sql.insert.run(target.name, randomUUID(), body as SQLInputValue, attributes as SQLInputValue, system as SQLInputValue, now, now, group as SQLInputValue, row['deduplication'] as SQLInputValue, null);
        this.#sql.remove.run(row['id'] as SQLInputValue);
        this.onReady(target.name);
      }
      return rows.length;
    });
  }

  count(queue: Queue): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const { sql } = this.#database;
    const now = this.#now();
    const count = (where: string): number => Number(oneRow(sql.prepare(`SELECT count(*) AS count FROM message WHERE queue = ? AND visible_at ${where}`), queue.name, now)['count']);
    return { visible: count('<= ?'), inFlight: count('> ? AND receipt IS NOT NULL'), delayed: count('> ? AND receipt IS NULL') };
  }

  /** When the first message of the queue that cannot be received at `after` can be, epoch milliseconds. */
  nextReady(queue: Queue, after = this.#now()): number | undefined {
    const at = oneRow(this.#sql.next, queue.name, after)['at'];
    return at === null ? undefined : Number(at);
  }

  /** Deletes what is past its queue's retention period. */
  expire(): void {
    for (const queue of this.#queues.all()) this.#database.sql.prepare('DELETE FROM message WHERE queue = ? AND sent_at < ?').run(queue.name, this.#now() - Number(queue.attributes['MessageRetentionPeriod']) * 1000);
    this.#database.sql.prepare('DELETE FROM deduplication WHERE at < ?').run(this.#now() - DEDUPLICATION_MS);
  }

  /** Takes a message off its queue that is too old, or was received too often: that one becomes a dead letter. */
  #isOver(queue: Queue, row: Readonly<Record<string, SQLOutputValue>>, now: number): boolean {
    const id = Number(row['id']);
    const redrive = redriveOf(queue);
    const deadLetters = redrive && this.#queues.find(redrive.target);
    if (Number(row['sent_at']) < now - Number(queue.attributes['MessageRetentionPeriod']) * 1000) this.#sql.remove.run(id);
    else if (redrive && deadLetters && Number(row['receives']) >= redrive.most) {
      this.#sql.bury.run(deadLetters.name, now, queue.fifo ? now : null, queue.arn, id);
      this.onReady(deadLetters.name);
    } else return false;
    return true;
  }

  #take(row: Readonly<Record<string, SQLOutputValue>>, now: number, visibilitySeconds: number): ReceivedMessage {
    const id = Number(row['id']);
    const receiptHandle = Buffer.from(`${id} ${randomBytes(18).toString('hex')}`).toString('base64');
    this.#sql.take.run(now, now + visibilitySeconds * 1000, receiptHandle, id);
    const parsed = (name: string): MessageAttributes => (row[name] === null ? {} : (JSON.parse(String(row[name])) as MessageAttributes));
    const system: Record<string, string> = {
      SenderId: '000000000000', SentTimestamp: String(Number(row['sent_at'])), ApproximateReceiveCount: String(Number(row['receives']) + 1), ApproximateFirstReceiveTimestamp: String(Number(row['first_received_at'] ?? now)),
    };
    if (row['message_group'] !== null) system['MessageGroupId'] = String(row['message_group']);
    if (String(row['queue']).endsWith('.fifo')) Object.assign(system, { MessageDeduplicationId: String(row['deduplication']), SequenceNumber: sequenceOf(id) });
    if (row['source'] !== null) system['DeadLetterQueueSourceArn'] = String(row['source']);
    for (const [name, one] of Object.entries(parsed('system'))) system[name] = one.StringValue ?? '';
    return { messageId: String(row['message_id']), receiptHandle, body: String(row['body']), attributes: parsed('attributes'), system };
  }

  #byReceipt(queue: Queue, receipt: string): { readonly id: number; readonly visibleAt: number; readonly current: boolean } | undefined {
    const id = Number(/^(\d+) [\da-f]{36}$/.exec(Buffer.from(receipt, 'base64').toString('latin1'))?.[1]);
    if (!Number.isSafeInteger(id)) throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receipt.slice(0, 80)}" is not a valid receipt handle.`, 404);
    const row = this.#sql.find.get(id);
    if (row?.['queue'] !== queue.name) return undefined;
    return { id, visibleAt: Number(row['visibleAt']), current: row['receipt'] === receipt };
  }

  /** What a FIFO queue has answered to the same message within five minutes. */
  #deduplicated(queue: Queue, message: NewMessage, now: number): { readonly id: string; readonly key: string; readonly answer?: Sent } | undefined {
    if (!queue.fifo) return undefined;
    const id = message.deduplication ?? (queue.attributes['ContentBasedDeduplication'] === 'true' ? hash('sha256', message.body) : undefined);
    if (id === undefined) throw new AwsError('InvalidParameterValue', 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
    const key = queue.attributes['DeduplicationScope'] === 'messageGroup' ? `${message.group ?? ''}\n${id}` : id;
    const row = this.#database.sql.prepare('SELECT answer FROM deduplication WHERE target = ? AND id = ? AND at > ?').get(queue.name, key, now - DEDUPLICATION_MS);
    return { id, key, ...(row && { answer: JSON.parse(String(row['answer'])) as Sent }) };
  }
}
