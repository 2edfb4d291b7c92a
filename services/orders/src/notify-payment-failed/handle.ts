import type { Tools } from '@orderflow/shared/lambda';
import { renderMail, type Mailer } from '@orderflow/shared/notices';
import type { InFlightStore } from '@orderflow/shared/store';
import { ownItem, executionName, orderOf, sendGuarded } from '@orderflow/shared/workflow';
import { paymentFailedOf } from '../mails.ts';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly mailer: Mailer;
}

/** NotifyPaymentFailed: tells the customer once, however often the payment fails. */
export async function handle(input: unknown, { store, mailer, log, meter }: Deps): Promise<Step> {
  const one = step.parse(input);
  const item = await ownItem(store, one);
  const order = item && orderOf(item);
  if (!item || !order) return stop(one);
  const to = order.customer?.email;
  if (to === undefined) return one;
  const mail = renderMail('payment-failed', paymentFailedOf(order));
  const record = await sendGuarded({
    store, log, meter, pk: one.pk, transition: 'PAYMENT_FAILED', by: executionName(one),
    send: () => mailer.send({ to, mail, idempotency: `${one.pk}#PAYMENT_FAILED` }),
  });
  // the order parks now, so there is no Done that would record it
  if (record) await store.recordSent(one.pk, 'orders', [record]);
  return one;
}
