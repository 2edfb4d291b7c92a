import { FakeModel, ModelUnusable, noModel, type LanguageModel } from '@orderflow/shared/model';
import { handle as construct } from '../construct-return/handle.ts';
import { given, returnEvent, theReturn, withOrder, withReturn, type Given } from '../given.ts';
import { progressOf } from '../progress.ts';
import { handle, type Deps } from './handle.ts';

const decided = async (models: Partial<Pick<Deps, 'model' | 'shadow'>>, comment = 'It arrived broken') => {
  const all: Given = given();
  await withOrder(all);
  const input = await withReturn(all, returnEvent({ comment }));
  await construct(input, all);
  const result = await handle(input, { ...all, ...models });
  const { shadow, ...decision } = progressOf(await theReturn(all, input)).decision ?? {};
  return { next: result.next, shadow, decision, refunded: (await all.store.look(input.pk)).order?.refunds?.refunded };
};

const says = (approve: number, flagged = false) => new FakeModel({ decision: { approve, reject: 0, review: 1 - approve }, injection: { flagged, score: flagged ? 0.9 : 0 } });
const failing = (error: Error): LanguageModel => Object.assign(new FakeModel(), { failure: error });

it.each<[string, LanguageModel, string | undefined]>([
  ['agrees', says(0.99), 'APPROVED'],
  ['doubts', says(0.1), 'NEEDS_REVIEW'],
  ['sees an attack', says(0.99, true), 'NEEDS_REVIEW'],
  ['is down', failing(new ModelUnusable('unreachable')), undefined],
  ['is slow', failing(new ModelUnusable('timeout')), undefined],
])('changes nothing but the audit when the shadow %s', async (_, shadow, outcome) => {
  for (const model of [says(0.97), says(0.2), noModel]) {
    const without = await decided({ model });
    const with_ = await decided({ model, shadow });
    expect({ ...with_, shadow: undefined }).toEqual(without);
    expect(with_.shadow?.outcome).toBe(outcome);
  }
});

it('records who the shadow was and what it said', async () => {
  const { shadow } = await decided({ model: says(0.97), shadow: says(0.1) });
  expect(shadow).toEqual({ modelVersion: 'fake-1', modelSha256: 'f'.repeat(64), outcome: 'NEEDS_REVIEW', probabilities: { approve: 0.1, reject: 0, review: 0.9, injection: 0, reason: 0.9, good: 0.1 } });
});

it('shows the shadow the redacted words that the model was shown', async () => {
  const [model, shadow] = [says(0.97), says(0.97)];
  await decided({ model, shadow }, 'I am Test Person, mail test.person@example.com');
  expect(shadow.asked).toEqual(model.asked);
  expect(shadow.asked[0]?.[0]?.text).not.toContain('Person');
});

it('lets a fault of ours fail the state', async () => {
  await expect(decided({ model: says(0.97), shadow: failing(new TypeError('bug')) })).rejects.toThrow('bug');
});
