import * as z from 'zod/mini';
import { currency, identifier } from '@orderflow/shared/events';

/** Source name as it stands in the address of a webhook: `shopify`. */
const sourceName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower case letters, digits and dashes'));

/** Before the name of a parameter of SSM Parameter Store. */
export const parameterPrefix = 'ssm:';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html and API_PutParameter of SSM */
const secretPlace = z.string().check(
  z.maxLength(512),
  z.regex(/^(ssm:\/[\w./-]+|[\w/+=.@-]+)$/, 'must be the name of a secret, or ssm:/ and the name of a parameter'),
);

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

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
  /** What customers are told to do with goods that they may send back: where to, how, with which label. */
  returnInstructions: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
  /**
   * What an order whose payment is UNKNOWN means: the source settles payment itself and the order goes on (`settled`),
   * or it waits like PENDING (`wait`).
   */
  unknownPayment: z._default(z.enum(['settled', 'wait']), 'settled'),
  /** ISO 4217 currency where the payload names none (point of sale, files). */
  currency: z.optional(currency),
  /** Orders placed longer ago than this are taken as historical: recorded, without any mail or staff notice. */
  historicalAfterDays: z.optional(z.int().check(z.positive())),
  /** The vendor's own id of the account, where its API or its messages want it: a store, shop, merchant, seller or project. */
  store: z.optional(z.string().check(z.regex(/^[\w.@:-]{1,128}$/, 'must be letters, digits and . _ @ : -'))),
  /** The host of the account's API, without a scheme, where the vendor gives every customer one: `shop.example.com`. */
  host: z.optional(z.string().check(z.maxLength(253), z.regex(/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/, 'must be a host name in lower case'))),
  /** Time zone of the IANA database where the vendor writes times by the shop's clock: `Europe/Paris`; none: UTC. */
  timeZone: z.optional(z.string().check(z.refine((zone) => isTimeZone(zone), 'must be a time zone such as Europe/Paris'))),
  /** Orders count as tests: recorded, marked, never counted as sales. */
  test: z.optional(z.boolean()),
  /**
   * Where the webhook secret is kept; default `orderflow/<stage>/sources/<source>/<account>`. A name in Secrets Manager
   * or, as `ssm:/<name>`, a SecureString of SSM Parameter Store; below `orderflow/<stage>/sources/` either way, for
   * intake may read nothing else.
   */
  secret: z.optional(secretPlace),
  /** Where the credential for the source's API is kept, likewise; default `orderflow/<stage>/apis/<source>/<account>`. */
  apiSecret: z.optional(secretPlace),
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

/** The one place where intake may read a stage's secrets of a kind; its roles are granted nothing else. */
const secretsBelow = (stage: string, kind: 'sources' | 'apis'): string => `orderflow/${stage}/${kind}/`;

/** A secret where the stage's functions may not read it: said here, not by a 503 some day. */
function unreadableSecret(accounts: readonly Account[], stage: string): string | undefined {
  for (const one of accounts) {
    for (const [field, kind] of [['secret', 'sources'], ['apiSecret', 'apis']] as const) {
      const name = one[field];
      const below = secretsBelow(stage, kind);
      if (name === undefined || name.startsWith(below) || name.startsWith(`${parameterPrefix}/${below}`)) continue;
      return `${nameOf(one)}: ${field} must begin with ${below} or ${parameterPrefix}/${below}`;
    }
  }
  return undefined;
}

/**
 * Reads a list of accounts; with the stage's name, also where their secrets are kept.
 * @throws Error with one line that names the account or the field at fault
 */
export function parseAccounts(value: unknown, stage?: string): readonly Account[] {
  const read = z.safeParse(z.array(account), value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(`accounts: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  const wrong = contradiction(read.data) ?? (stage === undefined ? undefined : unreadableSecret(read.data, stage));
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

/** Where an account's webhook secret is kept: a name in Secrets Manager, or `ssm:` and the name of a parameter. */
export const secretName = (stage: string, one: Account): string =>
  one.secret ?? `${secretsBelow(stage, 'sources')}${one.source}/${one.account}`;

/** Where an account's credential for its source's API is kept, likewise. */
export const apiSecretName = (stage: string, one: Account): string =>
  one.apiSecret ?? `${secretsBelow(stage, 'apis')}${one.source}/${one.account}`;
