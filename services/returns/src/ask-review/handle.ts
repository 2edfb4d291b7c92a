import { parkEnds } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import type { Mailer, ReviewNotice, StaffNotifier } from '@orderflow/shared/notices';
import type { InFlightItem, InFlightStore, SentRecord } from '@orderflow/shared/store';
import { executionInput, executionName, inputOf, restartAt, sendGuarded } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { shopName, tellCustomer, transitionOf } from '../customer-mail.ts';
import type { TaskAnswers } from '../task-answers.ts';
import { progressOf, type Progress } from '../progress.ts';
import { returnedIn, returnKey, type MailRule } from '../returned.ts';
import { fenceOf, goTo, ItemChanged, keyOf } from '../workflow.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly tasks: TaskAnswers;
  readonly staff: StaffNotifier;
  readonly mailer: Mailer;
  readonly mayWrite: MailRule;
}

const withToken = z.extend(executionInput, { token: z.string().check(z.minLength(1)) });

/**
 * Stores the task token with the return, parks it and tells the reviewers. The state machine waits on the token until
 * record-review answers it. Called again for the same return (a retry, the escalation after the review limit), it
 * stores the newer token.
 */
export async function handle(input: unknown, deps: Deps): Promise<void> {
  const { token, ...at } = z.parse(withToken, input);
  const { store, tasks, clock } = deps;
  let item = await store.get(at);
  if (item?.state === 'PARKED' && item.attempt === at.attempt && item.parked?.reason === 'review') {
    const woken = await store.wake(keyOf(item), { attempt: at.attempt, dueAt: restartAt(clock()) });
    item = 'item' in woken ? woken.item : undefined;
  } else if (item?.attempt !== at.attempt) {
    item = undefined;
  }
  if (item?.state !== 'RECEIVED') {
    await tasks.answer(token, { ...at, next: 'STOP' });
    return;
  }
  const progress = progressOf(item);
  if (progress.answer) {
    await tasks.answer(token, goTo(item, progress.answer.outcome));
    return;
  }

  const now = new Date(clock()).toISOString();
  const before = progress.review;
  // within the limit it is the same question again, with a newer token
  const review = before && now < parkEnds('review', before.askedAt) ? { ...before, token } : { token, askedAt: now, asked: (before?.asked ?? 0) + 1 };
  const parked = await store.park(keyOf(item), fenceOf(item), {
    reason: 'review', dueAt: parkEnds('review', review.askedAt), content: { progress: { ...progress, review } satisfies Progress },
  });
  if (parked.outcome !== 'written') throw new ItemChanged();
  const sent = [await tellReviewers(parked.item, review.asked, deps), await tellTheCustomer(parked.item, deps)].filter((one) => one !== undefined);
  if (sent.length > 0) await store.recordSent(item.pk, 'returns', sent);
}

const noticeOf = (item: InFlightItem, at: string): ReviewNotice => {
  const returned = returnedIn(item);
  const { decision } = progressOf(item);
  const key = returnKey(item, returned);
  const approve = decision?.probabilities?.['approve'];
  return {
    schema: 'orderflow.review.v1',
    id: executionName(inputOf(item)),
    at,
    ...(returned.orderKey ? { orderKey: returned.orderKey } : {}),
    returnKey: key,
    rule: decision?.rule ?? 'unknown',
    ...(decision && decision.amount > 0 ? { amount: decision.amount } : returned.amount === undefined ? {} : { amount: Math.abs(returned.amount) }),
    ...(returned.currency ? { currency: returned.currency } : {}),
    ...(approve === undefined ? {} : { modelOpinion: `approve with probability ${approve.toFixed(2)}, reason ${decision?.reasonCategory ?? 'unknown'}` }),
    command: `npm run review -- approve '${returned.id}' --order '${item.pk}'   (or: reject … --reason TEXT, partial … --amount N)`,
  };
};

const tellReviewers = (item: InFlightItem, asked: number, { store, staff, clock, log, meter }: Deps): Promise<SentRecord | undefined> => {
  log.info('REVIEW_ASKED', { eventId: item.event.id, asked });
  return sendGuarded({
    store, log, meter, pk: item.pk, transition: transitionOf(`review-${asked}`, item), by: executionName(inputOf(item)),
    // nobody answered the first time: those above are asked
    send: () => staff.notify(asked > 1 ? 'escalation' : 'review', { ...noticeOf(item, new Date(clock()).toISOString()), asked }),
  });
};

async function tellTheCustomer(item: InFlightItem, deps: Deps): Promise<SentRecord | undefined> {
  const { order } = progressOf(item);
  const email = order?.contact.email;
  if (email === undefined || !deps.mayWrite(item)) return undefined;
  return tellCustomer(deps, item, email, 'return-under-review', {
    shop: shopName(item), orderNumber: order?.number ?? '', ...(order?.contact.name ? { customerName: order.contact.name } : {}), returnId: returnedIn(item).id,
  });
}
