import type { Account } from '@orderflow/shared/accounts';
import type { DataOf } from '@orderflow/shared/events';
import type { Items, ReadingContext } from './definition.ts';

/** A thin notice: what it is about, and ids only. */
export type Notice = DataOf<'source.notified'>['notice'];

/** What a reader of asked things knows besides the payload. `topic`: what was notified, or what was polled for. */
export type AskedContext = Omit<ReadingContext, 'route'>;

/**
 * The account's own host, for vendors that give every customer one: `host` of accounts.json, a name without a scheme; asked by
 * https alone.
 */
export interface OwnHost {
  /** The host must be one of these or end in `.` and one of them; none: any, as the owner has configured it. */
  readonly within?: readonly string[];
  /** Path below the host where the API begins: `/rest/V1`. */
  readonly base?: string;
}

/** Things that are fetched because a notice named them. */
export interface FetchedByNotice {
  /** Path and query below the host, built from the notice's ids and the account's `store` alone, each percent-encoded. Begins with `/`. */
  readonly path: (notice: Notice, account: Account) => string;
  /** The one item in what the vendor answers; default: the whole answer. */
  readonly item?: (payload: unknown) => unknown;
  /**
   * Further calls that make the item whole: name → path, or none. The item is then an object of the first answer's item
   * under `first` and the others under their names; what is absent is `null`. Their paths are built of ids in `item`.
   */
  readonly also?: (item: unknown, notice: Notice, account: Account) => Readonly<Record<string, string>>;
  /** How many notices of this source are fetched at once, 2 to 1000: the maximum concurrency of its queue. */
  readonly mostAtOnce: number;
}

/** Things that are asked for again and again, by windows of time. */
export interface Polled {
  /** What is polled for: names the cursor, and stands as the topic of what it finds. */
  readonly topic: string;
  readonly everyMinutes: number;
  /** How far a window reaches back into the one before it. */
  readonly overlapMinutes: number;
  /** The longest window that the vendor is asked for in one go. */
  readonly mostWindowMinutes: number;
  /** Path and query below the host. `from`, `to`: UTC ISO 8601. `page`: what `read` named last. */
  readonly path: (window: { readonly from: string; readonly to: string }, page: string | undefined, account: Account) => string;
  /**
   * The items of one page, each as the vendor returns it, and the next page if there is one; `page`: the one that was asked
   * for. @throws Unreadable
   */
  readonly read: (payload: unknown, page?: string) => { readonly items: readonly unknown[]; readonly next?: string };
  /** Where a page only names its items: the notice of one, fetched as `SourceApi.notice` says. @throws Unreadable */
  readonly names?: (item: unknown) => Notice;
}

/**
 * How an access token is got (https://www.rfc-editor.org/rfc/rfc6749#section-4.4 and #section-6). The account's credential
 * is then a JSON object `{"clientId", "clientSecret", "refreshToken"?}`, and `authorise` gets the access token.
 */
export interface TokenFlow {
  readonly grant: 'client_credentials' | 'refresh_token';
  /** Address of the token endpoint: a path below the API's host, or a whole pinned https address. */
  readonly address: string;
  /**
   * Where the client's id and secret stand: `Authorization: Basic`, or among the fields. `assertion`: no secret, but a JWT
   * signed by the client's private key (https://www.rfc-editor.org/rfc/rfc7523#section-2.2); the credential is then
   * `{"clientId", "keyId", "privateKey"}`, the key in PEM (PKCS #8).
   */
  readonly client: 'basic' | 'fields' | 'assertion';
  /** Further fields, such as `scope`. */
  readonly fields?: Readonly<Record<string, string>> | ((account: Account) => Readonly<Record<string, string>>);
  /** Names of fields are written in camel case, in the answer, too: `grantType`, `accessToken`. */
  readonly camelCase?: true;
  /** The vendor gives a new refresh token with each access token, and takes the old one no more. */
  readonly rotates?: true;
  /** Further headers that the endpoint wants. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How fast a vendor lets itself be asked, per account. */
export interface RateLimit {
  /** Calls a second in the long run: a leaky bucket of our own. */
  readonly perSecond?: number;
  /** Header that says how many calls are left in the present period (lower case). */
  readonly left?: string;
  /** Header that says when the period ends, in seconds or milliseconds from now, or as seconds since 1970. */
  readonly reset?: { readonly header: string; readonly unit: 'seconds' | 'milliseconds' | 'epoch' };
}

/** A vendor's API, as far as we ask it. */
export interface SourceApi {
  /** Scheme and host, pinned, or the account's own; only the local run points it at a stand-in (VENDOR_HOSTS). No body ever names another. */
  readonly host: string | OwnHost;
  /** How the access token is got that `authorise` is given; none: `authorise` gets the account's credential as it is kept. */
  readonly token?: TokenFlow;
  readonly limit?: RateLimit;
  /** What an answer with a good status says nevertheless, for vendors that refuse with 200: looked at before anything else. */
  readonly refusal?: (payload: unknown) => 'credential' | 'wait' | 'absent' | undefined;
  /** The headers that prove who asks, out of the account's credential or access token; `clientId`: of the client that it was given to. */
  readonly authorise: (credential: string, clientId?: string) => Readonly<Record<string, string>>;
  /** Path and query with what proves who asks, for vendors that want it there; `now` is in milliseconds since 1970. Pure. */
  readonly address?: (path: string, credential: string, now: number) => string;
  /** Further headers that the vendor wants. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * One whole item as the API returns it → items. Pure, and a function of the item alone: an event's id is the hash of
   * the item's bytes, so the same bytes must say the same, whichever notice or poll found them. @throws Unreadable
   */
  readonly toEvents: (payload: unknown, context: AskedContext) => Items;
  readonly notice?: FetchedByNotice;
  readonly poll?: Polled;
}
