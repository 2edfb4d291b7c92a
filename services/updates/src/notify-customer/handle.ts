import type { Tools } from '@orderflow/shared/lambda';
import type { Mailer } from '@orderflow/shared/notices';
import { orderSk, type InFlightItem, type InFlightStore } from '@orderflow/shared/store';
import { ownItem, withSent, executionName, orderOf, sendGuarded, shopName } from '@orderflow/shared/workflow';
import { appliedOf, changeOf } from '../change.ts';
import type { Contacts } from '../contacts.ts';
import { addresseeOfContact, addresseeOfOrder, mailOf, transitions, type Addressee } from '../mails.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly mailer: Mailer;
  readonly contacts: Contacts;
}

/** From the order while it is here, else from the update's own snapshot, else from the warehouse. */
async function addresseeOf(item: InFlightItem, orderKey: string, { store, contacts }: Deps): Promise<Addressee | undefined> {
  const order = await store.get({ pk: orderKey, sk: orderSk });
  const known = addresseeOfOrder(order && orderOf(order)) ?? addresseeOfOrder(changeOf(item).change.order);
  if (known || !order) return known;
  const contact = await contacts.find(orderKey);
  return contact && addresseeOfContact(contact, shopName(order.event));
}

/** NotifyCustomer: what the update has brought about, each transition once an order. */
export async function handle(input: unknown, deps: Deps): Promise<Step> {
  const one = step.parse(input);
  const { store, mailer, log, meter } = deps;
  const item = await ownItem(store, one);
  const { orderKey } = one;
  if (!item || orderKey === undefined) return stop(one);
  const to = await addresseeOf(item, orderKey, deps);
  if (!to) return one;
  const { update } = changeOf(item);
  let after = one;
  for (const kind of appliedOf(item)?.mails ?? []) {
    const transition = transitions[kind];
    const mail = mailOf(kind, to, update);
    after = withSent(after, await sendGuarded({
      store, log, meter, pk: orderKey, transition, by: executionName(one),
      send: () => mailer.send({ to: to.to, mail, idempotency: `${orderKey}#${transition}` }),
    }));
  }
  return after;
}
