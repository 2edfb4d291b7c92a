import { decideReturn, type PolicyVerdict, type ReturnPolicy } from '@orderflow/shared/domain';
import { cleanText, type Instance, type LanguageModel, type Prediction } from '@orderflow/shared/model';
import { accuracy, calibrationError, macroF1, type Answered } from './measures.ts';
import type { ReturnCaseText } from './read.ts';

export interface Read {
  readonly of: ReturnCaseText;
  readonly prediction: Prediction;
}

/** The policy has left it open: what is judged here is the reading. */
const open: PolicyVerdict = { verdict: 'OPEN', rule: 'within-policy', granted: [], amount: 0, fee: 0, sellerCharges: {}, leftOut: [], partial: false, features: {} };

/** The product's own decision over what the model said. */
export function isApproved(policy: ReturnPolicy, { of, prediction }: Read, approveAt = policy.model.approveAt): boolean {
  const { text, cut } = cleanText(of.text);
  const opinion = { approve: prediction.decision?.approve ?? Number.NaN, injection: prediction.injection.score, injectionFlagged: prediction.injection.flagged };
  const strict = { ...policy, model: { ...policy.model, approveAt } };
  return decideReturn(strict, open, opinion, { empty: !/\p{L}{2}/u.test(`${text} ${of.reason ?? ''}`), cut }).outcome === 'APPROVED';
}

export const instanceOf = ({ text, reason, facts }: Pick<ReturnCaseText, 'text' | 'reason' | 'facts'>): Instance => ({ text, ...(reason === undefined ? {} : { reason }), facts });

/** Asks in requests of the size that callers use. */
export async function readAll(model: LanguageModel, instances: readonly Instance[], progress?: (done: number) => void): Promise<Prediction[]> {
  const said: Prediction[] = [];
  for (let at = 0; at < instances.length; at += 128) {
    said.push(...(await model.predict(instances.slice(at, at + 128))).predictions);
    progress?.(said.length);
  }
  return said;
}

const largest = (decision: NonNullable<Prediction['decision']>): [string, number] =>
  Object.entries(decision).reduce((best, one) => (one[1] > best[1] ? one : best));

const decisions = (cases: readonly Read[]): Answered[] =>
  cases.flatMap(({ of, prediction }) => {
    if (!prediction.decision) return [];
    const [answer, probability] = largest(prediction.decision);
    return [{ truth: of.expect.decision, answer, probability }];
  });
const reasons = (cases: readonly Read[]): Answered[] =>
  cases.flatMap(({ of, prediction }) => (of.expect.reason === null ? [] : [{ truth: of.expect.reason, answer: prediction.reason.label, probability: prediction.reason.score }]));

export interface Approvals {
  /** Approved by the machine, of those that a person would approve. */
  readonly approved: number;
  /** Approved by the machine, of those that a person would not: false approvals. */
  readonly falselyApproved: number;
  /** Sent to a person, of those that a person would approve: needless reviews. */
  readonly needlessReviews: number;
}

export function approvals(policy: ReturnPolicy, cases: readonly Read[], approveAt = policy.model.approveAt): Approvals {
  const rate = (of: readonly Read[]): number => (of.length === 0 ? 0 : of.filter((one) => isApproved(policy, one, approveAt)).length / of.length);
  const [right, wrong] = [true, false].map((fit) => cases.filter(({ of }) => (of.expect.decision === 'approve') === fit));
  const approved = rate(right ?? []);
  return { approved, falselyApproved: rate(wrong ?? []), needlessReviews: 1 - approved };
}

const grouped = (cases: readonly Read[], by: 'category' | 'country') =>
  Object.fromEntries(
    [...Map.groupBy(cases, ({ of }) => of[by])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, { cases: part.length, decision: accuracy(decisions(part)), reason: accuracy(reasons(part)) }]),
  );

/** All that is measured on requests for returns. Shares 0 … 1. */
export const measureReturns = (policy: ReturnPolicy, cases: readonly Read[]) => ({
  cases: cases.length,
  decision: { accuracy: accuracy(decisions(cases)), macroF1: macroF1(decisions(cases)), ece: calibrationError(decisions(cases)) },
  reason: { accuracy: accuracy(reasons(cases)), macroF1: macroF1(reasons(cases)), ece: calibrationError(reasons(cases)) },
  ...approvals(policy, cases),
  byCategory: grouped(cases, 'category'),
  byCountry: grouped(cases, 'country'),
});

/** What each threshold would cost and save: on the hand-written cases, and on the made-up ones. */
export const tradeOff = (policy: ReturnPolicy, cases: readonly Read[], synthetic: readonly Read[]) =>
  [0.5, 0.6, 0.7, 0.8, 0.85, 0.88, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.97].map((approveAt) => ({ approveAt, cases: approvals(policy, cases, approveAt), synthetic: approvals(policy, synthetic, approveAt) }));
