import { checkReturn, decideReturn, type PolicyVerdict, type ReturnPolicy } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import type { LanguageModel } from '@orderflow/shared/model';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { executionInput } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { progressOf, type Decision, type Progress } from '../progress.ts';
import { returnedIn, type Returned } from '../returned.ts';
import { fenceOf, goTo, ItemChanged, keyOf, owns, type StepResult } from '../workflow.ts';
import { askModel, type Reading } from './ask-model.ts';
import { questionOf } from './question.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly model: LanguageModel;
  /** A second model whose answers are recorded and never used. */
  readonly shadow?: LanguageModel;
  readonly policy: ReturnPolicy;
}

const most = 3;

/**
 * Policy first, then the model; the refund is booked on the order's account in the same transaction as the decision. A
 * decision that is there already stands: at most one a return (I6).
 */
export async function handle(input: unknown, deps: Deps): Promise<StepResult> {
  const at = z.parse(executionInput, input);
  let reading: Reading | undefined;
  for (let attempt = 1; attempt <= most; attempt += 1) {
    const item = await deps.store.get(at);
    if (!owns(item, at)) return { ...at, next: 'STOP' };
    const { answer, decision } = progressOf(item);
    if (answer ?? decision) return goTo(item, answer?.outcome ?? decision?.outcome ?? 'NEEDS_REVIEW');
    const returned = returnedIn(item);
    const verdict = checkReturn(deps.policy, progressOf(item).order?.facts, caseOf(returned));
    reading ??= await read(item, returned, verdict, deps);
    const result = await store(item, returned, decide(verdict, reading, deps), deps);
    if (result) return result;
  }
  throw new ItemChanged();
}

async function read(item: InFlightItem, returned: Returned, verdict: PolicyVerdict, deps: Deps): Promise<Reading> {
  const question = questionOf(item, returned, verdict);
  return askModel(question, item.event.id, deps, (opinion) => decideReturn(deps.policy, verdict, opinion, question.text).outcome);
}

const caseOf = ({ requestedAt, amount, lines }: Returned) => ({
  requestedAt,
  ...(amount === undefined ? {} : { amount: Math.abs(amount) }),
  lines: lines.map(({ lineId, productId, sku, quantity }) => ({
    ...(lineId === undefined ? {} : { lineId }), ...(productId === undefined ? {} : { productId }), ...(sku === undefined ? {} : { sku }), quantity,
  })),
});

function decide(verdict: PolicyVerdict, reading: Reading, { policy, clock }: Deps): Decision {
  const decided = decideReturn(policy, verdict, reading.opinion, reading.text);
  return {
    ...decided,
    at: new Date(clock()).toISOString(),
    amount: verdict.amount,
    fee: verdict.fee,
    sellerCharges: verdict.sellerCharges,
    ...(verdict.ruleSource === undefined || decided.rule !== verdict.rule ? {} : { ruleSource: verdict.ruleSource }),
    granted: [...verdict.granted],
    leftOut: [...verdict.leftOut],
    policyVersion: policy.version,
    features: verdict.features,
    thresholds: policy.model,
    ...reading.audit,
  };
}

/** Undefined: the item or the order's account changed in between; decide again. */
async function store(item: InFlightItem, { orderKey }: Returned, decision: Decision, deps: Deps): Promise<StepResult | undefined> {
  const { store: table, log } = deps;
  const content = (one: Decision) => ({ progress: { ...progressOf(item), decision: one } satisfies Progress });
  const pays = decision.outcome === 'APPROVED' || decision.outcome === 'PARTIAL';
  const booking = { orderKey: orderKey ?? '', amount: decision.amount + decision.fee, lines: Object.fromEntries(decision.granted.map((line) => [line.lineId, line.quantity])) };
  const written = pays ? await table.bookRefund(keyOf(item), fenceOf(item), content(decision), booking) : await table.save(keyOf(item), fenceOf(item), content(decision));
  switch (written.outcome) {
    case 'written':
      log.info('RETURN_DECIDED', { eventId: item.event.id, outcome: decision.outcome, rule: decision.rule, by: decision.by });
      return goTo(item, decision.outcome);
    case 'changed':
      return undefined;
    case 'lost':
      return goTo(item, 'STOP');
    case 'refused': {
      // another return of this order was decided first
      const { ruleSource: _, ...others } = decision;
      const doubtful: Decision = { ...others, outcome: 'NEEDS_REVIEW', by: 'policy', rule: 'refund-refused' };
      return store(item, {} as Returned, doubtful, deps);
    }
  }
}
