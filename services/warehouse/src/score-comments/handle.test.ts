import type { Fact } from '@orderflow/shared/facts';
import { silentLog } from '@orderflow/shared/lambda';
import { FakeModel, ModelUnusable, type MessagesModel } from '@orderflow/shared/model';
import { handle, type ScoreComments } from './handle.ts';

const rows = [['order', 'o1', 'shopify', 'default', 'Lovely'], ['return', 'r1', 'shopify', 'default', 'I am at a@b.example'], ['feedback', 'f1', 'shopify', 'default', 'Bad']];
const invocation = { remainingMs: () => 100_000 };

async function scoring(model: ScoreComments['model'], input: object = {}, asked: { sql: string; parameters: object }[] = []) {
  const written: Fact[] = [];
  const deps = { model, log: silentLog, clock: () => 0, warehouse: { query: (sql: string, parameters: object) => { asked.push({ sql, parameters }); return Promise.resolve(rows); } }, facts: { write: (facts: Fact[]) => Promise.resolve(void written.push(...facts)) } };
  const { scored } = await handle(input, deps as unknown as ScoreComments, invocation);
  expect(scored).toBe(written.length);
  return written.map(({ key }) => key);
}

it('scores all in one call of a model that reads batches, and shows it no address', async () => {
  const model = new FakeModel();
  expect(await scoring(model)).toEqual(['o1', 'r1', 'f1']);
  expect(model.asked).toEqual([[{ text: 'Lovely' }, { text: 'I am at [email]' }, { text: 'Bad' }]]);
});

it('scores what a model answers that reads text by text', async () => {
  const fake = new FakeModel();
  const model: MessagesModel = {
    predict: () => Promise.reject(new ModelUnusable('bad-answer')),
    async predictEach(texts) {
      const { model: name, predictions } = await fake.predict(texts);
      return { model: name, predictions: predictions.map((one, at) => (at === 1 ? undefined : one)) };
    },
  };
  expect(await scoring(model)).toEqual(['o1', 'f1']);
});

it('scores none where there is no answer, and goes on another time', async () => {
  expect(await scoring(Object.assign(new FakeModel(), { failure: new ModelUnusable('timeout') }))).toEqual([]);
});

it('leaves out the one text that the model cannot read', async () => {
  const fake = new FakeModel();
  const model = { predict: (texts: readonly { text: string }[]) => (texts.some(({ text }) => text === 'Bad') ? Promise.reject(new ModelUnusable('bad-answer')) : fake.predict(texts)) };
  expect(await scoring(model)).toEqual(['o1', 'r1']);
});

it('does not cut batches for an endpoint that is down', async () => {
  const model = Object.assign(new FakeModel(), { failure: new ModelUnusable('unreachable') });
  expect(await scoring(model)).toEqual([]);
  expect(model.asked).toHaveLength(1);
});

it('asks for notes, returns and feedback without a score, or with one of the model that is named', async () => {
  const asked: { sql: string; parameters: object }[] = [];
  await scoring(new FakeModel(), {}, asked);
  await scoring(new FakeModel(), { scoredBy: 'ngram-1' }, asked);
  expect(asked.map(({ parameters }) => parameters)).toEqual([{ scored_by: '(none)' }, { scored_by: 'ngram-1' }]);
  for (const table of ['orders', 'returns', 'feedback']) expect(asked[0]?.sql).toMatch(new RegExp(`FROM ${table} WHERE comment IS NOT NULL AND \\(sentiment IS NULL OR sentiment_model = :scored_by\\)`));
  await expect(scoring(new FakeModel(), { scoredBy: 7 })).rejects.toThrow();
});
