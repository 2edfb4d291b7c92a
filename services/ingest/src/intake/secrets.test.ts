import { accountsOf } from '@orderflow/shared/accounts';
import { localSecrets } from '../accounts/local-secrets.ts';
import { secretsIn, secretsManager } from './secrets.ts';

const [account] = accountsOf('local');
if (!account) throw new Error('no account');

describe('secrets', () => {
  it('reads one secret, or two during a rotation', () => {
    expect(secretsIn('whsec_abc')).toEqual(['whsec_abc']);
    expect(secretsIn('["new","old"]')).toEqual(['new', 'old']);
    expect(() => secretsIn('[]')).toThrow(/JSON list/);
  });

  it('asks once a minute, and goes on with what it knows while nothing answers', async () => {
    let asked = 0;
    let down = false;
    const clock = { now: 0 };
    const send = async (): Promise<unknown> => {
      asked++;
      if (down) throw new Error('down');
      return { SecretString: `secret-${asked}` };
    };
    const secrets = secretsManager({ send: send as never }, 'local', () => clock.now);
    expect(await Promise.all([secrets.of(account), secrets.of(account)])).toEqual([['secret-1'], ['secret-1']]);
    expect(asked).toBe(1);
    clock.now = 61_000;
    expect(await secrets.of(account)).toEqual(['secret-2']);
    [down, clock.now] = [true, 130_000];
    expect(await secrets.of(account)).toEqual(['secret-2']);
  });

  it('names the local secrets as the contract does', () => {
    const values = Object.fromEntries(localSecrets().map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      'orderflow/local/sources/canonical/default': 'local-canonical-secret',
      'orderflow/local/sources/canonical/shop2': 'local-canonical-shop2-secret',
    });
    expect(Object.keys(values).some((name) => name.includes('file-drop'))).toBe(false);
  });
});
