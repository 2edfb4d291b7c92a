import { limits, minutesAfter } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import type { Mailer } from '@orderflow/shared/notices';
import type { InFlightItem, InFlightStore, SentRecord } from '@orderflow/shared/store';
import { executionInput } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { shopName, tellCustomer } from '../customer-mail.ts';
import { progressOf, type Decision, type OrderSeen } from '../progress.ts';
import { returnedIn, type Instructions, type Returned } from '../returned.ts';
import { goTo, keyOf, owns, type StepResult } from '../workflow.ts';
import { politely } from './reasons.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly mailer: Mailer;
  readonly instructions: Instructions;
}

/** Tells the customer what became of the return, once, and ends the return's way: one write records both. */
export async function handle(input: unknown, deps: Deps): Promise<StepResult> {
  const at = z.parse(executionInput, input);
  const item = await deps.store.get(at);
  if (!owns(item, at)) return { ...at, next: 'STOP' };
  const sent = await tell(item, deps);
  await deps.store.done(keyOf(item), {
    attempt: item.attempt, version: item.version, dueAt: minutesAfter(deps.clock(), limits.stuckMinutes.DONE), ...(sent ? { sent: [sent] } : {}),
  });
  return goTo(item, 'DONE');
}

async function tell(item: InFlightItem, deps: Deps): Promise<SentRecord | undefined> {
  const { order, decision, answer } = progressOf(item);
  const final = answer ?? decision;
  const email = order?.contact.email;
  if (order === undefined || email === undefined || final === undefined) return undefined;
  const returned = returnedIn(item);
  const about = {
    shop: shopName(item), orderNumber: order.number, ...(order.contact.name ? { customerName: order.contact.name } : {}), returnId: returned.id,
  };
  const currency = returned.currency ?? order.facts.currency;
  const instructions = deps.instructions(item);
  const money = { currency, amount: final.amount, ...(final.fee > 0 ? { fee: final.fee } : {}), ...(instructions ? { instructions } : {}) };
  const reason = answer?.reason ?? politely(decision?.rule ?? '');
  switch (final.outcome) {
    case 'APPROVED':
      return tellCustomer(deps, item, email, 'return-approved', { ...about, ...money });
    case 'PARTIAL':
      return tellCustomer(deps, item, email, 'return-partial', {
        ...about, ...money, ...(returned.amount === undefined ? {} : { requested: Math.abs(returned.amount) }), ...(reason ? { reason } : {}),
        ...(answer === undefined && decision !== undefined ? { leftOut: leftOutOf(returned, order, decision) } : {}),
      });
    case 'REJECTED':
      return tellCustomer(deps, item, email, 'return-rejected', { ...about, reason: reason || 'it is outside of our return policy' });
    case 'NEEDS_REVIEW':
      return undefined;
  }
}

/** What does not come back and why, by the names that the customer knows. */
function leftOutOf({ lines }: Returned, { facts }: OrderSeen, { leftOut }: Decision) {
  return leftOut.map(({ lineId, quantity, rule }) => {
    const bought = facts.lines.find((line) => line.id === lineId);
    const named = lines.find((line) => line.lineId === lineId || (line.sku !== undefined && line.sku === bought?.sku) || (line.productId !== undefined && line.productId === bought?.productId));
    return { name: named?.name ?? named?.sku ?? bought?.sku ?? 'Item', quantity, reason: politely(rule) ?? 'it is outside of our return policy' };
  });
}
