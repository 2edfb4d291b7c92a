import type { Account } from '@orderflow/shared/accounts';
import { mergeGroups, neverSequence, planOf, statusVersion, type OrderGroups } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import { renderMail, type Mailer } from '@orderflow/shared/notices';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { fenceOf, ownItem, withSent, accountOf, executionName, groupsOfItem, orderOf, sendGuarded } from '@orderflow/shared/workflow';
import { confirmationOf } from '../mails.ts';
import { Contended, step, stop, untilSettled, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly accounts: readonly Account[];
  readonly mailer: Mailer;
}

/** CONFIRMED has the version of what it confirms: any later word of the source stands above it. */
function confirmed(item: InFlightItem, groups: OrderGroups, at: string): OrderGroups {
  const sequence = groups.status.sequence === neverSequence ? item.event.sequence : groups.status.sequence;
  return mergeGroups(groups, { ...groups, status: statusVersion('CONFIRMED', at, sequence, 'CONFIRMED') });
}

/**
 * ConfirmOrder: the order becomes CONFIRMED and the guard of its mail is taken in one transaction; then the mail goes.
 * An order that an update has cancelled or refunded meanwhile is only loaded.
 */
export async function handle(input: unknown, { store, accounts, mailer, clock, log, meter }: Deps): Promise<Step> {
  const one = step.parse(input);
  return untilSettled(async () => {
    const item = await ownItem(store, one);
    const order = item && orderOf(item);
    const groups = item && groupsOfItem(item);
    if (!item || !order || !groups) return stop(one);
    const { unknownPayment } = accountOf(accounts, order);
    const plan = planOf({ status: groups.status.value, payment: groups.payment.value, fulfilment: groups.fulfilment.value, test: item.test ?? false, historical: item.historical ?? false, unknownPayment });
    if (plan.path !== 'CONFIRM') return { ...one, next: 'LOAD', notice: 'NONE' } satisfies Step;

    const content = { groups: confirmed(item, groups, new Date(clock()).toISOString()) };
    const save = async (): Promise<'saved' | 'again' | 'stop'> => {
      const { outcome } = await store.save(item, fenceOf(item), content);
      return outcome === 'written' ? 'saved' : outcome === 'changed' ? 'again' : 'stop';
    };
    const to = order.customer?.email;
    if (one.mail !== 'order-confirmed' || to === undefined) {
      const outcome = await save();
      return outcome === 'again' ? outcome : outcome === 'stop' ? stop(one) : one;
    }
    const mail = renderMail('order-confirmed', confirmationOf(order));
    const claimed = { lost: false };
    const record = await sendGuarded({
      store, log, meter, pk: one.pk, transition: 'CONFIRMED', by: executionName(one),
      send: () => mailer.send({ to, mail, idempotency: `${one.pk}#CONFIRMED` }),
      claim: async () => {
        const taken = await store.saveAndClaim(item, fenceOf(item), content, { transition: 'CONFIRMED', by: executionName(one) });
        if (taken.outcome === 'written') return { outcome: 'claimed' };
        if (taken.outcome === 'changed') throw new Contended();
        if (taken.outcome === 'lost') {
          claimed.lost = true;
          return { outcome: 'stop' };
        }
        if ((await save()) === 'again') throw new Contended();
        return taken;
      },
    });
    return claimed.lost ? stop(one) : withSent(one, record);
  });
}
