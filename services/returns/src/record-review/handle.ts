import { parkEnds } from '@orderflow/shared/domain';
import { minor } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import { returnSk, type InFlightItem, type InFlightStore, type ItemKey } from '@orderflow/shared/store';
import { inputOf, restartAt, type Executions } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { progressOf, type Answer, type Progress } from '../progress.ts';
import { returnedIn, type Returned } from '../returned.ts';
import { listReviews, type WaitingReview } from './list-reviews.ts';
import type { TaskAnswers } from '../task-answers.ts';
import { fenceOf, goTo, ItemChanged, keyOf } from '../workflow.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly tasks: TaskAnswers;
}

/** A person's answer. `partial` needs an amount, `reject` a reason: the customer is told it. */
export const reviewAnswer = z.object({
  /** Partition of the return: its order's key, or `<source>:<account>:return:<id>`. */
  pk: z.string().check(z.minLength(1)),
  returnId: z.string().check(z.minLength(1)),
  decision: z.enum(['approve', 'reject', 'partial']),
  /** Refund in minor units. */
  amount: z.optional(minor.check(z.positive())),
  reason: z.optional(z.string().check(z.maxLength(1024))),
  /** Who answers; a login or role, not a name. */
  reviewer: z.string().check(z.minLength(1), z.maxLength(128)),
});
const listRequest = z.strictObject({ list: z.literal(true) });
export type ReviewAnswer = z.infer<typeof reviewAnswer>;

/** What the reviewer is told. Only `recorded` changed anything. */
export type ReviewResult =
  | { readonly outcome: 'recorded'; readonly answer: Answer }
  | { readonly outcome: 'already'; readonly answer: Answer }
  | { readonly outcome: 'invalid' | 'not-waiting' | 'unknown-return' | 'exceeds-paid'; readonly message: string };

const told = (outcome: Exclude<ReviewResult['outcome'], 'recorded' | 'already'>, message: string): ReviewResult => ({ outcome, message });

/** `{ list: true }`: what waits. Else records a reviewer's decision and lets the workflow go on. The first answer wins; a later one is told which that was. */
export async function handle(input: unknown, deps: Deps): Promise<ReviewResult | { readonly waiting: WaitingReview[] }> {
  if (z.safeParse(listRequest, input).success) return { waiting: await listReviews(deps) };
  const read = z.safeParse(reviewAnswer, input);
  if (!read.success) return told('invalid', `${read.error.issues[0]?.path.map(String).join('.') ?? 'input'}: ${read.error.issues[0]?.message ?? 'malformed'}`);
  const asked = read.data;
  const key = { pk: asked.pk, sk: returnSk(asked.returnId) };
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const result = await tryOnce(key, asked, deps);
    if (result) return result;
  }
  throw new ItemChanged();
}

async function tryOnce(key: ItemKey, asked: ReviewAnswer, deps: Deps): Promise<ReviewResult | undefined> {
  const { store, clock, log } = deps;
  const item = await store.get(key);
  if (!item) return told('unknown-return', 'no return of this key is being handled');
  if (item.state === 'DONE' || item.state === 'FORGOTTEN') return earlier(item);
  const { answer, review } = progressOf(item);
  if (answer) {
    // the first answer's call may have ended before the workflow was told
    if (item.state === 'RECEIVED') await goOn(item, answer, deps);
    return { outcome: 'already', answer };
  }
  if (!review) return told('not-waiting', 'this return does not wait for a person');
  if (item.state === 'PARKED') {
    const woken = await store.wake(keyOf(item), { attempt: item.attempt, dueAt: restartAt(clock()) });
    return woken.outcome === 'written' ? save(woken.item, asked, deps) : undefined;
  }
  log.info('REVIEW_ANSWERED', { eventId: item.event.id, state: item.state });
  return save(item, asked, deps);
}

const earlier = (item: InFlightItem): ReviewResult => {
  const { answer } = progressOf(item);
  return answer ? { outcome: 'already', answer } : told('not-waiting', 'this return has been decided and loaded');
};

/** The amount that the reviewer's word means, minor units; a message where it cannot be told. */
function amountOf(asked: ReviewAnswer, item: InFlightItem, { amount }: Returned): { amount: number; fee: number } | string {
  if (asked.decision === 'reject') return asked.reason ? { amount: 0, fee: 0 } : 'a rejection needs a reason: the customer is told it';
  if (asked.amount !== undefined) return { amount: asked.amount, fee: 0 };
  if (asked.decision === 'partial') return 'a partial refund needs an amount';
  const { decision } = progressOf(item);
  if (decision && decision.amount > 0) return { amount: decision.amount, fee: decision.fee };
  return amount === undefined ? 'the policy could not compute the amount: say it' : { amount: Math.abs(amount), fee: 0 };
}

const outcomes = { approve: 'APPROVED', partial: 'PARTIAL', reject: 'REJECTED' } as const;

async function save(item: InFlightItem, asked: ReviewAnswer, deps: Deps): Promise<ReviewResult | undefined> {
  const { store, clock, log } = deps;
  const returned = returnedIn(item);
  const money = amountOf(asked, item, returned);
  if (typeof money === 'string') return giveBack(item, told('invalid', money), deps);
  const answer: Answer = {
    ...money,
    outcome: outcomes[asked.decision],
    ...(asked.reason ? { reason: asked.reason } : {}),
    reviewer: asked.reviewer,
    at: new Date(clock()).toISOString(),
  };
  const progress = progressOf(item);
  const content = { progress: { ...progress, answer } satisfies Progress };
  const { orderKey } = returned;
  const pays = answer.outcome !== 'REJECTED' && orderKey !== undefined;
  const lines = Object.fromEntries((progress.decision?.granted ?? []).map((line) => [line.lineId, line.quantity]));
  let written = pays
    ? await store.bookRefund(keyOf(item), fenceOf(item), content, { orderKey, amount: answer.amount + answer.fee, lines })
    : await store.save(keyOf(item), fenceOf(item), content);
  // an order older than its tombstone has no account to book on: the reviewer's word stands
  if (written.outcome === 'refused' && written.order === undefined) written = await store.save(keyOf(item), fenceOf(item), content);
  if (written.outcome === 'refused') return giveBack(item, told('exceeds-paid', 'more than was paid and not yet refunded, or more goods than were bought'), deps);
  if (written.outcome !== 'written') return undefined;
  log.info('REVIEW_ANSWERED', { eventId: item.event.id, outcome: answer.outcome });
  await goOn(item, answer, deps);
  return { outcome: 'recorded', answer };
}

/** Nothing was decided: the return waits on, as before. */
async function giveBack(item: InFlightItem, result: ReviewResult, { store, clock }: Deps): Promise<ReviewResult> {
  await store.park(keyOf(item), fenceOf(item), { reason: 'review', dueAt: parkEnds('review', progressOf(item).review?.askedAt ?? new Date(clock()).toISOString()) });
  return result;
}

/** Tells the waiting execution; if nobody waits on the token any more, a new one takes over. */
async function goOn(item: InFlightItem, answer: Answer, { executions, tasks }: Deps): Promise<void> {
  const token = progressOf(item).review?.token;
  if (token !== undefined && (await tasks.answer(token, goTo(item, answer.outcome))) === 'answered') return;
  await executions.start('returns', inputOf(item));
}
