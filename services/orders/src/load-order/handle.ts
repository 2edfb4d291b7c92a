import * as z from 'zod/mini';
import { historyOf, type HistoryStep, type OrderGroups } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { ownItem, executionName, factOfItem, groupsOfItem, orderOf, versionsOf, type Facts } from '@orderflow/shared/workflow';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly facts: Facts;
}

const historyStep = z.object({ group: z.enum(['order', 'payment', 'fulfilment']), status: z.string(), at: z.string(), sequence: z.string() });

/** What the order's own event and our own steps say; updates tell their part of the history with their own facts. */
function ownHistory({ event, progress }: InFlightItem, groups: OrderGroups): HistoryStep[] {
  const first = z.parse(z.array(historyStep), progress?.['history'] ?? []);
  const own = historyOf(groups).filter(({ group, status, sequence }) =>
    sequence === event.sequence && !first.some((one) => one.group === group && one.status === status));
  return [...first, ...own];
}

/** LoadOrder: puts the order on its way to the warehouse. */
export async function handle(input: unknown, { store, facts, log }: Deps): Promise<Step> {
  const one = step.parse(input);
  const item = await ownItem(store, one);
  const order = item && orderOf(item);
  const groups = item && groupsOfItem(item);
  if (!item || !order || !groups) return stop(one);
  const payload = { order, versions: versionsOf(groups), history: ownHistory(item, groups), ...(groups.overdue ? { paymentOverdue: true } : {}) };
  await facts.write([factOfItem(item, { fact: 'order.settled', key: order.key, payload })]);
  log.info('FACT_WRITTEN', { execution: executionName(one), version: item.version });
  return { ...one, version: item.version };
}
