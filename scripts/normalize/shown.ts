import type { Account } from '@orderflow/shared/accounts';
import { composeKey, sequenceOf, type CanonicalEvent } from '@orderflow/shared/events';
import type { Rejected } from '../../services/ingest/src/intake/interpret.ts';

/** An event as `normalize` prints it: without what only the moment of intake knows. */
export function shown(event: CanonicalEvent): Omit<CanonicalEvent, 'recordedtime' | 'rawref'> {
  const { recordedtime: _recordedtime, rawref: _rawref, ...rest } = event;
  return rest;
}

/** The event that stands for an item that could not be read. */
export function rejectedEvent({ id, code, path, message }: Rejected, { source, account }: Account, rawRef: string, now: number): CanonicalEvent<'intake.rejected'> {
  const key = composeKey(source, account, 'rejection', id);
  return {
    specversion: '1.0', id, source: `/sources/${source}/${account}`, subject: key, time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    partitionkey: key, sequence: sequenceOf(now), type: 'intake.rejected', data: { rejection: { code, path, message, rawRef } },
  };
}
