import { findAccount, type Account } from '@orderflow/shared/accounts';
import { findSource } from '../sources/registry.ts';
import { mostBytesOf, type SourceDefinition } from '../sources/definition.ts';
import { verify, type HttpVerify, type Verdict } from '../verify/index.ts';
import { acceptance } from './acceptance.ts';
import { asksForSecret, challengeAnswer } from './challenge.ts';
import type { Delivery } from './delivery.ts';
import { interpret } from './interpret.ts';
import type { IntakeDeps } from './ports.ts';
import { deliveryKey } from './recent.ts';
import type { Answer } from './refusals.ts';
import { refuse } from './refuse.ts';

export type { Answer } from './refusals.ts';

/** Checks the signature; a wrong one once more if the account's secrets, or the vendor's keys, were replaced since they were read. */
async function checked(source: SourceDefinition, scheme: HttpVerify, delivery: Delivery, account: Account, { secrets, published, clock }: IntakeDeps): Promise<Verdict> {
  if ('unsigned' in scheme) return 'genuine';
  const known = await secrets.of(account);
  const keys = source.keys ? await published.of(source, account, delivery) : [];
  const verdict = await verify(scheme, known, delivery, clock(), keys);
  if (verdict !== 'wrong') return verdict;
  const current = await secrets.anew(account) ?? known;
  const newer = source.keys ? await published.anew(source, account, delivery) : keys;
  const same = current === known && newer.join() === keys.join();
  return same ? verdict : verify(scheme, current, delivery, clock(), newer);
}

/** The answer to a sender who wants to know whether the address is ours. @throws when the secret for it cannot be read */
async function challenged(source: SourceDefinition, delivery: Delivery, account: Account, { secrets }: IntakeDeps): Promise<Answer | undefined> {
  const secret = asksForSecret(source, delivery) ? (await secrets.of(account))[0] : undefined;
  return challengeAnswer(source, delivery, secret);
}

/** A delivery without a body, with what its address says as its body: so it is kept, and read again. */
const fromAddress = (delivery: Delivery): Delivery =>
  delivery.body.byteLength > 0 ? delivery : { ...delivery, body: Buffer.from(JSON.stringify(Object.fromEntries(new URL(delivery.url).searchParams))) };

/**
 * Takes one webhook: verify → read → make durable → answer. 2xx only when every event is on its stream (or in the
 * overflow) and everything unreadable is in quarantine; the raw archive is written beside it and does not gate.
 */
export async function take(sent: Delivery, deps: IntakeDeps): Promise<Answer> {
  const { meter, log, archive, sink, quarantine, recent } = deps;
  const source = (deps.sourceNamed ?? findSource)(sent.source);
  if (!source || source.verify === 'not-http') return refuse('unknown-source', deps);
  const delivery = source.inAddress ? fromAddress(sent) : sent;
  const account = findAccount(deps.accounts, delivery.source, delivery.account);
  if (!account) return refuse('unknown-account', deps, source);
  meter.count('bytes', delivery.body.byteLength);
  if (delivery.body.byteLength > mostBytesOf(source)) return refuse('too-large', deps, source);

  let verdict: Verdict;
  try {
    const echo = await challenged(source, delivery, account, deps);
    if (echo) return echo;
    verdict = await checked(source, source.verify, delivery, account, deps);
  } catch {
    return refuse('secret-unavailable', deps, source);
  }
  if (verdict !== 'genuine') return refuse(`signature-${verdict}`, deps, source);

  const key = recent && deliveryKey(source, delivery);
  const known = key === undefined ? undefined : recent?.answerTo(key);
  if (known) {
    // its bytes are in the archive since the first time
    meter.count('duplicates');
    return known;
  }

  const reading = interpret(delivery, { source, account, accounts: deps.accounts });
  const first = reading.rejected[0]?.code;
  if (first === 'depth' || first === 'too-many-events') return refuse(first, deps, source);
  const rawref = archive.add(delivery);
  const answer = acceptance(source, reading);
  if (reading.skipped) {
    meter.count('ignored');
    // a topic that stands in the body is part of what was sent
    log.info('INTAKE_IGNORED', { source: source.name, reason: reading.skipped, topic: 'header' in source.topic ? reading.topic?.slice(0, 64) : undefined });
    return answer;
  }
  try {
    await Promise.all([
      sink.put(reading.events.map((event) => ({ ...event, rawref })), account),
      reading.rejected.length > 0
        ? quarantine.put(delivery, reading.delivery, reading.topic, reading.rejected)
        : undefined,
    ]);
  } catch {
    return refuse('not-durable', deps, source);
  }
  if (key !== undefined) recent?.remember(key, answer);
  meter.count('accepted', 1, { source: source.name });
  meter.count('events', reading.events.length);
  meter.milliseconds('latency', deps.clock() - delivery.receivedAt);
  if (reading.rejected.length > 0) {
    meter.count('quarantined', reading.rejected.length, { source: source.name });
    log.warn('QUARANTINED', { source: source.name, count: reading.rejected.length, reason: first });
  }
  return answer;
}
