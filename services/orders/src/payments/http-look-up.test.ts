import { answerOf, type StandInStatus } from '../../../../scripts/local/payments-answers.ts';
import { httpLookUp } from './http-look-up.ts';
import { keyName, secretKeys } from './keys.ts';
import { providers } from './providers.ts';

const question = (provider: string, reference: string) => ({ provider, reference, source: 'canonical', account: 'default' });
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
/** A network that answers by path; what it was asked is kept. */
const network = (answer: (url: URL) => Response | Promise<Response>) => {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const fetch = async (input: unknown, init: { headers?: Record<string, string>; signal?: AbortSignal } = {}) => {
    asked.push({ url: String(input), headers: init.headers ?? {} });
    const gone = new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => { reject(new Error('aborted')); }));
    return Promise.race([answer(new URL(String(input))), gone]);
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
};
const lookUp = (fetch: typeof globalThis.fetch, timeoutMs = 1_000) => httpLookUp({ fetch, keyOf: async () => 'key', timeoutMs });

describe('every provider', () => {
  const references: Record<string, string> = { stripe: 'pi_1', paypal: '3C679366', square: 'R2B3Z8', adyen: 'PL61C53' };
  const statuses: StandInStatus[] = ['PAID', 'PENDING', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED', 'VOIDED', 'GONE'];
  // what a provider has no word for reads as the nearest that it has
  const otherwise: Record<string, string> = {
    'paypal VOIDED': 'FAILED', 'adyen REFUNDED': 'PAID', 'adyen PARTIALLY_REFUNDED': 'PAID', 'adyen FAILED': 'PENDING',
  };

  it.each(Object.keys(providers).flatMap((name) => statuses.map((status) => [name, status] as const)))('%s: %s', async (name, status) => {
    const reference = references[name]!;
    const { fetch, asked } = network((url) => {
      if (url.pathname.endsWith('/token')) return json({ access_token: 'token' });
      const body = answerOf(name, status, reference);
      return body ? json(body) : json({}, 404);
    });
    const answer = await lookUp(fetch).find(question(name, reference));
    expect(answer).toEqual(status === 'GONE' ? { outcome: 'unknown' } : { outcome: 'found', status: otherwise[`${name} ${status}`] ?? status });
    expect(asked.at(-1)?.url).toContain(`${providers[name]!.host}/`);
  });
});

describe('trouble is "not now", never an error', () => {
  it.each([
    ['5xx', () => json({}, 503)],
    ['refused connection', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['no JSON', () => new Response('<html>')],
    ['another form', () => json({ status: 7 })],
    ['no answer in time', () => new Promise<Response>(() => undefined)],
  ])('%s', async (_, answer) => {
    const { fetch } = network(answer);
    expect(await lookUp(fetch, 20).find(question('stripe', 'pi_1'))).toEqual({ outcome: 'unavailable' });
  });

  it('no stored key', async () => {
    const { fetch, asked } = network(() => json({}));
    expect(await httpLookUp({ fetch, keyOf: async () => undefined }).find(question('stripe', 'pi_1'))).toEqual({ outcome: 'unavailable' });
    expect(asked).toEqual([]);
  });
});

it('asks nobody about providers and references that it does not know', async () => {
  const { fetch, asked } = network(() => json({}));
  for (const one of [question('constructor', 'x'), question('klarna', 'x'), question('stripe', 'ch_1'), question('adyen', '8835')]) {
    expect(await lookUp(fetch).find(one)).toEqual({ outcome: 'unknown' });
  }
  expect(asked).toEqual([]);
});

it('puts an id into the path only escaped', async () => {
  const { fetch, asked } = network(() => json({}, 404));
  await lookUp(fetch).find(question('square', '../../evil?x=1'));
  expect(asked[0]?.url).toBe('https://connect.squareup.com/v2/payments/..%2F..%2Fevil%3Fx%3D1');
});

it('asks the stand-in of a stage that names one', async () => {
  const { fetch, asked } = network(() => json(answerOf('stripe', 'PAID', 'pi_1')));
  const standIn = httpLookUp({ fetch, keyOf: async () => 'local', hostOf: (provider) => `http://127.0.0.1:9/${provider}` });
  expect(await standIn.find(question('stripe', 'pi_1'))).toEqual({ outcome: 'found', status: 'PAID' });
  expect(asked[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:9\/stripe\/v1\/payment_intents\/pi_1/);
});

describe('keys', () => {
  it('are read once in five minutes; a missing one is no error', async () => {
    let now = 0;
    const names: string[] = [];
    const client = {
      send: async ({ input }: { input: { SecretId: string } }) => {
        names.push(input.SecretId);
        if (input.SecretId.includes('square')) throw Object.assign(new Error(), { name: 'ResourceNotFoundException' });
        return { SecretString: 'key' };
      },
    };
    const keyOf = secretKeys(client as never, 'test', () => now);
    const stripe = question('stripe', 'pi_1');
    expect([await keyOf(stripe), await keyOf(stripe), await keyOf(question('square', 'x'))]).toEqual(['key', 'key', undefined]);
    now = 6 * 60_000;
    await keyOf(stripe);
    expect(names).toEqual([keyName('test', stripe), 'orderflow/test/payments/square/canonical/default', keyName('test', stripe)]);
  });
});
