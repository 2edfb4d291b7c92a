import { accountsOf } from '@orderflow/shared/accounts';
import type { SourceApi } from '../../services/ingest/src/sources/api.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import { sources } from '../../services/ingest/src/sources/registry.ts';

/** How one vendor's API is stood in for: data. Paths are those below the vendor's host. */
export interface StandInVendor {
  /** Path of one item, without or with its query; the group is its id. */
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
  readonly credentialIn: (headers: Readonly<Record<string, string | string[] | undefined>>, query: URLSearchParams) => string | undefined;
  /** Callers must say who they are. */
  readonly wantsUserAgent: boolean;
}

const special: Readonly<Record<string, StandInVendor>> = {
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
  // https://open.lazada.com/apps/doc/doc?nodeId=10451&docId=108069 : who asks stands in the address, the local credential has one part
  lazada: {
    item: /^\/order\/items\/get\?(?:.*&)?order_id=([^&]+)/,
    credentialIn: (_, query) => query.get('app_key') ?? undefined,
    wantsUserAgent: false,
  },
  shopee: {
    item: /^\/api\/v2\/order\/get_order_detail\?(?:.*&)?order_sn_list=([^&]+)/,
    credentialIn: (_, query) => query.get('partner_id') ?? undefined,
    wantsUserAgent: false,
  },
};

/** Any other vendor whose API is asked: an item stands at the end of its address, and who asks shows what its definition says. */
function usual({ name, api }: SourceDefinition & { readonly api: SourceApi }): StandInVendor {
  const accounts = accountsOf('local').filter(({ source }) => source === name).map(({ account }) => credentialOf(name, account));
  return {
    item: /\/([^/?]+)$/,
    credentialIn: (headers) => accounts.find((credential) => Object.entries(api.authorise(credential)).every(([header, value]) => headers[header.toLowerCase()] === value)),
    wantsUserAgent: false,
  };
}

export const standInVendors: Readonly<Record<string, StandInVendor>> = Object.fromEntries(
  sources.flatMap((source) => (source.api ? [[source.name, special[source.name] ?? usual({ ...source, api: source.api })] as const] : [])),
);

/** What every account of the local stage proves itself with (CONTRACTS, "Identities and secrets, locally"). */
export function credentialOf(source: string, account: string): string {
  return account === 'default' ? `local-${source}-api` : `local-${source}-${account}-api`;
}
