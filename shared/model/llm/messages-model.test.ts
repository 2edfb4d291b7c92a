import { chatCompletion, goodContent, MessagesServer, type MessagesAnswer } from '@orderflow/shared/testing';
import type { Instance } from '../contract.ts';
import { Budget, httpInvoke, messagesModel, type MessagesSettings } from './index.ts';

const model = { version: 'orderflow-llm-1', sha256: 'a'.repeat(64) };
const facts = { daysSinceDelivery: 3 };
const instance: Instance = { text: 'It came broken', reason: 'DAMAGED', facts };
const good: MessagesAnswer = { body: chatCompletion(goodContent()) };
const comment: MessagesAnswer = { body: chatCompletion(goodContent({ decision: undefined })) };
const prose: MessagesAnswer = { body: chatCompletion('I would approve this.') };
const rich = () => new Budget({ promptPrice: 1, completionPrice: 1 }, { perDay: 10, perBatch: 10 }, () => 0);

const opened: MessagesServer[] = [];
afterEach(() => opened.splice(0).forEach((server) => server.close()));

/** A model whose server answers one after the other from the list, the last one again and again; pauses take no time. */
async function answering(answers: readonly MessagesAnswer[], settings: Partial<MessagesSettings> = {}) {
  const server = new MessagesServer((_, at) => answers[Math.min(at, answers.length - 1)] ?? 'silence');
  opened.push(server);
  const pauses: number[] = [];
  const pause = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
  const url = await server.open();
  return { server, pauses, model: messagesModel(httpInvoke(`${url}/v1/chat/completions`), { model, budget: rich(), pause, ...settings }) };
}

it('asks in the messages form, and answers in that of the contract', async () => {
  const { server, model: asked } = await answering([good]);
  const reply = await asked.predict([instance]);
  expect(reply.predictions).toEqual([JSON.parse(goodContent())]);
  expect(reply.model).toEqual({ version: expect.stringMatching(/^orderflow-llm-1\/prompt-[0-9a-f]{8}$/) as unknown, sha256: model.sha256 });
  expect(server.asked).toEqual([expect.objectContaining({ model: 'orderflow-llm-1', temperature: 0, max_tokens: 200, stream: false, n: 1 })]);
  expect(server.asked[0]?.response_format.json_schema.schema.required).toContain('decision');
});

it.each<[string, MessagesAnswer[], string, number]>([
  ['prose twice', [prose, prose, good], 'bad-answer', 2],
  ['an empty body', [{ body: '' }], 'bad-answer', 2],
  ['not JSON', [{ body: '{"choices":' }], 'bad-answer', 2],
  ['probability 7', [{ body: chatCompletion(goodContent({ decision: { approve: 7, reject: 0, review: 0 } })) }], 'bad-answer', 2],
  ['a long reply', [{ body: chatCompletion('x'.repeat(100_000)) }], 'bad-answer', 2],
  ['a reply without end', ['noise'], 'bad-answer', 2],
  ['500 for ever', [{ status: 500 }], 'unreachable', 3],
  ['429 for ever', [{ status: 429 }], 'unreachable', 3],
  ['400', [{ status: 400 }], 'refused', 1],
  ['404, as for a model that is not served', [{ status: 404 }], 'refused', 1],
  ['500, then prose, then 500, then prose', [{ status: 500 }, prose, { status: 500 }, prose], 'bad-answer', 4],
])('gives up on %s', async (_, answers, code, calls) => {
  const { server, model: asked } = await answering(answers);
  await expect(asked.predict([instance])).rejects.toMatchObject({ name: 'ModelUnusable', code });
  expect(server.asked).toHaveLength(calls);
});

it.each<[string, MessagesAnswer[], number[]]>([
  ['429', [{ status: 429 }, good], [200]], ['two faults', [{ status: 503 }, { status: 502 }, good], [200, 800]], ['prose', [prose, good], []],
])('tries again after %s', async (_, answers, waited) => {
  const { server, pauses, model: asked } = await answering(answers);
  expect((await asked.predict([instance])).predictions).toHaveLength(1);
  expect(pauses).toEqual(waited);
  // another seed and another mark: the same request would bring the same answer
  expect(new Set(server.asked.map(({ seed }) => seed)).size).toBe(answers.length);
  expect(new Set(server.asked.map(({ messages }) => messages[1]?.content.split('\n')[0])).size).toBe(answers.length);
});

it('nobody is there', async () => {
  const asked = messagesModel(httpInvoke('http://127.0.0.1:1/'), { model, budget: rich(), pause: () => Promise.resolve() });
  await expect(asked.predict([instance])).rejects.toMatchObject({ code: 'unreachable' });
});

it('leaves at its deadline, whatever is under way', async () => {
  const { server, model: asked } = await answering(['silence'], { deadlineMs: 60 });
  await expect(asked.predict([instance, instance])).rejects.toMatchObject({ code: 'timeout' });
  expect(server.asked.length).toBeLessThanOrEqual(2);
});

it('leaves at its deadline in the midst of a pause', async () => {
  const { server, model: asked } = await answering([{ status: 503 }], {
    deadlineMs: 60, pause: (_, signal) => new Promise((_done, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')), { once: true })),
  });
  await expect(asked.predict([instance])).rejects.toMatchObject({ code: 'timeout' });
  expect(server.asked).toHaveLength(1);
});

it('asks about no text that may be too long', async () => {
  const { server, model: asked } = await answering([good]);
  await expect(asked.predict([{ text: '長'.repeat(6_000), facts }])).rejects.toMatchObject({ code: 'too-long' });
  expect(server.asked).toEqual([]);
});

describe('a batch', () => {
  const texts = Array.from({ length: 40 }, (_, at): Instance => ({ text: `comment ${at}` }));
  const scored = (at: number) => ({ label: 'GOOD' as const, score: 0.5 + at / 100 });

  it('is answered in its order, a few at once', async () => {
    const server = new MessagesServer(({ messages }) => {
      const at = Number(/comment (\d+)/.exec(messages[1]?.content ?? '')?.[1]);
      return { body: chatCompletion(goodContent({ decision: undefined, sentiment: scored(at) })) };
    });
    opened.push(server);
    const asked = messagesModel(httpInvoke(await server.open()), { model, budget: rich(), concurrency: 4 });
    const { predictions } = await asked.predict(texts);
    expect(predictions.map(({ sentiment }) => sentiment)).toEqual(texts.map((_, at) => scored(at)));
    expect(server.most).toBeLessThanOrEqual(4);
    expect(server.asked).toHaveLength(40);
  });

  it('ends when the endpoint fails: what was not asked is not asked', async () => {
    const { server, model: asked } = await answering([{ status: 400 }], { concurrency: 2 });
    await expect(asked.predictEach(texts)).rejects.toMatchObject({ code: 'refused' });
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it('text by text, is answered but for the text that is not', async () => {
    const { model: asked } = await answering([comment, prose, prose, comment], { concurrency: 1 });
    const { predictions } = await asked.predictEach(texts.slice(0, 3));
    expect(predictions.map((one) => one?.sentiment.label)).toEqual(['BAD', undefined, 'BAD']);
    await expect((await answering([prose])).model.predictEach(texts.slice(0, 3))).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('as a whole, is not answered when one is not', async () => {
    await expect((await answering([comment, prose, prose, comment], { concurrency: 1 })).model.predict(texts.slice(0, 3))).rejects.toMatchObject({ code: 'bad-answer' });
  });
});

describe('money', () => {
  // 980 tokens a call at 1,000 a million: 0.98; a call is begun while its most, some 5 of money, is left
  const budget = (perDay: number, perBatch: number, clock = () => 0) => new Budget({ promptPrice: 1_000, completionPrice: 1_000 }, { perDay, perBatch }, clock);
  const cost = 0.98;

  it('ends at the cap of a batch; the next one has its own; says so', async () => {
    const warned: string[] = [];
    const { server, model: asked } = await answering([comment], { budget: budget(1_000, 10), concurrency: 1, log: { warn: (code) => warned.push(code) } });
    const texts = Array.from({ length: 20 }, (): Instance => ({ text: 'a' }));
    const { predictions } = await asked.predictEach(texts);
    const answered = predictions.filter(Boolean).length;
    expect(answered).toBeGreaterThan(2);
    expect(answered * cost).toBeLessThanOrEqual(10);
    expect(server.asked).toHaveLength(answered);
    expect(warned).toEqual(['MODEL_CAPPED', 'MODEL_FAILED']);
    await expect(asked.predict(texts)).rejects.toMatchObject({ code: 'over-budget' });
  });

  it('ends at the cap of a day, and begins again the next', async () => {
    let now = 0;
    const { model: asked } = await answering([good], { budget: budget(10, 10, () => now) });
    const spend = async (): Promise<number> => {
      for (let calls = 0; ; calls += 1) {
        const failed: unknown = await asked.predict([instance]).then(() => undefined, (error: unknown) => error);
        if (failed) {
          expect(failed).toMatchObject({ code: 'over-budget' });
          return calls;
        }
      }
    };
    const calls = await spend();
    expect(calls).toBeGreaterThan(2);
    expect(calls * cost).toBeLessThanOrEqual(10);
    expect(await spend()).toBe(0);
    now = 86_400_000;
    expect(await spend()).toBe(calls);
  });

  it('is counted for answers of no use too, and at the most where a reply does not say', async () => {
    const once = async (answer: MessagesAnswer) => {
      const counted: [string, number | undefined][] = [];
      const { model: asked } = await answering([answer], { badAnswers: 0, meter: { count: (name, value) => counted.push([name, value]) } });
      await expect(asked.predict([instance])).rejects.toMatchObject({ code: 'bad-answer' });
      return counted;
    };
    expect(await once(prose)).toEqual([['ModelPromptTokens', 900], ['ModelCompletionTokens', 80]]);
    const [[, unsaid] = []] = await once({ body: 'prose' });
    expect(unsaid).toBeGreaterThan(3_000);
  });

  it('stays where a call was refused, and goes where one broke off, which may have been computed', async () => {
    const codes = async (answer: MessagesAnswer) => {
      const { model: asked } = await answering([answer], { budget: budget(10, 10), attempts: 1 });
      const found: unknown[] = [];
      for (let at = 0; at < 4; at += 1) await asked.predict([instance]).catch((error: unknown) => found.push((error as { code: unknown }).code));
      return found;
    };
    expect(await codes({ status: 400 })).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect((await codes({ status: 500 })).at(-1)).toBe('over-budget');
  });

  it('comes back to the day that it was taken from', () => {
    let now = 0;
    const kept = budget(10, 100, () => now);
    const most = { promptTokens: 9_000, completionTokens: 0 };
    const settle = kept.batch().reserve(most);
    now = 86_400_000;
    kept.batch().reserve(most);
    settle({ promptTokens: 0, completionTokens: 0 });
    expect(() => kept.batch().reserve(most)).toThrow('over-budget');
    expect(() => budget(Number.NaN, 10).batch().reserve({ promptTokens: 1, completionTokens: 1 })).toThrow('over-budget');
  });
});
