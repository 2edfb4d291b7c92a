import * as z from 'zod/mini';
import { currency, identifier } from '@orderflow/shared/events';

/** Source name as it stands in the address of a webhook: `shopify`. */
const sourceName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower case letters, digits and dashes'));

/** One account of one source, as the owner configures it. What is not configured is answered 404 and never guessed. */
export const account = z.strictObject({
  source: sourceName,
  /** Name of the account within its source, chosen by the owner; `default` needs no name in the webhook's address. */
  account: identifier,
  /** `sells`: creates orders and counts for revenue. `payments`: only reports payments of the accounts in `paysFor`. */
  role: z.enum(['sells', 'payments']),
  /** Selling accounts whose orders this payment provider's account is paid for; only with role `payments`. */
  paysFor: z._default(z.array(z.strictObject({ source: sourceName, account: identifier })), []),
  /** Who writes to the customer. Marketplaces forbid us to (`source`), in our own shops we do (`us`). */
  customerNotices: z._default(z.enum(['us', 'source']), 'source'),
  /**
   * What an order whose payment is UNKNOWN means: the source settles payment itself and the order goes on (`settled`),
   * or it waits like PENDING (`wait`).
   */
  unknownPayment: z._default(z.enum(['settled', 'wait']), 'settled'),
  /** ISO 4217 currency where the payload names none (point of sale, files). */
  currency: z.optional(currency),
  /** Orders placed longer ago than this are taken as historical: recorded, without any mail or staff notice. */
  historicalAfterDays: z.optional(z.int().check(z.positive())),
  /** Orders count as tests: recorded, marked, never counted as sales. */
  test: z.optional(z.boolean()),
  /** Name of the webhook secret in Secrets Manager; default `orderflow/<stage>/sources/<source>/<account>`. */
  secret: z.optional(z.string().check(z.minLength(1), z.maxLength(512))),
  /** Name of the secret with the credential for the source's API; default `orderflow/<stage>/apis/<source>/<account>`. */
  apiSecret: z.optional(z.string().check(z.minLength(1), z.maxLength(512))),
});

export type Account = z.infer<typeof account>;
/** Anything that names an account. */
export type AccountName = Pick<Account, 'source' | 'account'>;

const same = (a: AccountName, b: AccountName): boolean => a.source === b.source && a.account === b.account;
const nameOf = (one: AccountName): string => `${one.source}:${one.account}`;

/** What is wrong between accounts that are each right: named twice, or links that lead nowhere. */
function contradiction(accounts: readonly Account[]): string | undefined {
  for (const [index, one] of accounts.entries()) {
    if (accounts.slice(0, index).some((other) => same(one, other))) return `${nameOf(one)} is configured twice`;
    if (one.role === 'sells' && one.paysFor.length > 0) return `${nameOf(one)} sells, so it cannot have paysFor`;
    const lost = one.paysFor.find((shop) => findAccount(accounts, shop.source, shop.account)?.role !== 'sells');
    if (lost) return `${nameOf(one)} pays for ${nameOf(lost)}, which is no configured account that sells`;
    const rival = one.paysFor.find((shop) => {
      const owner = paymentsAccountFor(accounts, shop, one.source);
      return owner !== undefined && !same(owner, one);
    });
    if (rival) return `${nameOf(rival)} is paid for by two accounts of ${one.source}`;
  }
  return undefined;
}

/** Reads a list of accounts. @throws Error with one line that names the account or the field at fault */
export function parseAccounts(value: unknown): readonly Account[] {
  const read = z.safeParse(z.array(account), value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(`accounts: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  const wrong = contradiction(read.data);
  if (wrong !== undefined) throw new Error(`accounts: ${wrong}`);
  return read.data;
}

export const findAccount = (accounts: readonly Account[], source: string, name: string): Account | undefined =>
  accounts.find((one) => one.source === source && one.account === name);

/** The account of `provider` (`stripe`) that reports the payments of a selling account. */
export const paymentsAccountFor = (
  accounts: readonly Account[], shop: AccountName, provider: string,
): Account | undefined =>
  accounts.find((one) => one.role === 'payments' && one.source === provider && one.paysFor.some((sold) => same(sold, shop)));

/** The selling accounts whose payments a payment provider's account reports. */
export const sellingAccountsFor = (accounts: readonly Account[], payments: AccountName): readonly Account[] => {
  const paysFor = findAccount(accounts, payments.source, payments.account)?.paysFor ?? [];
  return accounts.filter((one) => one.role === 'sells' && paysFor.some((shop) => same(shop, one)));
};

/** Name of an account's webhook secret in Secrets Manager. */
export const secretName = (stage: string, one: Account): string =>
  one.secret ?? `orderflow/${stage}/sources/${one.source}/${one.account}`;

/** Name of the secret in Secrets Manager that holds an account's credential for its source's API. */
export const apiSecretName = (stage: string, one: Account): string =>
  one.apiSecret ?? `orderflow/${stage}/apis/${one.source}/${one.account}`;
