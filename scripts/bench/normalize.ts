import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { accountsOf, findAccount, type Account } from '@orderflow/shared/accounts';
import { localPublished, localSecret } from '../../services/ingest/src/accounts/local-secrets.ts';
import type { Delivery } from '../../services/ingest/src/intake/delivery.ts';
import { interpret } from '../../services/ingest/src/intake/interpret.ts';
import { fixturesIn, type Fixture } from '../../services/ingest/src/sources/fixtures.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { isPublic, proven, verify, type HttpVerify } from '../../services/ingest/src/verify/index.ts';
import { ordersFrom } from './producer/orders.ts';

type Say = (line: string) => void;

/** One of these is looked at after the other, so that a busy moment of the machine strikes all alike; the best counts. */
const ROUNDS = 12;
const AT_ONCE = 300;

interface Signed {
  readonly scheme: HttpVerify;
  readonly account: Account;
  readonly delivery: Delivery;
  /** The JSON in it: of a form, what its field holds; of a signed body, what was signed. */
  readonly json: Uint8Array;
}

const accounts = accountsOf('local');

/** 22 November 2026, 12:00 UTC: when every delivery is sent and received; some fixtures are only valid around it. */
const receivedAt = Date.UTC(2026, 10, 22, 12);

/** A delivery as its source sends and signs it; none for what is not pushed. */
function signed(name: string, accountName: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Signed | undefined {
  const source = findSource(name);
  const account = findAccount(accounts, name, accountName);
  if (!source || !account || source.verify === 'not-http') return undefined;
  const bare = { source: name, account: accountName, method: 'POST', url: 'http://127.0.0.1', headers, body, receivedAt };
  const delivery = proven(source.verify, localSecret(name, accountName), bare, receivedAt);
  const [start] = source.unwrap ?? [];
  const json = start && 'jws' in start ? body : start && 'form' in start ? Buffer.from(new URLSearchParams(Buffer.from(delivery.body).toString('utf8')).get(start.form) ?? '', 'utf8') : delivery.body;
  return { scheme: source.verify, account, delivery, json };
}

/** The events of a delivery: verified, parsed, mapped, validated. @throws Error when it is not genuine */
async function normalized({ scheme, account, delivery }: Signed): Promise<number> {
  const source = findSource(delivery.source);
  if (!source || await verify(scheme, [localSecret(delivery.source, delivery.account)], delivery, receivedAt, localPublished(delivery.source)) !== 'genuine') {
    throw new Error(`a delivery of ${delivery.source} is not taken for genuine`);
  }
  return interpret(delivery, { source, account, accounts }).events.length;
}

/** What cannot be saved: the engine's own parser, and one HMAC of the same bytes. */
function floor({ scheme, delivery, json }: Signed): number {
  JSON.parse(Buffer.from(json).toString('utf8'));
  return createHmac('algorithm' in scheme && !isPublic(scheme.algorithm) ? scheme.algorithm : 'sha256', 'secret').update(delivery.body).digest().length;
}

/** CPU microseconds of one pass over all. */
async function cpuUs(all: readonly Signed[], act: (one: Signed) => number | Promise<number>): Promise<number> {
  const began = process.cpuUsage();
  for (let n = 0; n < AT_ONCE; n++) await act(all[n % all.length] as Signed);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / AT_ONCE;
}

const whole = ({ expected, source }: Fixture, events: number): boolean => events > 0 && expected.via === undefined && source !== 'file-drop';

/**
 * What it costs to make canonical events of deliveries, no network and no stream: every source's own fixtures that are
 * events, and Shopify orders of two sizes, beside a bare JSON.parse and HMAC of the same bytes in the same run. CPU time.
 */
export async function normalize(root: string, say: Say): Promise<Record<string, number>> {
  const sets = new Map<string, Signed[]>();
  for (const fixture of fixturesIn(join(root, 'services/ingest/src/sources'))) {
    const { account = 'default', headers = {} } = fixture.expected;
    const one = signed(fixture.source, account, headers, fixture.payload);
    if (one && whole(fixture, await normalized(one))) sets.set(fixture.source, [...(sets.get(fixture.source) ?? []), one]);
  }
  for (const bytes of [2_000, 5_000]) {
    const next = ordersFrom(5_000_000_000_000, bytes);
    const orders = Array.from({ length: AT_ONCE }, next).map(({ headers, body }) => signed('shopify', 'default', headers, body));
    sets.set(`shopify order of ${bytes / 1_000} KB`, orders.filter((one) => one !== undefined));
  }
  const figures: Record<string, number> = {};
  for (const [name, all] of sets) {
    let [ours, least] = [Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      least = Math.min(least, await cpuUs(all, floor));
      ours = Math.min(ours, await cpuUs(all, normalized));
    }
    const events = (await Promise.all(all.map(normalized))).reduce((sum, one) => sum + one, 0) / all.length;
    figures[`${name} eventsPerCpuSecond`] = Math.round((events * 1e6) / ours);
    figures[`${name} cpuUs`] = Number(ours.toFixed(1));
    figures[`${name} of bare parse and HMAC`] = Number((ours / least).toFixed(2));
    say(`${name}: ${ours.toFixed(0)} µs a delivery, ${(ours / least).toFixed(1)} times a bare JSON.parse and HMAC`);
  }
  return figures;
}
