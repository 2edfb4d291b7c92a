import { FakeModel, mostInstances, reply, type LanguageModel } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { NotFinite, TooMuchText } from '../model/refusals.ts';
import { answer } from './answer.ts';
import { queueOf } from './queue.ts';

const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const ask = (bytes: Buffer, model: LanguageModel = new FakeModel()) => answer(model, queueOf(10), bytes);

it('answers a batch in order, in the form of the contract', async () => {
  const model = new FakeModel();
  const instances = [{ text: 'I love it' }, { text: 'Broke at once', reason: 'DEFECTIVE', facts: { daysSinceDelivery: 3 } }];
  const result = await ask(body({ instances }), model);
  expect(result.status).toBe(200);
  expect(model.asked).toEqual([instances]);
  const { predictions } = z.parse(reply, JSON.parse(result.body));
  expect(predictions.map(({ decision }) => decision !== undefined)).toEqual([false, true]);
});

it.each([
  ['not JSON', Buffer.from('{'), 400],
  ['no instance', body({ instances: [] }), 400],
  ['too many instances', body({ instances: Array.from({ length: mostInstances + 1 }, () => ({ text: 'a' })) }), 400],
  ['a text too long', body({ instances: [{ text: 'a'.repeat(10_001) }] }), 400],
  ['a number that is none', Buffer.from('{"instances":[{"text":"a","facts":{"daysSinceDelivery":null}}]}'), 400],
  ['a body too large', Buffer.alloc(4_000_001, 32), 413],
])('refuses %s', async (_, bytes, status) => {
  expect((await ask(bytes)).status).toBe(status);
});

it('says which field is wrong without repeating what a customer wrote', async () => {
  const { body: text } = await ask(body({ instances: [{ text: 'secret words', facts: { nonsense: 1 } }] }));
  expect(text).toContain('instances.0.facts');
  expect(text).not.toContain('secret');
});

it.each<[string, LanguageModel, number]>([
  ['NaN in an answer', new FakeModel({ sentiment: { label: 'GOOD', score: Number.NaN } }), 500],
  ['NaN inside the network', { predict: () => Promise.reject(new NotFinite()) }, 500],
  ['more text than is read at once', { predict: () => Promise.reject(new TooMuchText(1)) }, 413],
])('%s never leaves', async (_, model, status) => {
  expect(await ask(body({ instances: [{ text: 'a' }] }), model)).toMatchObject({ status, body: expect.stringContaining('error') });
});

it('one request is answered at a time, and what would wait too long is told to come back', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let atWork = 0;
  let most = 0;
  const slow: LanguageModel = {
    async predict(instances) {
      most = Math.max(most, ++atWork);
      await held;
      atWork -= 1;
      return new FakeModel().predict(instances);
    },
  };
  const queue = queueOf(3);
  const texts = (count: number) => answer(slow, queue, body({ instances: Array.from({ length: count }, () => ({ text: 'a' })) }));
  // the first alone is never refused, however large
  const [first, second, third] = [texts(2), texts(1), texts(1)];
  expect((await third).status).toBe(503);
  release();
  expect((await first).status).toBe(200);
  expect((await second).status).toBe(200);
  expect((await texts(200)).status).toBe(200);
  expect(most).toBe(1);
});
