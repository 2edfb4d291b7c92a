import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { ownItem, executionName, factOfItem, updateClaims, type Facts } from '@orderflow/shared/workflow';
import { appliedOf, changeOf } from '../change.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly facts: Facts;
}

/** LoadUpdate: puts the update on its way to the warehouse. */
export async function handle(input: unknown, { store, facts, log }: Deps): Promise<Step> {
  const one = step.parse(input);
  const item = await ownItem(store, one);
  const { orderKey } = one;
  if (!item || orderKey === undefined) return stop(one);
  const { change, update } = changeOf(item);
  const { test, historical } = appliedOf(item) ?? {};
  await facts.write([factOfItem(item, { fact: 'update.settled', key: orderKey, payload: updateClaims(change, orderKey, update), test, historical })]);
  log.info('FACT_WRITTEN', { execution: executionName(one), version: item.version });
  return { ...one, version: item.version };
}
