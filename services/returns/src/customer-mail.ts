import type { Log, Meter } from '@orderflow/shared/lambda';
import { renderMail, type Mailer, type MailData, type MailKind } from '@orderflow/shared/notices';
import type { InFlightItem, InFlightStore, SentRecord } from '@orderflow/shared/store';
import { executionName, inputOf, sendGuarded } from '@orderflow/shared/workflow';

export interface MailDeps {
  readonly store: InFlightStore;
  readonly mailer: Mailer;
  readonly log: Log;
  readonly meter: Meter;
}

/** Guard of one message about one return: an order may have several. */
export const transitionOf = (what: string, { sk }: InFlightItem): string => `${what.toUpperCase()}#${sk}`;

/** Tells the customer once; see `sendGuarded`. @returns what to record, if anything. @throws NoticeNotSent to be retried */
export const tellCustomer = <K extends MailKind>(
  { store, mailer, log, meter }: MailDeps, item: InFlightItem, to: string, kind: K, data: MailData<K>,
): Promise<SentRecord | undefined> => {
  const transition = transitionOf(kind, item);
  return sendGuarded({
    store, log, meter, pk: item.pk, transition, by: executionName(inputOf(item)),
    send: () => mailer.send({ to, mail: renderMail(kind, data), idempotency: `${item.pk}#${transition}` }),
  });
};

/** Name of the shop as customers read it: the account, or the source where there is one account only. */
export const shopName = ({ event }: InFlightItem): string => {
  const name = event.account === 'default' ? event.source : event.account;
  return name.charAt(0).toUpperCase() + name.slice(1);
};
