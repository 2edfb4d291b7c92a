/** How one vendor's API is stood in for: data. Paths are those below the vendor's host. */
export interface StandInVendor {
  /** Path of one item; the group is its id. */
  readonly item: RegExp;
  readonly list?: {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    readonly cursor: string;
    readonly pageSize: number;
    /** When an item was last changed, UTC ISO 8601. */
    readonly modified: (item: Readonly<Record<string, unknown>>) => string;
    /** One page around the items' own text. */
    readonly page: (items: readonly string[], next: string | undefined) => string;
  };
  /** The account that the caller proves to be, if it does. `credential`: what an account must show. */
  readonly credentialIn: (headers: Readonly<Record<string, string | string[] | undefined>>) => string | undefined;
  /** Callers must say who they are. */
  readonly wantsUserAgent: boolean;
}

export const standInVendors: Readonly<Record<string, StandInVendor>> = {
  // https://developers.squarespace.com/commerce-apis/retrieve-all-orders
  squarespace: {
    item: /^\/1\.0\/commerce\/orders\/([^/?]+)$/,
    list: {
      path: '/1.0/commerce/orders', from: 'modifiedAfter', to: 'modifiedBefore', cursor: 'cursor', pageSize: 50,
      modified: (item) => String(item['modifiedOn']),
      page: (items, next) => `{"result":[${items.join(',')}],"pagination":${JSON.stringify({ hasNextPage: next !== undefined, nextPageCursor: next ?? null, nextPageUrl: null })}}`,
    },
    credentialIn: ({ authorization }) => /^Bearer (.+)$/.exec(String(authorization ?? ''))?.[1],
    wantsUserAgent: true,
  },
  // https://developer.squareup.com/reference/square/orders-api/retrieve-order and catalog-api/list-catalog, whose id here is `list`
  square: {
    item: /^\/v2\/(?:orders|catalog)\/([^/?]+)$/,
    credentialIn: ({ authorization }) => /^Bearer (.+)$/.exec(String(authorization ?? ''))?.[1],
    wantsUserAgent: false,
  },
  // https://docs.recurly.com/recurly-subscriptions/v2021-02-25/reference/getting-started-v2021-02-25
  recurly: {
    item: /^\/(?:invoices|items)\/([^/?]+)$/,
    credentialIn: ({ authorization }) => /^(.+):$/.exec(Buffer.from(/^Basic (.+)$/.exec(String(authorization ?? ''))?.[1] ?? '', 'base64').toString('utf8'))?.[1],
    wantsUserAgent: false,
  },
  // https://docs.klarna.com/api/ordermanagement/
  klarna: {
    item: /^\/ordermanagement\/v1\/orders\/([^/?]+)$/,
    credentialIn: ({ authorization }) => Buffer.from(/^Basic (.+)$/.exec(String(authorization ?? ''))?.[1] ?? '', 'base64').toString('utf8') || undefined,
    wantsUserAgent: false,
  },
};

/** What every account of the local stage proves itself with (CONTRACTS, "Identities and secrets, locally"). */
export const credentialOf = (source: string, account: string): string =>
  account === 'default' ? `local-${source}-api` : `local-${source}-${account}-api`;
