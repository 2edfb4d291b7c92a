import { execFileSync } from 'node:child_process';
import type { Account } from '@orderflow/shared/accounts';
import { parseAccounts } from '@orderflow/shared/accounts';
import { localKeyPair } from '../accounts/local-key-pair.ts';
import type { SourceDefinition } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import { noon, signed } from '../testing/memory.ts';
import { keyIn, publishedKeys } from './published-keys.ts';

const [account] = parseAccounts([{ source: 'canonical', account: 'default', role: 'sells' }]) as [Account];
const source: SourceDefinition = {
  ...(findSource('canonical') as SourceDefinition),
  keys: { host: 'https://keys.example', paths: ({ headers }) => (headers['kid'] ? [`/keys/${headers['kid']}`] : []), as: 'pem' },
};
const by = (kid: string) => ({ ...signed('canonical', '{}'), headers: { kid } });

function world() {
  const time = { now: noon };
  const asked: string[] = [];
  const host: { answer: (path: string) => string | undefined | Error } = { answer: () => localKeyPair.publicKey };
  const keys = publishedKeys(async (_source, _account, _keys, path) => {
    asked.push(path);
    const answer = host.answer(path);
    if (answer instanceof Error) throw answer;
    return answer === undefined ? undefined : Buffer.from(answer);
  }, () => time.now);
  return { time, asked, host, of: (kid: string) => keys.of(source, account, by(kid)), anew: (kid: string) => keys.anew(source, account, by(kid)) };
}

it('fetches a key once for however many ask, and again when an hour is over', async () => {
  const { of, asked, time } = world();
  expect(await Promise.all([of('a'), of('a')])).toEqual([[localKeyPair.publicKey], [localKeyPair.publicKey]]);
  time.now += 3_500_000;
  await of('a');
  expect(asked).toEqual(['/keys/a']);
  time.now += 200_000;
  await of('a');
  expect(asked).toHaveLength(2);
});

it('asks once for a key that is not there, and then not for a minute', async () => {
  const { of, asked, host, time } = world();
  host.answer = () => undefined;
  expect([await of('x'), await of('x'), asked.length]).toEqual([[], [], 1]);
  time.now += 61_000;
  host.answer = () => localKeyPair.publicKey;
  expect(await of('x')).toHaveLength(1);
});

it('looks for a key that was replaced under its name, once a minute at most', async () => {
  const { of, anew, asked, time } = world();
  await of('a');
  await anew('a');
  expect(asked).toHaveLength(1);
  time.now += 61_000;
  await anew('a');
  await anew('a');
  expect(asked).toHaveLength(2);
});

it('is no nuisance to the vendor, whatever keys forgers name', async () => {
  const { of, asked, time } = world();
  await of('known');
  const ended = await Promise.allSettled(Array.from({ length: 100 }, (_, at) => of(`forged-${at}`)));
  expect(asked).toHaveLength(20);
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(81);
  expect(await of('known')).toHaveLength(1);
  time.now += 61_000;
  expect(await of('new')).toHaveLength(1);
});

it('keeps what it knows while the key host is down, for a day, and says so when it knows nothing', async () => {
  const { of, host, time } = world();
  await of('a');
  host.answer = () => new Error('down');
  time.now += 2 * 3_600_000;
  expect(await of('a')).toHaveLength(1);
  await expect(of('b')).rejects.toThrow('down');
  time.now += 23 * 3_600_000;
  await expect(of('a')).rejects.toThrow('down');
});

it('asks nothing for a request that names no key, or of a source that publishes none', async () => {
  const { asked, of } = world();
  expect([await of(''), asked]).toEqual([[], []]);
});

describe('keyIn', () => {
  const oneLine = localKeyPair.publicKey.replaceAll('\n', '');
  const certificate = (days: string): string =>
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=test', ...days.split(' ')], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();

  it.each([
    ['PEM', localKeyPair.publicKey, 'pem'],
    ['PEM in one line', oneLine, 'pem'],
    ['PEM in JSON', JSON.stringify({ key: oneLine }), { field: 'key' }],
  ] as const)('finds %s', (_, text, as) => expect(keyIn(Buffer.from(text), as, noon)).toBe(localKeyPair.publicKey));

  it('finds a set of keys as it is', () => expect(keyIn(Buffer.from('{"keys":[]}'), 'jwks', noon)).toBe('{"keys":[]}'));

  it.each([['', 'pem'], ['<html>', 'pem'], ['{"keys":7}', 'jwks'], ['no', 'jwks'], ['{}', { field: 'key' }], ['{"key":"no"}', { field: 'key' }]] as const)('finds nothing in %j', (text, as) => {
    expect(keyIn(Buffer.from(text), as, noon)).toBeUndefined();
  });

  it('takes a certificate while it is valid', () => {
    let pem: string;
    try {
      pem = certificate('-days 2');
    } catch {
      return; // no openssl on this machine
    }
    expect(keyIn(Buffer.from(pem), 'pem', Date.now())).toContain('BEGIN CERTIFICATE');
    expect(keyIn(Buffer.from(pem), 'pem', Date.now() + 3 * 86_400_000)).toBeUndefined();
  });
});
