import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { chatCompletion, goodContent, MessagesServer, type MessagesAnswer } from '@orderflow/shared/testing';
import * as z from 'zod/mini';
import { noModel } from '../index.ts';
import { chosenModel, modelEnv } from './chosen-model.ts';

const tools = { log: silentLog, meter: silentMeter, clock: () => 0 };
const variables = (over: Record<string, string>) => z.parse(z.object(modelEnv), { MODEL_ENDPOINT: 'model', ...over });
const never = () => { throw new Error('no client is needed'); };
const instance = { text: 'broken', facts: {} };

let server: MessagesServer;
let client: SageMakerRuntimeClient;
let answers: MessagesAnswer[];
beforeAll(async () => {
  server = new MessagesServer(() => answers.shift() ?? 'silence');
  client = new SageMakerRuntimeClient({ endpoint: await server.open(), region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
});
afterAll(() => {
  client.destroy();
  server.close();
});
const llm = (deadlineMs = 5_000) => chosenModel(variables({ MODEL_KIND: 'llm', MODEL_VERSION: 'orderflow-llm-1' }), tools, { encoder: never, llm: () => client }, { deadlineMs });

it('is none where there is no endpoint, the encoder where nothing is said', async () => {
  expect(chosenModel(variables({ MODEL_ENDPOINT: 'none', MODEL_KIND: 'llm' }), tools, { encoder: never, llm: never })).toBe(noModel);
  const sent: unknown[] = [];
  const encoder = chosenModel(variables({}), tools, { encoder: () => ({ send: (command: { input: unknown }) => Promise.reject(new Error(String(sent.push(command.input)))) }), llm: never });
  await expect(encoder.predict([instance])).rejects.toMatchObject({ code: 'unreachable' });
  expect(sent).toMatchObject([{ EndpointName: 'model', Body: Buffer.from(JSON.stringify({ instances: [instance] })) }]);
});

it('is the messages form through InvokeEndpoint', async () => {
  answers = [{ body: chatCompletion(goodContent()) }];
  expect(await llm().predict([instance])).toMatchObject({ predictions: [JSON.parse(goodContent())], model: { sha256: '0'.repeat(64) } });
});

it.each<[string, MessagesAnswer[], string | undefined]>([
  ['an overloaded container, then a free one', [{ status: 429 }, { body: chatCompletion(goodContent()) }], undefined],
  ['a container that fails', [{ status: 500 }, { status: 500 }, { status: 500 }], 'unreachable'],
  ['a request that the container refuses', [{ status: 400 }], 'refused'],
  ['prose', [{ body: chatCompletion('yes') }, { body: chatCompletion('yes') }], 'bad-answer'],
])('%s', async (_, given, code) => {
  answers = [...given];
  const asked = llm().predict([instance]);
  if (code === undefined) await expect(asked).resolves.toMatchObject({ predictions: [{}] });
  else await expect(asked).rejects.toMatchObject({ code });
  expect(answers).toEqual([]);
});

it('an endpoint that is silent is left at the deadline', async () => {
  answers = [];
  await expect(llm(80).predict([instance])).rejects.toMatchObject({ code: 'timeout' });
});

it.each([{ MODEL_KIND: 'gpt' }, { MODEL_DAY_CAP: 'much' }, { MODEL_BATCH_CAP: '-1' }, { MODEL_PROMPT_PRICE: '' }, { MODEL_SHA256: 'x' }])('refuses %j', (over) => {
  expect(() => variables(over)).toThrow();
});
