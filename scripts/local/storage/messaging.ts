import { join } from 'node:path';
import { openMessageDatabase } from './message-database.ts';
import { Publisher } from './sns/publish.ts';
import type { Sns } from './sns/operations.ts';
import { Topics } from './sns/topics.ts';
import { LongPolls } from './sqs/long-polls.ts';
import { Messages } from './sqs/messages.ts';
import { MoveTasks } from './sqs/move-tasks.ts';
import type { Sqs } from './sqs/operations.ts';
import { Queues } from './sqs/queues.ts';

/** Queues and topics over one database. */
export interface Messaging extends Sqs, Sns {
  close(): void;
}

const EXPIRE_EVERY_MS = 300_000;

export function openMessaging(folder: string, now: () => number = Date.now): Messaging {
  const database = openMessageDatabase(join(folder, 'messages.db'));
  const queues = new Queues(database, now);
  const messages = new Messages(database, queues, now);
  // functions end with the process that runs them
  messages.giveBackTaken();
  const polls = new LongPolls(messages, now);
  const moves = new MoveTasks(database, queues, messages, now);
  const topics = new Topics(database);
  const publisher = new Publisher(database, topics, queues, messages, now);
  const timer = setInterval(() => messages.expire(), EXPIRE_EVERY_MS).unref();
  return {
    queues, messages, polls, moves, topics, publisher,
    close() {
      clearInterval(timer);
      moves.close();
      database.close();
    },
  };
}
