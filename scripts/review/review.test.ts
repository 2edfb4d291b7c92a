import type { LambdaClient } from '@aws-sdk/client-lambda';
import { parseReviewOptions, type ReviewOptions } from './options.ts';
import { review } from './review.ts';

const options = (...args: string[]) => parseReviewOptions(args, 'desk') as ReviewOptions;

/** A Lambda that answers from a list; its inputs are kept. */
const lambda = (...answers: object[]) => {
  const inputs: unknown[] = [];
  const send = ({ input }: { input: { Payload: Uint8Array } }) => {
    inputs.push(JSON.parse(Buffer.from(input.Payload).toString()));
    return Promise.resolve({ Payload: Buffer.from(JSON.stringify(answers.shift())) });
  };
  return { inputs, client: { send } as unknown as LambdaClient };
};
const run = async (given: ReviewOptions, client: LambdaClient) => {
  const lines: string[] = [];
  const status = await review(given, client, (text) => lines.push(text), (text) => lines.push(text));
  return { status, text: lines.join('\n') };
};
const one = { returnId: 'R1', pk: 'canonical:default:1001', rule: 'over-cap', amount: 2999, currency: 'EUR', opinion: 0.4, comment: 'broken' };

it.each([
  [[], 'say what to do'], [['dance'], 'dance is no action'], [['approve'], 'needs the ID'], [['reject', 'R1'], '--reason'], [['partial', 'R1'], '--amount'],
  [['partial', 'R1', '--amount', '9.5'], 'whole number'], [['approve', 'R1', 'R2'], 'too many'], [['list', '--port-base', 'x'], '--port-base'], [['list', '--nonsense'], 'nonsense'],
])('says in one line what is wrong with %j', (args, words) => {
  const said = parseReviewOptions(args, 'desk') as string;
  expect(said).toContain(words);
  expect(said.split('\n')).toHaveLength(1);
});

it('lists what waits', async () => {
  const { client } = lambda({ waiting: [one] });
  const { status, text } = await run(options('list'), client);
  expect([status, text]).toEqual([0, expect.stringContaining('€29.99')]);
  expect(text).toContain('over-cap');
});

it('looks the order up and answers', async () => {
  const { client, inputs } = lambda({ waiting: [one] }, { outcome: 'recorded', answer: { outcome: 'APPROVED', amount: 2999, reviewer: 'desk', at: 't' } });
  expect(await run(options('approve', 'R1'), client)).toMatchObject({ status: 0 });
  expect(inputs[1]).toEqual({ pk: one.pk, returnId: 'R1', decision: 'approve', reviewer: 'desk' });
});

it('tells who answered before', async () => {
  const { client } = lambda({ outcome: 'already', answer: { outcome: 'REJECTED', amount: 0, reviewer: 'other', at: 't' } });
  expect(await run(options('approve', 'R1', '--order', one.pk), client)).toEqual({ status: 1, text: 'review: R1 was answered before: REJECTED by other at t' });
});

it('asks for the order where the id alone does not tell', async () => {
  expect((await run(options('approve', 'R1'), lambda({ waiting: [] }).client)).text).toContain('no return R1 waits');
  expect((await run(options('approve', 'R1'), lambda({ waiting: [one, { ...one, pk: 'other' }] }).client)).text).toContain('several');
});

it('asks whether the local cloud runs when nobody answers', async () => {
  const client = { send: () => Promise.reject(new Error('connect ECONNREFUSED')) } as unknown as LambdaClient;
  expect(await run(options('list'), client)).toMatchObject({ status: 1, text: expect.stringContaining('npm start') as string });
});
