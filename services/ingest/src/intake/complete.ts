import { InvalidEvent, parseEvent, type CanonicalEvent } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import type { Draft, Rejection } from '../sources/definition.ts';
import { checkBelongs } from './belongs.ts';
import { mark } from './mark.ts';
import { placingOf } from './place.ts';
import type { Reading } from './said.ts';

/** What is told of an error that means: this cannot be read. Any other is thrown on. */
export const rejectionOf = (error: unknown): Rejection => {
  if (error instanceof Unreadable) return { code: error.code, path: error.path, message: error.message };
  if (error instanceof InvalidEvent) {
    const [problem] = error.problems;
    return { code: 'schema', path: problem?.path ?? '$', message: problem?.message ?? 'is not what its type says' };
  }
  throw error;
};

/** A draft with identity, source, partition and our own times: a valid canonical event. @throws Unreadable, InvalidEvent */
export function complete(
  draft: Draft, id: string, receivedAt: number, { account, accounts }: Reading, cause?: string,
): CanonicalEvent {
  // the schema first: the rules after it may then rely on the shape
  const unplaced = {
    specversion: '1.0',
    id,
    source: `/sources/${account.source}/${account.account}`,
    subject: id,
    time: draft.time,
    partitionkey: id,
    sequence: draft.sequence,
    recordedtime: new Date(receivedAt).toISOString(),
    ...(cause === undefined ? {} : { causationid: cause }),
    type: draft.type,
    data: draft.data,
  };
  const valid = parseEvent(unplaced);
  checkBelongs(valid, account, accounts);
  const { partitionkey, entity } = placingOf(valid, account.source, account.account);
  // Kinesis takes keys of up to 256 characters; percent-encoding may make three of one
  if (partitionkey.length > 256 || entity.length > 512) throw new Unreadable('key', '$.data', 'holds an id too long for a key');
  return mark({ ...valid, partitionkey, subject: entity }, account, receivedAt);
}
