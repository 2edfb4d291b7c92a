import { parseFact, type Fact } from '@orderflow/shared/facts';
import { FakeModel, ModelUnusable, noModel, type LanguageModel } from '@orderflow/shared/model';
import type { ExecutionInput } from '@orderflow/shared/workflow';
import { handle as askReview } from './ask-review/handle.ts';
import { handle as construct } from './construct-return/handle.ts';
import { handle as decide } from './decide-return/handle.ts';
import { given, key, returnEvent, withOrder, withReturn, type Given } from './given.ts';
import { handle as load } from './load-return/handle.ts';
import { handle as record, type ReviewAnswer } from './record-review/handle.ts';
import type { Returned } from './returned.ts';

type Audited = Fact<'return.settled'>;

/** Each state twice, as after a lost reply. */
async function twice(step: (input: ExecutionInput) => Promise<unknown>, input: ExecutionInput): Promise<void> {
  await step(input);
  await step(input);
}

async function throughReview(all: Given, input: ExecutionInput, answer: Partial<ReviewAnswer>): Promise<ExecutionInput> {
  await askReview({ ...input, token: 't' }, all);
  const whole = { pk: key, returnId: 'R1', decision: 'approve', reviewer: 'desk', ...answer };
  await record(whole, all);
  await record({ ...whole, decision: 'reject', reason: 'too late' }, all);
  return { ...input, attempt: input.attempt + 1 };
}

/** A return along its whole way, every step tried again; the facts that it left. */
async function audited({ returned = {}, model = new FakeModel(), answer }: { returned?: Partial<Returned>; model?: LanguageModel; answer?: Partial<ReviewAnswer> }): Promise<Audited[]> {
  const all = given();
  await withOrder(all);
  let input = await withReturn(all, returnEvent(returned));
  await twice((at) => construct(at, all), input);
  if (returned.decided === undefined) await twice((at) => decide(at, { ...all, model }), input);
  if (answer) input = await throughReview(all, input, answer);
  // a redrive of the execution after the load comes to the same state again
  await twice((at) => load(at, all), input);
  return all.facts.written.map((fact) => parseFact(fact) as Audited);
}

/** The warehouse knows an audit row by these: facts that share them are one row. */
const rowOf = ({ key: returnKey, payload: { decision } }: Audited): string => `${returnKey} ${decision.at} ${decision.outcome}`;

const byPolicy = { policyVersion: expect.stringMatching(/\+[0-9a-f]{12}$/) as unknown, features: expect.objectContaining({ windowDays: 30 }) as unknown, thresholds: expect.objectContaining({ approveAt: expect.any(Number) as unknown }) as unknown };
const byModel = {
  ...byPolicy, modelVersion: 'fake-1', modelSha256: 'f'.repeat(64), textSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown, probabilities: expect.objectContaining({ approve: expect.any(Number) as unknown }) as unknown,
};
const unsure = new FakeModel({ decision: { approve: 0.6, reject: 0.2, review: 0.2 } });
const down = Object.assign(new FakeModel(), { failure: new ModelUnusable('timeout') });

it.each<[string, Parameters<typeof audited>[0], object]>([
  ['rejected by the policy', { returned: { requestedAt: '2027-03-01T00:00:00Z' } }, { outcome: 'REJECTED', by: 'policy', rule: 'window-ended', ...byPolicy }],
  ['approved by the model', {}, { outcome: 'APPROVED', by: 'model', rule: 'within-policy', amount: 2999, ...byModel }],
  ['approved by a person against a doubt', { model: unsure, answer: {} }, { outcome: 'APPROVED', by: 'person', reviewer: 'desk', override: false, rule: 'model-unsure', ...byModel }],
  ['rejected by a person against the model', { model: unsure, answer: { decision: 'reject', reason: 'it was used' } }, { outcome: 'REJECTED', by: 'person', override: true, reviewReason: 'it was used', ...byModel }],
  ['given back in part by a person', { model: unsure, answer: { decision: 'partial', amount: 1000 } }, { outcome: 'PARTIAL', by: 'person', amount: 1000, ...byModel }],
  ['answered while the model was down', { model: down, answer: {} }, { outcome: 'APPROVED', by: 'person', rule: 'model-none', ...byPolicy }],
  ['answered where there is no model', { model: noModel, answer: {} }, { outcome: 'APPROVED', by: 'person', rule: 'model-none', ...byPolicy }],
  ['refunded by the source', { returned: { decided: { outcome: 'APPROVED', amount: 2999, at: '2026-11-25T09:00:00Z', by: 'source' } } }, { outcome: 'APPROVED', by: 'source', amount: 2999 }],
])('leaves one audit row, with all that it was decided on, of a return that was %s', async (_, way, decision) => {
  const facts = await audited(way);
  expect(facts.length).toBeGreaterThan(0);
  expect([...new Set(facts.map(rowOf))]).toHaveLength(1);
  expect(facts[0]?.payload.decision).toMatchObject(decision);
  expect(JSON.stringify(facts[0]?.payload.decision)).not.toMatch(/Test Person|test\.person/);
});
