import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { paymentsAccountFor, type Account } from '@orderflow/shared/accounts';
import { orderKey, paymentKey, semanticKey, type CanonicalEvent, type Order } from '@orderflow/shared/events';
import { orderSk, updateSk } from '@orderflow/shared/store';
import { consume, Poison, readEvent, wholeEvent, type ObjectPort, type Quarantine } from '@orderflow/shared/stream';
import { newItemOf, originOf, receiveEvent, type Receiving } from '@orderflow/shared/workflow';

export interface Deps extends Receiving {
  readonly accounts: readonly Account[];
  readonly objects: ObjectPort;
  readonly quarantine: Quarantine;
}

/** Partitions in which events about this order's payment come in: the linked provider account's, or the shop's own. */
export function paymentPartitions(accounts: readonly Account[], { source, account, payment: { provider, reference } }: Order): string[] {
  if (reference === undefined) return [];
  const linked = provider === undefined ? undefined : paymentsAccountFor(accounts, { source, account }, provider);
  return [
    ...(linked ? [paymentKey(linked.source, linked.account, reference)] : []),
    ...(provider === undefined || provider === source ? [paymentKey(source, account, reference)] : []),
  ];
}

/** An account creates its own orders only, and in their own partition (FAULTS I12). */
function checkOrigin(event: CanonicalEvent<'order.created'>): void {
  const { order } = event.data;
  const { source, account } = originOf(event);
  const own = order.source === source && order.account === account && order.key === orderKey(source, account, order.id);
  if (!own || event.partitionkey !== order.key) throw new Poison('FOREIGN_ORDER', 'the account that sent this may not write that order', '$.data.order.key');
}

async function receive(event: CanonicalEvent<'order.created'>, deps: Deps): Promise<void> {
  const { order } = event.data;
  checkOrigin(event);
  const now = deps.clock();
  const flags = { test: order.test, historical: order.historical };
  const received = await receiveEvent(
    newItemOf(event, { service: 'orders', sk: orderSk, now, ...flags, payments: paymentPartitions(deps.accounts, order) }), deps,
  );
  if (typeof received === 'string') return;
  // the order is known already and this snapshot says something else: an update with the whole order in it
  const data = { update: { orderKey: order.key, occurredAt: event.time, order } };
  const sk = updateSk(semanticKey({ partitionkey: order.key, type: event.type, entity: order.id, sequence: event.sequence, data: event.data }));
  await receiveEvent(newItemOf(event, { service: 'updates', sk, now, data, ...flags }), deps);
}

/** Takes orders off the stream: receive, then start process-order. */
export const handle = (batch: KinesisStreamEvent, deps: Deps): Promise<KinesisStreamBatchResponse> =>
  consume(batch, {
    parse: readEvent,
    async handle(record) {
      const event = await wholeEvent(record, deps.objects);
      // the mapping's filter lets only orders in; anything else here would be its fault, not the record's
      if (event.type === 'order.created') await receive(event, deps);
    },
    quarantine: deps.quarantine,
    log: deps.log,
  });
