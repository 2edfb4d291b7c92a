import { canonicalJson } from '@orderflow/shared/events';
import type { Invocation, Tools } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import type { Quarantine } from '@orderflow/shared/stream';
import { reprocess, type Executions, type Reprocessed } from '@orderflow/shared/workflow';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly quarantine: Quarantine;
}

/** The canonical event again, as it came off the stream, so that a replay can send it once more. */
const eventOf = ({ event, data }: InFlightItem): Uint8Array =>
  Buffer.from(canonicalJson({
    specversion: '1.0', id: event.id, source: `/sources/${event.source}/${event.account}`, type: event.type, subject: event.key,
    time: event.time, partitionkey: event.key, sequence: event.sequence, recordedtime: event.recordedAt,
    ...(event.rawref === undefined ? {} : { rawref: event.rawref }),
    data,
  }));

/**
 * On schedule: parked updates whose time has come, and updates whose execution was never started. What has waited past
 * its limit goes to quarantine first and leaves the table then: a crash in between only writes the same entry again.
 */
export const handle = (_schedule: unknown, deps: Deps, { remainingMs }: Invocation): Promise<Reprocessed> =>
  reprocess({
    ...deps,
    service: 'updates',
    remainingMs,
    async giveUp(item) {
      await deps.quarantine.put({
        code: 'ORDER_NEVER_CAME', message: `waited for ${item.parked?.reason ?? 'its order'} since ${item.parked?.since ?? '?'}`,
        path: undefined, body: eventOf(item), origin: `in-flight/${item.event.id}`,
      });
      await deps.store.release(item);
    },
  });
