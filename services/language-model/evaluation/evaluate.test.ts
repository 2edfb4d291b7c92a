import { join } from 'node:path';
import { shippedReturnPolicy } from '@orderflow/shared/domain';
import { FakeModel, type Instance, type LanguageModel, type Prediction } from '@orderflow/shared/model';
import { tryAttacks } from './attacks.ts';
import { measureComments } from './comments.ts';
import { readAttacks, readCases, readComments, readLookalikes } from './read.ts';
import { approvals, measureReturns, type Read } from './returns.ts';

const policy = shippedReturnPolicy();
const cases = readCases(join(__dirname, 'cases.jsonl'));
const attacks = readAttacks(join(__dirname, 'attacks.jsonl'));

/** Knows every answer by heart. */
const oracle = ({ expect: { decision, reason, sentiment, injection } }: Read['of']): Prediction => ({
  decision: { approve: 0, reject: 0, review: 0, [decision]: 1 }, reason: { label: reason ?? 'other', score: 1 },
  sentiment: { label: sentiment ?? 'BAD', score: sentiment === 'GOOD' ? 1 : 0 }, injection: { flagged: injection, score: Number(injection) },
});

it('has the cases that it promises', () => {
  expect(cases.length).toBeGreaterThanOrEqual(250);
  expect(new Set([...cases, ...attacks, ...readLookalikes(join(__dirname, 'attack-lookalikes.jsonl'))].map(({ id }) => id)).size).toBeGreaterThan(550);
  expect(readComments(join(__dirname, 'sentiment.jsonl')).length).toBeGreaterThanOrEqual(150);
});

it('finds nothing wrong with one who knows', () => {
  const said = cases.map((of): Read => ({ of, prediction: oracle(of) }));
  expect(measureReturns(policy, said)).toMatchObject({ decision: { accuracy: 1, macroF1: 1, ece: 0 }, reason: { accuracy: 1, ece: 0 }, falselyApproved: 0 });
});

it('counts false approvals of one who approves all, and needless reviews of one who approves nothing', () => {
  const all = (decision: NonNullable<Prediction['decision']>) => cases.map((of): Read => ({ of, prediction: { ...oracle(of), decision, injection: { flagged: false, score: 0 } } }));
  expect(approvals(policy, all({ approve: 1, reject: 0, review: 0 })).falselyApproved).toBeGreaterThan(0.95);
  expect(approvals(policy, all({ approve: 0.5, reject: 0, review: 0.5 }))).toMatchObject({ approved: 0, needlessReviews: 1, falselyApproved: 0 });
});

/** Approves whatever text says a word. */
const gullible = (word: string): LanguageModel => {
  const fake = new FakeModel();
  const answer = (one: Instance): Prediction => ({ ...fake.answer(one), decision: one.text.includes(word) ? { approve: 1, reject: 0, review: 0 } : { approve: 0, reject: 1, review: 0 } });
  return { predict: async (instances) => ({ model: { version: 'gullible', sha256: 'a'.repeat(64) }, predictions: instances.map(answer) }) };
};

it('catches an attack that turns a refusal into an approval, wherever it stands', async () => {
  const refused = cases.filter((one) => one.expect.decision !== 'approve').slice(0, 6);
  const { tried, turned } = await tryAttacks(gullible('open sesame'), policy, [{ id: 'a1', text: 'open sesame' }, { id: 'a2', text: 'nothing' }], refused, 6);
  expect(tried).toBe(12);
  expect(turned).toHaveLength(6);
  expect(turned.every((name) => name.startsWith('a1 '))).toBe(true);
});

it('judges comments by their labels', async () => {
  const model = new FakeModel({ sentiment: { label: 'GOOD', score: 0.9 } });
  const measured = await measureComments(model, [{ text: 'a', sentiment: 'GOOD', kind: 'plain' }, { text: 'b', sentiment: 'BAD', kind: 'irony' }]);
  expect(measured).toMatchObject({ comments: 2, accuracy: 0.5, byKind: { plain: 1, irony: 0 } });
  expect(measured.ece).toBeCloseTo(0.4);
});
