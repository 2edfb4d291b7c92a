import { limits } from '@orderflow/shared/domain';
import type { PaymentAnswer, PaymentLookUp, PaymentQuestion } from './look-up.ts';
import { providers, type Call } from './providers.ts';

export interface HttpLookUp {
  readonly fetch: typeof fetch;
  /** Base address of a provider that this stage uses instead of the real one. */
  readonly hostOf?: (provider: string) => string | undefined;
  /** The credential for a provider; `undefined` when none is stored. */
  readonly keyOf: (question: PaymentQuestion) => Promise<string | undefined>;
  /** Longest wait for all calls of one question, milliseconds. */
  readonly timeoutMs?: number;
}

/** The providers over HTTPS. Addresses are made from our own hosts and an escaped id, never from what a payload says. */
export function httpLookUp({ fetch, hostOf, keyOf, timeoutMs = limits.payment.lookUpSeconds * 1000 }: HttpLookUp): PaymentLookUp {
  const json = async (host: string, { path, method = 'GET', headers, body }: Call, signal: AbortSignal): Promise<unknown> => {
    const answer = await fetch(`${host}${path}`, { method, headers, signal, redirect: 'error', ...(body === undefined ? {} : { body }) });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return answer.json();
  };

  const ask = async (question: PaymentQuestion): Promise<PaymentAnswer> => {
    const provider = Object.hasOwn(providers, question.provider) ? providers[question.provider] : undefined;
    if (!provider?.knows(question.reference)) return { outcome: 'unknown' };
    const key = await keyOf(question);
    if (key === undefined) return { outcome: 'unavailable' };
    const host = hostOf?.(question.provider) ?? provider.host;
    const signal = AbortSignal.timeout(timeoutMs);
    const credential = provider.token ? provider.token.read(await json(host, provider.token.call(key), signal)) : key;
    const body = await json(host, provider.call(question.reference, credential), signal);
    const status = body === undefined ? undefined : provider.read(body);
    return status ? { outcome: 'found', status } : { outcome: 'unknown' };
  };

  return {
    // time-outs, refused connections, 5xx and answers of another form are all the same to the order: not now
    find: (question) => ask(question).catch(() => ({ outcome: 'unavailable' })),
  };
}
