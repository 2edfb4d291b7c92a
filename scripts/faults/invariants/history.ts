import { stepOf, type TransitionGroup } from '../../../shared/domain/index.ts';
import { rows } from '../world/look.ts';
import type { World } from '../world/world.ts';

const groups: Readonly<Record<string, TransitionGroup>> = { order: 'order', status: 'order', payment: 'payment', fulfilment: 'fulfilment' };

/** I7: the history of an order is a path in the table of transitions. */
export async function historyPaths(world: World): Promise<string[]> {
  const wrong: string[] = [];
  let before: { readonly name: string; readonly status: string } | undefined;
  for (const [key, group, status] of await rows(world, 'SELECT order_key, status_group, status FROM order_status_history ORDER BY order_key, status_group, sequence, occurred_at')) {
    const name = `${String(key)} ${String(group)}`;
    const table = groups[String(group)];
    if (table && before?.name === name && stepOf(table, before.status, String(status)) === undefined) wrong.push(`I7: ${name}: ${before.status} → ${String(status)} is no step`);
    before = { name, status: String(status) };
  }
  return wrong;
}
