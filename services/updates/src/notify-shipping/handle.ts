import type { Tools } from '@orderflow/shared/lambda';
import type { ShippingNotice, StaffNotifier } from '@orderflow/shared/notices';
import type { InFlightStore } from '@orderflow/shared/store';
import { ownItem, withSent, executionName, sendGuarded } from '@orderflow/shared/workflow';
import { changeOf } from '../change.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly staff: StaffNotifier;
}

/** NotifyShipping: packing is complete; once an order, whichever later state tells it first. */
export async function handle(input: unknown, { store, staff, log, meter, clock }: Deps): Promise<Step> {
  const one = step.parse(input);
  const item = await ownItem(store, one);
  const { orderKey } = one;
  if (!item || orderKey === undefined) return stop(one);
  const { change } = changeOf(item);
  const number = change.order?.number;
  const message: ShippingNotice = {
    schema: 'orderflow.shipping.v1', id: `${orderKey}#SHIPPING`, at: new Date(clock()).toISOString(), orderKey,
    ...(number ? { orderNumber: number } : {}),
    fulfilment: change.fulfilment?.status ?? 'PACKED',
  };
  const record = await sendGuarded({
    store, log, meter, pk: orderKey, transition: 'SHIPPING', by: executionName(one), send: () => staff.notify('shipping', message),
  });
  return withSent(one, record);
}
