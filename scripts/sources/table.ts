import type { EventType } from '../../shared/events/index.ts';
import type { Fixture } from '../../services/ingest/src/sources/fixtures.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import { isPublic, type HttpVerify, type Part } from '../../services/ingest/src/verify/index.ts';

/** What a newcomer asks of a source before anything else; text only. */
export interface Row {
  readonly source: string;
  readonly title: string;
  readonly kind: string;
  readonly roles: string;
  readonly delivery: string;
  readonly events: string;
  readonly signature: string;
  readonly verified: string;
  readonly fixtures: string;
}

const partName = (part: Part): string => {
  if (typeof part === 'string') return part;
  if ('literal' in part) return JSON.stringify(part.literal).slice(1, -1);
  if ('header' in part) return part.header;
  if ('query' in part) return `?${part.query}`;
  if ('json' in part) return part.json.split('.').at(-1) ?? part.json;
  if ('form' in part) return part.form;
  if ('secret' in part) return 'id of the webhook';
  return `${part.digestOfBody}(body)`;
};

/** A scheme in a few words: `HMAC-SHA256(timestamp.body), hex, 300 s`. */
export function signatureWords(verify: HttpVerify | 'not-http'): string {
  if (verify === 'not-http') return 'IAM';
  if ('unsigned' in verify) return 'none: what counts is fetched';
  if ('shared' in verify) return verify.shared === 'basic' ? 'Basic authentication' : `shared secret in ${'header' in verify.shared ? verify.shared.header : verify.shared.json}`;
  if ('anyOf' in verify) return verify.anyOf.map((one) => signatureWords(one)).join(' or ');
  if ('detached' in verify) return `detached JWS ${verify.detached}`;
  if ('jws' in verify) return `JWS ${verify.jws}, ${verify.toleranceSeconds} s`;
  const { algorithm, message, encoding, freshness, each } = verify;
  return [
    `${isPublic(algorithm) ? '' : 'HMAC-'}${algorithm.toUpperCase()}(${message.map(partName).join(' ').replaceAll(' . ', '.').replaceAll(' : ', ':')})`, encoding,
    ...(each ? ['each item'] : []), ...(freshness ? [`${freshness.toleranceSeconds} s`] : []),
  ].join(', ');
}

function deliveryWords({ verify, routes, api, unwrap }: SourceDefinition): string {
  const routed = Object.values(routes).flatMap((table) => Object.values(table));
  const pushed = routed.some((route) => route !== 'source.notified' && route !== 'ping' && route !== 'ignore');
  const ways = [
    ...(verify === 'not-http' ? ['file or queue'] : pushed ? ['webhook'] : []),
    ...(routed.includes('source.notified') ? ['thin notice, fetched'] : []),
    ...(api?.poll ? ['polled'] : []),
    ...(unwrap?.some((step) => 'each' in step) ? ['batches'] : []),
  ];
  return ways.join(', ');
}

const words: Readonly<Partial<Record<EventType, string>>> = {
  'order.created': 'orders', 'order.updated': 'updates', 'return.requested': 'returns', 'payment.changed': 'payments', 'catalog.updated': 'catalogue',
  'inventory.counted': 'stock', 'feedback.received': 'feedback', 'adjustment.recorded': 'adjustments',
};

/** What a source's fixtures become, in the order of the canonical schema. */
function eventWords(fixtures: readonly Fixture[]): string {
  const types = new Set(fixtures.flatMap(({ expected }) => (expected.becomes as { readonly events?: readonly { readonly type: string }[] }).events ?? []).map(({ type }) => type));
  return Object.entries(words).filter(([type]) => types.has(type)).map(([, word]) => word).join(', ');
}

/** The table of sources, as their definitions and fixtures have it. */
export const rowsOf = (sources: readonly SourceDefinition[], fixtures: readonly Fixture[]): readonly Row[] =>
  [...sources].sort((a, b) => a.name.localeCompare(b.name)).map((source) => {
    const own = fixtures.filter((fixture) => fixture.source === source.name);
    return {
      source: source.name,
      title: source.title,
      kind: source.kind,
      roles: Object.keys(source.routes).join(', '),
      delivery: deliveryWords(source),
      events: eventWords(own),
      signature: signatureWords(source.verify),
      verified: source.verified === true ? 'yes' : `but for: ${source.verified.unsure.join('; ')}`,
      fixtures: String(own.length),
    };
  });

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The same as a table of a README. */
export const markdownOf = (rows: readonly Row[]): string => [
  '| source | kind | role | delivery | events | signature | checked against the vendor’s own words | fixtures |',
  '|---|---|---|---|---|---|---|---|',
  ...rows.map((row) => `| \`${row.source}\` ${row.title} | ${[row.kind, row.roles, row.delivery, row.events, row.signature, row.verified, row.fixtures].map(cell).join(' | ')} |`),
].join('\n');

const begins = '<!-- npm run sources -- --write -->';
const ends = '<!-- end of sources -->';

/** A README with the table between its two marks. @throws Error where a mark is missing */
export function withTable(readme: string, rows: readonly Row[]): string {
  const [from, to] = [readme.indexOf(begins), readme.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`services/ingest/README.md lacks the lines ${begins} and ${ends}`);
  return `${readme.slice(0, from + begins.length)}\n${markdownOf(rows)}\n${readme.slice(to)}`;
}

/** The same for a terminal: what is unsure only as a number. */
export function linesOf(rows: readonly Row[], sources: readonly SourceDefinition[]): readonly string[] {
  const short = rows.map((row) => {
    const verified = sources.find(({ name }) => name === row.source)?.verified;
    return { ...row, verified: verified === true || verified === undefined ? 'yes' : `${verified.unsure.length} unsure` };
  });
  const names = ['source', 'kind', 'roles', 'delivery', 'events', 'signature', 'verified', 'fixtures'] as const;
  const table = [Object.fromEntries(names.map((name) => [name, name])) as Record<(typeof names)[number], string>, ...short];
  const width = (name: (typeof names)[number]): number => Math.max(...table.map((row) => row[name].length));
  return table.map((row) => names.map((name) => row[name].padEnd(width(name))).join('  ').trimEnd());
}
