import type { Clock } from '@orderflow/shared/lambda';

export interface Readiness {
  /** What became of a real write: the best evidence there is. */
  readonly saw: (durable: boolean) => void;
  /** Whether an event can be made durable now. */
  readonly ready: () => Promise<boolean>;
}

export type Probe = (signal: AbortSignal) => Promise<unknown>;

/** How long what was seen is believed, milliseconds: a failure is looked at again sooner. */
const believedMs = { durable: 10_000, failed: 2_000 };

/**
 * Whether an event can be made durable now. Under load the events themselves say so; when none came lately, the probes
 * are tried, side by side: one that succeeds is enough. However often it is asked, probes run once in two seconds.
 * @param probes each a cheap call to a place that events can go to; rejects when it does not answer, at the latest with its signal
 */
export function readinessOf(probes: readonly Probe[], clock: Clock, probeMs = 3_000): Readiness {
  let last: { readonly durable: boolean; readonly at: number } | undefined;
  let probing: Promise<boolean> | undefined;

  const saw = (durable: boolean): void => {
    last = { durable, at: clock() };
  };
  const probe = async (): Promise<boolean> => {
    const signal = AbortSignal.timeout(probeMs);
    const durable = await Promise.any(probes.map((one) => one(signal))).then(() => true, () => false);
    saw(durable);
    return durable;
  };

  return {
    saw,
    async ready() {
      if (last && clock() - last.at < (last.durable ? believedMs.durable : believedMs.failed)) return last.durable;
      probing ??= probe().finally(() => {
        probing = undefined;
      });
      return probing;
    },
  };
}
