import { limits, minutesAfter, scaled } from '@orderflow/shared/domain';
import type { PayloadOf } from '@orderflow/shared/facts';
import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore } from '@orderflow/shared/store';
import { executionInput, factOfItem, isDecided, sourceDecision, type Facts } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { progressOf, type Progress } from '../progress.ts';
import { returnedIn, returnKey, type MailRule, type Returned } from '../returned.ts';
import { goTo, keyOf, owns, type StepResult } from '../workflow.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly facts: Facts;
  readonly mayWrite: MailRule;
}

/** The fact of a settled return with the audit of its decision, on its way to the warehouse. Without a mail to write, the end. */
export async function handle(input: unknown, deps: Deps): Promise<StepResult> {
  const at = z.parse(executionInput, input);
  const item = await deps.store.get(at);
  if (!owns(item, at)) return { ...at, next: 'STOP' };
  const returned = returnedIn(item);
  await deps.facts.write([factOf(item, returned)]);
  deps.log.info('FACT_WRITTEN', { eventId: item.event.id });
  if (!isDecided(returned) && deps.mayWrite(item) && progressOf(item).order?.contact.email !== undefined) return goTo(item, 'NOTIFY');
  await deps.store.done(keyOf(item), { attempt: item.attempt, version: item.version, dueAt: minutesAfter(deps.clock(), limits.stuckMinutes.DONE) });
  return goTo(item, 'DONE');
}

export const factOf = (item: InFlightItem, returned: Returned) =>
  factOfItem(item, {
    fact: 'return.settled',
    key: returnKey(item, returned),
    payload: isDecided(returned) ? { ...head(item, returned), ...sourceDecision(returned) } : byUs(item, returned, progressOf(item)),
    test: item.test,
    historical: item.historical,
  });

type Payload = PayloadOf<'return.settled'>;
type Head = Pick<Payload, 'return' | 'source' | 'account' | 'sequence'>;
const head = ({ event }: InFlightItem, returned: Returned): Head => ({ return: returned, source: event.source, account: event.account, sequence: event.sequence });
const currencyOf = ({ currency }: Returned, fallback?: string) => ((currency ?? fallback) ? { currency: currency ?? fallback } : {});

function byUs(item: InFlightItem, returned: Returned, { decision, answer, order }: Progress): Payload {
  if (!decision) throw new Error('a return comes to its load without a decision');
  const { reasonCategory, sentiment, granted: _, leftOut: __, sellerCharges: before, ...audit } = decision;
  const final = answer ?? decision;
  const paysBack = final.outcome === 'APPROVED' || final.outcome === 'PARTIAL';
  const money = { amount: paysBack ? final.amount : 0, fee: paysBack ? final.fee : 0 };
  // a person's other amount is borne in the same proportion
  const sellerCharges = !paysBack || decision.amount === 0 ? {} : scaled(before, final.amount / decision.amount);
  const sellerRefund = Object.values(sellerCharges).reduce((sum, one) => sum + one, 0);
  return {
    ...head(item, returned),
    decision: {
      ...audit,
      ...money,
      ...(sellerRefund > 0 ? { sellerCharges } : {}),
      ...(answer === undefined ? {} : {
        outcome: answer.outcome,
        by: 'person',
        at: answer.at,
        reviewer: answer.reviewer,
        // the machine had no clear word, so a person's is an override only where the model leaned the other way
        override: (decision.probabilities?.['approve'] ?? 0.5) >= 0.5 !== paysBack && decision.probabilities !== undefined,
        ...(answer.reason ? { reviewReason: answer.reason } : {}),
      }),
    },
    refund: { status: paysBack ? 'DUE' : 'NONE', ...money, ...(sellerRefund > 0 ? { sellerRefund } : {}), ...currencyOf(returned, order?.facts.currency) },
    ...(reasonCategory ? { reasonCategory } : {}),
    ...(sentiment ? { sentiment } : {}),
  };
}
