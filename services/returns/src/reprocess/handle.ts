import { limits } from '@orderflow/shared/domain';
import type { Invocation, Tools } from '@orderflow/shared/lambda';
import type { InFlightItem } from '@orderflow/shared/store';
import type { Quarantine } from '@orderflow/shared/stream';
import { reprocess, wake, type Reprocessed, type Waking } from '@orderflow/shared/workflow';

export interface Deps extends Tools, Waking {
  readonly quarantine: Quarantine;
}

/** The safety net, every few minutes; see `reprocess`. A review past its limit is asked for again, never ended. */
export const handle = (_: unknown, deps: Deps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<Reprocessed> =>
  reprocess({
    ...deps,
    service: 'returns',
    remainingMs,
    giveUp: async (item) => {
      if (item.parked?.reason === 'order-unknown') await giveUp(item, deps);
      else await wake(item, deps);
    },
  });

/** The order never came: quarantine first, then the item goes, so that it is in one home at least at every moment. */
async function giveUp(item: InFlightItem, { store, quarantine }: Deps): Promise<void> {
  await quarantine.put({
    code: 'ORDER_UNKNOWN',
    message: `the return's order has not come within ${limits.parkDays['order-unknown']} days`,
    path: '$.data.return.orderKey',
    body: Buffer.from(JSON.stringify({ event: item.event, data: item.data })),
    origin: `in-flight ${item.event.id}`,
  });
  await store.release(item);
}
