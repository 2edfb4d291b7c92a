import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from '@orderflow/shared/lambda';
import type { Quarantine } from '@orderflow/shared/stream';
import type { Account } from '@orderflow/shared/accounts';
import { Unreadable } from '../convert/index.ts';
import type { AskedDeps } from '../intake/take-asked.ts';
import { takeAsked } from '../intake/take-asked.ts';
import { interpret } from '../intake/interpret.ts';
import { mostBytesOf, type SourceDefinition } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import { accountFor, sourceOfQueue } from './whose.ts';

export interface QueueDeps extends AskedDeps {
  /** What no account can be found for. */
  readonly unread: Quarantine;
  readonly clock: Clock;
}

/** The account under which a message that nobody uses is kept: what is about something else may name no account. */
function unused(source: SourceDefinition, body: Uint8Array, accounts: readonly Account[]): Account | undefined {
  const account = accounts.find((one) => one.source === source.name);
  if (!account) return undefined;
  const { skipped } = interpret({ source: source.name, account: account.account, method: 'POST', url: '', headers: {}, body, receivedAt: 0 }, { source, account, accounts });
  return skipped === undefined ? undefined : account;
}

/** Why a message cannot be taken, or whose it is. */
function whose(name: string, body: Uint8Array, accounts: readonly Account[]): Account | Unreadable {
  const source = findSource(name);
  if (!source?.queue) return new Unreadable('unknown-source', '$', 'no source writes into this queue');
  if (body.byteLength > mostBytesOf(source)) return new Unreadable('too-large', '$', `must not be larger than ${mostBytesOf(source)} bytes`);
  try {
    return accountFor(source, body, accounts) ?? unused(source, body, accounts) ?? new Unreadable('unknown-account', '$', 'names no account of this stage: set its `store` in accounts.json, then replay');
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

async function takeMessage({ body: text, eventSourceARN, messageId }: SQSRecord, deps: QueueDeps): Promise<void> {
  const body = Buffer.from(text);
  const name = sourceOfQueue(eventSourceARN);
  const account = whose(name, body, deps.accounts);
  if (account instanceof Unreadable) {
    await deps.unread.put({ code: account.code, message: account.message, path: account.path, body, origin: `message ${messageId} of ${name}` });
    deps.meter.count('quarantined', 1, { source: name });
    deps.log.error('MESSAGE_UNREAD', { messageId, source: name, reason: account.code });
    return;
  }
  const { events } = await takeAsked(
    { source: name, account: account.account, method: 'POST', url: '', headers: {}, body, receivedAt: deps.clock() }, deps,
  );
  deps.meter.count('accepted', 1, { source: name });
  deps.log.info('MESSAGE_TAKEN', { messageId, source: name, count: events.length });
}

/**
 * Messages of vendors that write into a queue of ours; the queue's policy has let only them in. Each is durable, or in
 * quarantine, before it is answered for; one that cannot be made so comes again after the queue's visibility timeout, and
 * the same message makes the same event ids.
 */
export async function handle({ Records }: SQSEvent, deps: QueueDeps): Promise<SQSBatchResponse> {
  const ended = await Promise.allSettled(Records.map((record) => takeMessage(record, deps)));
  await deps.archive.flush();
  return {
    batchItemFailures: ended.flatMap((one, at) => {
      if (one.status === 'fulfilled') return [];
      const messageId = Records[at]?.messageId ?? '';
      deps.log.warn('MESSAGE_LATER', { messageId, reason: one.reason instanceof Error ? one.reason.name : 'unknown' });
      return [{ itemIdentifier: messageId }];
    }),
  };
}
