import { findAccount } from '@orderflow/shared/accounts';
import { findSource } from '../sources/registry.ts';
import { mostBytesOf, type SourceDefinition } from '../sources/definition.ts';
import { verify } from '../sources/verify.ts';
import { challengeAnswer } from './challenge.ts';
import type { Delivery } from './delivery.ts';
import { interpret, type Interpretation } from './interpret.ts';
import type { IntakeDeps } from './ports.ts';

/** The answer to a sender. Bodies hold ids, counts and codes, never what was sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = { 'content-type': 'application/json' };

const refuse = (deps: IntakeDeps, status: number, code: string, message: string): Answer => {
  deps.meter.count('rejected');
  deps.log.warn('INTAKE_REJECTED', { status, reason: code });
  const wait = status === 503 || status === 429 ? { 'retry-after': '5' } : {};
  return { status, headers: { ...json, ...wait }, body: JSON.stringify({ error: code, message }) };
};

const acceptance = (source: SourceDefinition, { events, rejected, skipped, topic }: Interpretation): Answer => {
  if (source.answer) {
    const { status, body, type } = source.answer;
    return { status, headers: type === undefined ? {} : { 'content-type': type }, body };
  }
  const body = skipped
    ? { ignored: topic ?? '' }
    : {
        events: events.map((event) => event.id),
        ...(rejected.length > 0
          ? { quarantined: rejected.map(({ id, code, path, message }) => ({ id, code, path, message })) }
          : {}),
      };
  return { status: 200, headers: json, body: JSON.stringify(body) };
};

/**
 * Takes one webhook: verify → read → make durable → answer. 2xx only when every event is on its stream (or in the
 * overflow) and everything unreadable is in quarantine; the raw archive is written beside it and does not gate.
 */
export async function take(delivery: Delivery, deps: IntakeDeps): Promise<Answer> {
  const source = (deps.sourceNamed ?? findSource)(delivery.source);
  const account = findAccount(deps.accounts, delivery.source, delivery.account);
  if (!source || source.verify === 'not-http') return refuse(deps, 404, 'unknown-source', 'no such source');
  if (!account) return refuse(deps, 404, 'unknown-account', 'this account is not configured');
  if (delivery.body.byteLength > mostBytesOf(source)) {
    return refuse(deps, 413, 'too-large', 'the body is larger than this source may send');
  }
  const echo = challengeAnswer(source, delivery);
  if (echo) return echo;

  let secrets: readonly string[];
  try {
    secrets = await deps.secrets.of(account);
  } catch {
    return refuse(deps, 503, 'secret-unavailable', 'the signature cannot be checked now');
  }
  let verdict = verify(source.verify, secrets, delivery, deps.clock());
  if (verdict === 'wrong') {
    // perhaps signed with a key that came since the secrets were read
    const current = await deps.secrets.anew(account);
    if (current && current !== secrets) verdict = verify(source.verify, current, delivery, deps.clock());
  }
  if (verdict !== 'genuine') return refuse(deps, 401, `signature-${verdict}`, 'the signature is not valid');

  const reading = interpret(delivery, { source, account, accounts: deps.accounts });
  if (reading.rejected[0]?.code === 'depth') return refuse(deps, 400, 'depth', 'the body nests too deep');
  const rawref = deps.archive.add(delivery);
  if (reading.skipped) {
    deps.meter.count('ignored');
    deps.log.info('INTAKE_IGNORED', { source: source.name, topic: reading.topic, reason: reading.skipped });
    return acceptance(source, reading);
  }
  try {
    await Promise.all([
      deps.sink.put(reading.events.map((event) => ({ ...event, rawref })), account),
      reading.rejected.length > 0
        ? deps.quarantine.put(delivery, reading.delivery, reading.topic, reading.rejected)
        : undefined,
    ]);
  } catch {
    return refuse(deps, 503, 'not-durable', 'nothing durable can be reached; send it again');
  }
  deps.meter.count('accepted');
  deps.meter.count('events', reading.events.length);
  if (reading.rejected.length > 0) {
    deps.meter.count('quarantined', reading.rejected.length);
    deps.log.warn('QUARANTINED', { source: source.name, count: reading.rejected.length, reason: reading.rejected[0]?.code });
  }
  return acceptance(source, reading);
}
