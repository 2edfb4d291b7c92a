import { accountsOf, findAccount } from '@orderflow/shared/accounts';
import { localSecrets } from '../accounts/local-secrets.ts';
import { NoSuchSecret, secretsOnAws } from './secret-text.ts';
import { keepSecrets, usualKeeping, type KeptSecrets } from './kept-secrets.ts';
import { accountCredentials, accountSecrets, secretsIn } from './secrets.ts';

const account = findAccount(accountsOf('local'), 'canonical', 'default');
if (!account) throw new Error('no account');

describe('the text of a secret', () => {
  it('is one secret, or a list during a rotation', () => {
    expect(secretsIn('whsec_abc')).toEqual(['whsec_abc']);
    expect(secretsIn('["new","old"]')).toEqual(['new', 'old']);
    for (const text of ['[]', '[""]', '[1]', '["1","2","3","4","5"]', '[']) expect(() => secretsIn(text)).toThrow();
  });

  it('comes from Secrets Manager, or from Parameter Store by name', async () => {
    const sent: unknown[] = [];
    const answering = (answer: object) => ({ send: (async ({ input }: { input: unknown }) => (sent.push(input), answer)) as never });
    const read = secretsOnAws(answering({ SecretString: 'a' }), () => answering({ Parameter: { Value: 'b' } }));
    expect([await read('orderflow/dev/sources/x/y'), await read('ssm:/orderflow/dev/sources/x/z')]).toEqual(['a', 'b']);
    expect(sent).toEqual([{ SecretId: 'orderflow/dev/sources/x/y' }, { Name: '/orderflow/dev/sources/x/z', WithDecryption: true }]);
  });

  it.each(['ResourceNotFoundException', 'ParameterNotFound'])('%s: there is none', async (name) => {
    const send = (async () => Promise.reject(Object.assign(new Error('x'), { name }))) as never;
    await expect(secretsOnAws({ send }, () => ({ send }))('ssm:/a')).rejects.toBeInstanceOf(NoSuchSecret);
  });

  it('says nothing of the secret when it cannot be used', async () => {
    const send = (async () => ({ SecretString: '[hidden' })) as never;
    const secrets = accountSecrets(secretsOnAws({ send }, () => ({ send })), 'local', () => 0);
    await expect(secrets.of(account)).rejects.toThrow(/^(?!.*hidden)/s);
  });

  it('is the account’s own: webhook secret and credential stand apart', async () => {
    const read = async (name: string) => name;
    expect(await accountSecrets(read, 'dev', () => 0).of(account)).toEqual(['orderflow/dev/sources/canonical/default']);
    expect(await accountCredentials(read, 'dev', () => 0).of(account)).toBe('orderflow/dev/apis/canonical/default');
  });
});

describe('kept secrets', () => {
  let now: number;
  let asked: string[];
  let answer: (name: string) => Promise<string>;
  let kept: KeptSecrets<string>;
  const second = 1_000;

  beforeEach(() => {
    now = 0;
    asked = [];
    answer = async (name) => `${name}-${asked.length}`;
    kept = keepSecrets((name) => (asked.push(name), answer(name)), () => now, usualKeeping, () => 0);
  });
  const settled = () => new Promise<void>((done) => setImmediate(done));

  it('are read once, however many ask', async () => {
    expect(await Promise.all([kept.of('a'), kept.of('a'), kept.of('b')])).toEqual(['a-1', 'a-1', 'b-2']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('are renewed in the background: nobody waits, and the next one gets what is new', async () => {
    await kept.of('a');
    now = 61 * second;
    const slow = Promise.withResolvers<string>();
    answer = () => slow.promise;
    expect(await kept.of('a')).toBe('a-1');
    expect(await kept.of('a')).toBe('a-1');
    slow.resolve('renewed');
    await settled();
    expect(await kept.of('a')).toBe('renewed');
    expect(asked).toHaveLength(2);
  });

  it('are not given out unasked when nobody needed them for long', async () => {
    await kept.of('a');
    now = 301 * second;
    expect(await kept.of('a')).toBe('a-2');
  });

  it('stay in use while the service does not answer, which is asked seldom then, and no longer than a day', async () => {
    await kept.of('a');
    answer = () => Promise.reject(new Error('down'));
    now = 301 * second;
    for (let times = 0; times < 10; times++) expect(await kept.of('a')).toBe('a-1');
    expect(asked).toHaveLength(2);
    now += 6 * second;
    await kept.of('a');
    expect(asked).toHaveLength(3);
    now = 25 * 3_600 * second;
    await expect(kept.of('a')).rejects.toThrow('down');
  });

  it('that are taken away are no longer valid', async () => {
    await kept.of('a');
    answer = (name) => Promise.reject(new NoSuchSecret(name));
    now = 61 * second;
    await kept.of('a');
    await settled();
    await expect(kept.of('a')).rejects.toBeInstanceOf(NoSuchSecret);
  });

  it('that are missing are not asked for again and again', async () => {
    answer = (name) => Promise.reject(new NoSuchSecret(name));
    for (let times = 0; times < 100; times++) await expect(kept.of('a')).rejects.toBeInstanceOf(NoSuchSecret);
    expect(asked).toHaveLength(1);
    answer = async () => 'made';
    now = 6 * second;
    expect(await kept.of('a')).toBe('made');
  });

  it('are read anew after a rotation, no more often than every few seconds whoever asks', async () => {
    await kept.of('a');
    answer = async () => 'rotated';
    now = 4 * second;
    expect(await kept.anew('a')).toBeUndefined();
    now = 6 * second;
    const flood = await Promise.all(Array.from({ length: 1_000 }, () => kept.anew('a')));
    expect(new Set(flood)).toEqual(new Set(['rotated']));
    expect(await kept.anew('a')).toBeUndefined();
    expect(await kept.of('a')).toBe('rotated');
    expect(asked).toHaveLength(2);
  });

  it('are not all read anew at the same time', async () => {
    const at = async (random: number): Promise<number> => {
      const reads: number[] = [];
      [now, answer] = [0, async () => 'x'];
      const one = keepSecrets(async () => (reads.push(now), 'x'), () => now, usualKeeping, () => random);
      for (now = 0; reads.length < 2; now += second) await one.of('a');
      return reads[1] ?? 0;
    };
    expect(await at(0)).toBe(60 * second);
    expect(await at(0.99)).toBeLessThan(47 * second);
  });
});

it('names the local secrets as the contract does', () => {
  const values = Object.fromEntries(localSecrets().map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({
    'orderflow/local/sources/canonical/default': 'local-canonical-secret',
    'orderflow/local/sources/canonical/shop2': 'local-canonical-shop2-secret',
    'ssm:/orderflow/local/sources/shopify/outlet': 'local-shopify-outlet-secret',
  });
  expect(Object.keys(values).some((name) => name.includes('file-drop'))).toBe(false);
});
