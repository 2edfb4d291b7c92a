import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { sellingAccountsFor, findAccount, type Account } from '@orderflow/shared/accounts';
import { composeKey, saidBy, semanticKey, type CanonicalEvent } from '@orderflow/shared/events';
import { updateSk } from '@orderflow/shared/store';
import { consume, Poison, readEvent, wholeEvent, type ObjectPort, type Quarantine } from '@orderflow/shared/stream';
import { newItemOf, originOf, receiveEvent, type Receiving } from '@orderflow/shared/workflow';

export interface Deps extends Receiving {
  readonly accounts: readonly Account[];
  readonly objects: ObjectPort;
  readonly quarantine: Quarantine;
}

type UpdateEvent = CanonicalEvent<'order.updated' | 'payment.changed'>;

const belongsTo = (orderKey: string, { source, account }: { source: string; account: string }): boolean =>
  orderKey.startsWith(`${composeKey(source, account)}:`);

/** An account writes its own orders only; a payment provider's those of the shops it is linked to (FAULTS I12). */
function checkOrigin(event: UpdateEvent, orderKey: string | undefined, accounts: readonly Account[]): void {
  if (orderKey === undefined) return;
  const origin = originOf(event);
  const shops = findAccount(accounts, origin.source, origin.account)?.role === 'payments' ? sellingAccountsFor(accounts, origin) : [];
  if (![origin, ...shops].some((owner) => belongsTo(orderKey, owner))) {
    throw new Poison('FOREIGN_ORDER', 'the account that sent this may not write that order', '$.data');
  }
}

async function receive(event: UpdateEvent, deps: Deps): Promise<void> {
  const about = event.type === 'order.updated' ? event.data.update : event.data.payment;
  checkOrigin(event, about.orderKey, deps.accounts);
  const entity = event.type === 'order.updated' ? event.data.update.orderKey : event.data.payment.reference;
  const { partitionkey, type, sequence } = event;
  const sk = updateSk(semanticKey({ partitionkey, type, entity, sequence, data: saidBy(event) }));
  const update = event.type === 'order.updated' ? event.data.update : undefined;
  const historical = update?.historical ?? update?.order?.historical;
  await receiveEvent(newItemOf(event, { service: 'updates', sk, now: deps.clock(), test: update?.order?.test, historical }), deps);
}

/** Takes updates of orders and of payments off the stream: receive, then start process-update. */
export const handle = (batch: KinesisStreamEvent, deps: Deps): Promise<KinesisStreamBatchResponse> =>
  consume(batch, {
    parse: readEvent,
    async handle(record) {
      const event = await wholeEvent(record, deps.objects);
      // the mapping's filter lets only these in; anything else here would be its fault, not the record's
      if (event.type === 'order.updated' || event.type === 'payment.changed') await receive(event, deps);
    },
    quarantine: deps.quarantine,
    log: deps.log,
  });
