import { limits, minutesAfter, type Refund, type ReturnPolicy } from '@orderflow/shared/domain';
import { composeKey } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import type { Mailer } from '@orderflow/shared/notices';
import type { InFlightItem, InFlightStore, Partition } from '@orderflow/shared/store';
import { executionInput, isDecided, parkedByUs, restartAt, type ExecutionInput } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { shopName, tellCustomer } from '../customer-mail.ts';
import type { OrderArchive } from '../order-archive.ts';
import { orderSeen, toldByItem, type ToldOrder } from '../order-seen.ts';
import { progressOf, type OrderSeen, type Progress } from '../progress.ts';
import { returnedIn, type MailRule, type Returned } from '../returned.ts';
import { fenceOf, goTo, ItemChanged, keyOf, owns, type StepResult } from '../workflow.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly archive: OrderArchive;
  readonly mailer: Mailer;
  readonly mayWrite: MailRule;
  readonly policy: ReturnPolicy;
}

/** How long after its receipt a request waits for the warehouse to answer. */
const patienceMs = 60_000;

const stop = (input: ExecutionInput): StepResult => ({ ...input, next: 'STOP' });

/**
 * First state: what is this return, and of which order? An order that is named but unknown parks it; a refund that the
 * source has made goes straight to the load; a request gets what the decision needs to know of its order.
 */
export async function handle(input: unknown, deps: Deps): Promise<StepResult> {
  const at = z.parse(executionInput, input);
  const partition = await deps.store.look(at.pk);
  const item = partition.others.find((one) => one.sk === at.sk);
  if (!owns(item, at) && !parkedByUs(item, at)) return stop(at);
  const returned = returnedIn(item);
  const { orderKey } = returned;
  if (item.state === 'PARKED') return orderKey === undefined ? stop(at) : lookAgain(item, returned, orderKey, deps);
  if (orderKey === undefined) return goTo(item, isDecided(returned) ? 'LOAD' : 'DECIDE');

  const home = orderKey === at.pk ? partition : await deps.store.look(orderKey);
  if (home.order !== undefined) return go(item, returned, home, deps);
  // an order older than its tombstone is in the warehouse only; asked once, after the first wait
  const old = at.attempt === 2 ? await deps.archive.find(orderKey) : undefined;
  return old ? go(item, returned, home, deps, old) : park(item, returned, orderKey, deps);
}

async function go(item: InFlightItem, returned: Returned, home: Partition, deps: Deps, told?: ToldOrder): Promise<StepResult> {
  if (isDecided(returned)) return book(item, returned, deps);
  const seen = await see(item, returned, home, deps, told);
  const saved = await deps.store.save(keyOf(item), fenceOf(item), { progress: { ...progressOf(item), order: seen } satisfies Progress });
  if (saved.outcome === 'changed') throw new ItemChanged();
  if (saved.outcome === 'lost') return goTo(item, 'STOP');
  await confirm(saved.item, returned, seen, deps);
  return goTo(saved.item, 'DECIDE');
}

async function see(item: InFlightItem, returned: Returned, home: Partition, deps: Deps, told?: ToldOrder): Promise<OrderSeen | undefined> {
  const inFlight = home.order && toldByItem(home.order);
  const order = told ?? inFlight ?? (returned.orderKey === undefined ? undefined : await patiently(deps.archive.find(returned.orderKey), item, deps));
  return orderSeen(home, order, returned, item.sk, await returnsOfCustomer(item, order, returned, deps));
}

/** The warehouse may only be waking up: the state is tried again; later a person decides on what is known. */
const patiently = <T>(asked: Promise<T>, item: InFlightItem, { clock, log }: Deps): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (clock() - Date.parse(item.receivedAt) < patienceMs) throw error;
    log.warn('UNEXPECTED', { eventId: item.event.id, error: error instanceof Error ? error.name : 'unknown' });
    return undefined;
  });

async function returnsOfCustomer(item: InFlightItem, order: ToldOrder | undefined, { requestedAt, customerId }: Returned, deps: Deps): Promise<number | undefined> {
  const customer = order && (order.customerId ?? customerId);
  if (customer === undefined) return undefined;
  const { source, account } = item.event;
  const since = minutesAfter(Date.parse(requestedAt), -deps.policy.holds.returnsOfCustomer.days * 24 * 60);
  return patiently(deps.archive.returnsOf(composeKey(source, account, customer), since), item, deps);
}

/** A refund by the source uses up the order's account, so that we do not refund the same goods again. */
async function book(item: InFlightItem, returned: Returned, { store }: Deps): Promise<StepResult> {
  const { decided, orderKey } = returned;
  if (!decided || decided.outcome === 'REJECTED' || orderKey === undefined || progressOf(item).sourceExcess !== undefined) return goTo(item, 'LOAD');
  const booked = await store.bookRefund(keyOf(item), fenceOf(item), { progress: { sourceExcess: false } }, { orderKey, ...refundOf(returned) });
  if (booked.outcome === 'refused' && booked.order?.refunds) await store.save(keyOf(item), fenceOf(item), { progress: { sourceExcess: true } });
  return goTo(item, booked.outcome === 'lost' ? 'STOP' : 'LOAD');
}

const refundOf = ({ decided, amount, lines }: Returned): Refund => {
  const byLine: Record<string, number> = {};
  for (const { lineId, quantity } of lines) if (lineId !== undefined) byLine[lineId] = (byLine[lineId] ?? 0) + Math.abs(quantity);
  return { amount: Math.abs(decided?.amount ?? amount ?? 0), lines: byLine };
};

async function park(item: InFlightItem, returned: Returned, orderKey: string, deps: Deps): Promise<StepResult> {
  const { store, clock } = deps;
  const dueAt = minutesAfter(clock(), limits.recheckMinutes['order-unknown']);
  const parked = await store.park(keyOf(item), fenceOf(item), { reason: 'order-unknown', dueAt });
  if (parked.outcome !== 'written') return goTo(item, 'STOP');
  return lookAgain(parked.item, returned, orderKey, deps);
}

async function lookAgain(item: InFlightItem, returned: Returned, orderKey: string, deps: Deps): Promise<StepResult> {
  const { store, clock, log } = deps;
  // the order may have come between the look and the parking, and would then wake nobody
  const home = await store.look(orderKey);
  if (home.order === undefined) {
    log.info('PARKED', { eventId: item.event.id, reason: 'order-unknown' });
    return goTo(item, 'PARKED');
  }
  const woken = await store.wake(keyOf(item), { attempt: item.attempt, dueAt: restartAt(clock()) });
  return woken.outcome === 'written' ? go(woken.item, returned, home, deps) : goTo(item, 'PARKED');
}

async function confirm(item: InFlightItem, returned: Returned, seen: OrderSeen | undefined, deps: Deps): Promise<void> {
  const email = seen?.contact.email;
  if (email === undefined || !deps.mayWrite(item)) return;
  const sent = await tellCustomer(deps, item, email, 'return-received', {
    shop: shopName(item),
    orderNumber: seen?.number ?? '',
    ...(seen?.contact.name ? { customerName: seen.contact.name } : {}),
    returnId: returned.id,
    lines: returned.lines.map((line) => ({ name: line.name ?? line.sku ?? line.productId ?? line.lineId ?? 'Item', quantity: line.quantity })),
  });
  if (sent) await deps.store.recordSent(item.pk, 'returns', [sent]);
}
