import { accountsOf } from '@orderflow/shared/accounts';
import { localCredential } from '../../services/ingest/src/accounts/local-secrets.ts';
import type { StandIn } from '../../services/ingest/src/sources/demo.ts';
import { demos } from '../../services/ingest/src/sources/demos.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import { sources } from '../../services/ingest/src/sources/registry.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How one vendor is stood in for: what its source's demo says, and what its definition implies. */
export interface StandInVendor extends StandIn {
  readonly source: SourceDefinition;
  readonly item: RegExp;
  /** What the caller shows, if anything: a credential or an access token. */
  readonly shown: (headers: Headers, query: URLSearchParams) => string | undefined;
}

/** The last word of a path; its query does not count. */
const lastWord = /\/([^/?]+)(?:\?.*)?$/;
const marker = 'shown-here';

/** What stands in the headers where the definition puts what proves who asks. */
function shownIn({ name, api }: SourceDefinition, headers: Headers): string | undefined {
  if (!api) return undefined;
  const same = (credential: string): boolean => Object.entries(api.authorise(credential)).every(([header, value]) => headers[header.toLowerCase()] === value);
  const known = api.token ? undefined : accountsOf('local').filter(({ source }) => source === name).map(({ account }) => localCredential(name, account)).find(same);
  if (known !== undefined) return known;
  for (const [header, template] of Object.entries(api.authorise(marker))) {
    const [before = '', after] = template.split(marker);
    const given = headers[header.toLowerCase()];
    if (after !== undefined && typeof given === 'string' && given.startsWith(before) && given.endsWith(after)) return given.slice(before.length, given.length - after.length);
  }
  return undefined;
}

export const standInVendors: Readonly<Record<string, StandInVendor>> = Object.fromEntries(
  sources.flatMap((source) => {
    if (!source.api && !source.keys) return [];
    const { item = lastWord, credentialIn, ...standIn }: StandIn = demos[source.name]?.standIn ?? {};
    const vendor: StandInVendor = { ...standIn, source, item, shown: credentialIn ?? ((headers) => shownIn(source, headers)) };
    return [[source.name, vendor] as const];
  }),
);

/** The id of the item that a path with its query asks for. */
export function idAsked({ item }: Pick<StandInVendor, 'item'>, path: string): string | undefined {
  const id = (item.exec(path) ?? item.exec(path.split('?', 1)[0] ?? ''))?.[1];
  return id === undefined ? undefined : decodeURIComponent(id);
}

/** What every account of the local stage proves itself with where no tokens are given (CONTRACTS, "Identities and secrets, locally"). */
export const credentialOf = (source: string, account: string): string => (account === 'default' ? `local-${source}-api` : `local-${source}-${account}-api`);

/** The account that a credential of the local stage belongs to. */
export function accountOf(source: string, credential: string | undefined): string | undefined {
  return credential === credentialOf(source, 'default') ? 'default' : new RegExp(`^local-${source}-(.+)-api$`).exec(credential ?? '')?.[1];
}
