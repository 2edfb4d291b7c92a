import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsOf, findAccount } from '@orderflow/shared/accounts';
import { askedFor, type Delivery, type Via } from '../intake/delivery.ts';
import { interpret, type Interpretation } from '../intake/interpret.ts';
import { findSource } from './registry.ts';

/** 23 November 2026, 12:00 UTC: when every fixture is said to have come. */
const receivedAt = Date.UTC(2026, 10, 23, 12);

/** What stands beside a payload: how it came, and what it must become. */
export interface Expectation {
  readonly about: string;
  readonly account?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The payload is what the vendor's API returned; absent: it was pushed. */
  readonly via?: Via;
  /** What was asked for; only with `via`. */
  readonly topic?: string;
  readonly becomes?: unknown;
}

export interface Fixture {
  readonly source: string;
  readonly name: string;
  readonly payload: Buffer;
  readonly expected: Expectation;
}

/** Every fixture of every source: `<case>.json` is the payload as the vendor sends it, `<case>.expected.json` the rest. */
export function fixturesIn(sourcesFolder: string): readonly Fixture[] {
  return readdirSync(sourcesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name: source }) => {
    const folder = join(sourcesFolder, source, 'fixtures');
    return readdirSync(folder).filter((name) => name.endsWith('.expected.json')).map((file) => {
      const name = file.slice(0, -'.expected.json'.length);
      return {
        source, name,
        payload: readFileSync(join(folder, `${name}.json`)),
        expected: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Expectation,
      };
    });
  });
}

/** What the fields that a source's fixtures expect rest on: by the longest beginning of a field's name, such as `order.payment`. */
export const citesOf = (sourcesFolder: string, source: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(sourcesFolder, source, 'fixtures', 'cites.json'), 'utf8')) as Readonly<Record<string, string>>;

/** Composed by us, whatever the source. */
const ours = /(^|\.)(key|source|account|orderKey|provider)$/;

/** Names of the fields that fixtures of a source state: `order.lines.sku`; a whole order within an update is an order. */
export function statedFields(fixtures: readonly Fixture[]): readonly string[] {
  const names = new Set<string>();
  const walk = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, name);
    else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`);
    else if (!ours.test(name)) names.add(name.replace(/^update\.order\./, 'order.'));
  };
  for (const { expected } of fixtures) for (const { data } of ((expected.becomes as { events?: { data: unknown }[] } | undefined)?.events ?? [])) walk(data, '');
  return [...names].sort();
}

/** A fixture as it is delivered. */
export const deliveryOf = ({ source, payload, expected }: Fixture, body: Uint8Array = payload): Delivery => ({
  source, account: expected.account ?? 'default', method: 'POST', url: '', headers: expected.headers ?? {}, body, receivedAt,
  ...askedFor(expected),
});

/** What intake makes of a delivery in a stage of demo accounts. */
export function interpretDelivery(delivery: Delivery): Interpretation {
  const accounts = accountsOf('local');
  const source = findSource(delivery.source);
  const account = findAccount(accounts, delivery.source, delivery.account);
  if (!source || !account) throw new Error(`${delivery.source}:${delivery.account}: source or account is not there`);
  return interpret(delivery, { source, account, accounts });
}

/** What intake makes of a fixture. */
export const interpretFixture = (fixture: Fixture, body: Uint8Array = fixture.payload): Interpretation => interpretDelivery(deliveryOf(fixture, body));

/** The part of an interpretation that a fixture states. */
export const statedOf = ({ skipped, events, rejected }: Interpretation): unknown =>
  skipped
    ? { skipped }
    : {
        events: events.map(({ type, time, partitionkey, sequence, data }) => ({ type, time, partitionkey, sequence, data })),
        ...(rejected.length > 0 ? { rejected: rejected.map(({ position, code, path, message }) => ({ position, code, path, message })) } : {}),
      };
