import { accountsOf, apiSecretName, findAccount, parseAccounts, paymentsAccountFor, secretName, sellingAccountsFor } from './index.ts';

const shop = { source: 'shopify', account: 'default', role: 'sells' };
const stripe = { source: 'stripe', account: 'eu', role: 'payments', paysFor: [{ source: 'shopify', account: 'default' }] };

describe('accounts', () => {
  it('reads the local stage', () => {
    const accounts = accountsOf('local');
    expect(findAccount(accounts, 'canonical', 'default')).toMatchObject({ role: 'sells', customerNotices: 'us' });
    expect(findAccount(accounts, 'canonical', 'nobody')).toBeUndefined();
  });

  it('knows no account of a stage that is not configured', () => {
    expect(accountsOf('nowhere')).toEqual([]);
  });

  it('gives marketplaces their own customer notices and lets the source settle what is unknown', () => {
    expect(parseAccounts([shop])[0]).toMatchObject({ customerNotices: 'source', unknownPayment: 'settled', paysFor: [] });
  });

  it('links payments to shops both ways', () => {
    const accounts = parseAccounts([shop, stripe]);
    expect(paymentsAccountFor(accounts, { source: 'shopify', account: 'default' }, 'stripe')?.account).toBe('eu');
    expect(paymentsAccountFor(accounts, { source: 'shopify', account: 'default' }, 'paypal')).toBeUndefined();
    expect(sellingAccountsFor(accounts, { source: 'stripe', account: 'eu' }).map((one) => one.source)).toEqual(['shopify']);
  });

  it.each([
    ['a wrong role', [{ ...shop, role: 'steals' }], /0\.role/],
    ['an account twice', [shop, shop], /shopify:default is configured twice/],
    ['a shop that pays', [{ ...shop, paysFor: [{ source: 'shopify', account: 'x' }] }], /cannot have paysFor/],
    ['payments for nobody', [stripe], /no configured account that sells/],
    ['two accounts of one provider', [shop, stripe, { ...stripe, account: 'us' }], /paid for by two accounts of stripe/],
  ])('refuses %s', (_, accounts, message) => {
    expect(() => parseAccounts(accounts)).toThrow(message);
  });

  it('composes the names of the secrets', () => {
    const [one] = parseAccounts([shop]);
    expect(one && [secretName('dev', one), apiSecretName('dev', one)]).toEqual(['orderflow/dev/sources/shopify/default', 'orderflow/dev/apis/shopify/default']);
  });

  it('takes secrets of Parameter Store, and refuses one that the stage may not read', () => {
    const [one] = parseAccounts([{ ...shop, secret: 'ssm:/orderflow/dev/sources/shop', apiSecret: 'orderflow/dev/apis/shop' }], 'dev');
    expect(one && [secretName('dev', one), apiSecretName('dev', one)]).toEqual(['ssm:/orderflow/dev/sources/shop', 'orderflow/dev/apis/shop']);
    for (const secret of ['orderflow/prod/sources/shop', 'ssm:/orderflow/dev/apis/shop', 'ssm:/elsewhere']) {
      expect(() => parseAccounts([{ ...shop, secret }], 'dev')).toThrow('shopify:default: secret must begin with orderflow/dev/sources/ or ssm:/orderflow/dev/sources/');
    }
    expect(() => parseAccounts([{ ...shop, secret: 'ssm:relative' }], 'dev')).toThrow(/0\.secret/);
  });
});
