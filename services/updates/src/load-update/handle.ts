import { claimsOf, groupsOf, neverSequence, statusGroups, tableOf, type OrderChange } from '@orderflow/shared/domain';
import type { PayloadOf } from '@orderflow/shared/facts';
import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { ownItem, executionName, factOfItem, type Facts } from '@orderflow/shared/workflow';
import { appliedOf, changeOf, type UpdateData } from '../change.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly facts: Facts;
}

/**
 * What the update itself claims, whatever has been known before: the warehouse keeps the newest of each group as the
 * table does, so stale updates load too, for their part of the history. UNKNOWN claims nothing.
 */
function payloadOf(change: OrderChange, orderKey: string, update: UpdateData | undefined): PayloadOf<'update.settled'> {
  const claims = claimsOf(change);
  const content = change.order ? groupsOf(change.order, change.sequence, change.occurredAt) : undefined;
  return {
    orderKey,
    occurredAt: change.occurredAt,
    ...(claims.status ? { status: claims.status.value } : {}),
    ...(claims.payment && change.payment ? { payment: change.payment } : {}),
    ...(claims.fulfilment && change.fulfilment ? { fulfilment: change.fulfilment } : {}),
    ...(update?.tracking ? { tracking: update.tracking } : {}),
    ...(update?.cancelReason === undefined ? {} : { cancelReason: update.cancelReason }),
    ...(change.order ? { order: change.order } : {}),
    versions: {
      ...Object.fromEntries(statusGroups.flatMap((group) => (claims[group] ? [[group, claims[group].sequence]] : []))),
      ...(content?.address ? { address: content.address.sequence } : {}),
      ...(content ? { lines: content.lines?.sequence ?? neverSequence, header: content.header?.sequence ?? neverSequence } : {}),
    },
    history: statusGroups.flatMap((group) => {
      const claim = claims[group];
      return claim ? [{ group: tableOf[group], status: claim.value, at: claim.at, sequence: claim.sequence }] : [];
    }),
  };
}

/** LoadUpdate: puts the update on its way to the warehouse. */
export async function handle(input: unknown, { store, facts, log }: Deps): Promise<Step> {
  const one = step.parse(input);
  const item = await ownItem(store, one);
  const { orderKey } = one;
  if (!item || orderKey === undefined) return stop(one);
  const { change, update } = changeOf(item);
  const { test, historical } = appliedOf(item) ?? {};
  await facts.write([factOfItem(item, { fact: 'update.settled', key: orderKey, payload: payloadOf(change, orderKey, update), test, historical })]);
  log.info('FACT_WRITTEN', { execution: executionName(one), version: item.version });
  return { ...one, version: item.version };
}
