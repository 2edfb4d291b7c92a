import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import { oneRow } from '../../sqlite-row.ts';
import type { MessageDatabase } from '../message-database.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';

const SLICE = 500;
const FASTEST = 500;

/** Tasks that bring dead letters back. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
export class MoveTasks {
  readonly #database: MessageDatabase;
  readonly #queues: Queues;
  readonly #messages: Messages;
  readonly #now: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Goes on with tasks that a kill has stopped. */
  constructor(database: MessageDatabase, queues: Queues, messages: Messages, now: () => number) {
    this.#database = database;
    this.#queues = queues;
    this.#messages = messages;
    this.#now = now;
    for (const row of database.sql.prepare("SELECT handle FROM move_task WHERE status = 'RUNNING'").all()) this.#step(String(row['handle']));
  }

  start(sourceArn: string, destinationArn: string | undefined, rate: number | undefined): string {
    const missing = (): AwsError => new AwsError('ResourceNotFoundException', 'The resource that you specified for the SourceArn parameter doesn\'t exist.', 404);
    const source = this.#queues.find(sourceArn);
    if (source?.arn !== sourceArn) throw missing();
    if (this.#queues.sourcesOf(source.arn).length === 0) throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    if (destinationArn !== undefined && this.#queues.find(destinationArn)?.arn !== destinationArn) throw missing();
    if (rate !== undefined && !(rate >= 1 && rate <= FASTEST)) throw new AwsError('InvalidParameterValue', `MaxNumberOfMessagesPerSecond must be between 1 and ${FASTEST}.`);
    const { sql } = this.#database;
    if (sql.prepare("SELECT 1 FROM move_task WHERE source = ? AND status IN ('RUNNING', 'CANCELLING')").get(source.name)) throw new AwsError('UnsupportedOperation', 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.');
    const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString('base64');
    sql.prepare("INSERT INTO move_task VALUES (?, ?, ?, ?, 'RUNNING', 0, ?, ?, NULL)").run(handle, source.name, destinationArn ?? null, rate ?? null, this.#messages.count(source).visible, this.#now());
    this.#step(handle);
    return handle;
  }

  cancel(handle: string): number {
    const row = this.#database.sql.prepare('SELECT status, moved FROM move_task WHERE handle = ?').get(handle);
    if (row?.['status'] !== 'RUNNING') throw new AwsError('ResourceNotFoundException', 'Task does not exist or is not running.', 404);
    this.#end(handle, 'CANCELLED');
    return Number(row['moved']);
  }

  /** The newest first. */
  list(source: Queue, max: number): Record<string, unknown>[] {
    return this.#database.sql.prepare('SELECT * FROM move_task WHERE source = ? ORDER BY started_at DESC LIMIT ?').all(source.name, max).map((row) => ({
      ...(row['status'] === 'RUNNING' && { TaskHandle: row['handle'] }),
      Status: row['status'], SourceArn: source.arn, ...(row['destination'] !== null && { DestinationArn: row['destination'] }), ...(row['rate'] !== null && { MaxNumberOfMessagesPerSecond: Number(row['rate']) }),
      ApproximateNumberOfMessagesMoved: Number(row['moved']), ApproximateNumberOfMessagesToMove: Number(row['total']), StartedTimestamp: Number(row['started_at']), ...(row['failure'] !== null && { FailureReason: row['failure'] }),
    }));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #step(handle: string): void {
    const row = oneRow(this.#database.sql.prepare('SELECT * FROM move_task WHERE handle = ?'), handle);
    const source = this.#queues.find(String(row['source']));
    if (row['status'] !== 'RUNNING' || !source) return;
    const left = Number(row['total']) - Number(row['moved']);
    const rate = row['rate'] === null ? undefined : Number(row['rate']);
    try {
      const moved = this.#database.transaction(() => {
        const count = this.#messages.moveBack(source, row['destination'] === null ? undefined : this.#queues.find(String(row['destination'])), Math.min(left, rate ?? SLICE));
        this.#database.sql.prepare('UPDATE move_task SET moved = moved + ? WHERE handle = ?').run(count, handle);
        return count;
      });
      if (moved === 0 || moved >= left) return this.#end(handle, 'COMPLETED');
    } catch (error) {
      return this.#end(handle, 'FAILED', error instanceof Error ? error.message : String(error));
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#step(handle);
    }, rate === undefined ? 0 : 1000);
    this.#timers.add(timer);
  }

  #end(handle: string, status: string, failure: string | null = null): void {
    this.#database.sql.prepare('UPDATE move_task SET status = ?, failure = ? WHERE handle = ?').run(status, failure, handle);
  }
}
