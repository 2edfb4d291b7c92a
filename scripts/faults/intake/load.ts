import type { Scene, Told } from '../world/scene.ts';

/** One answer of the producer; times as `performance.now()` says them. */
export interface Answered {
  readonly from: number;
  readonly to: number;
  readonly status: number;
}

/** Orders sent at a steady rate by senders that send again what was not taken. */
export interface Load {
  /** Sends no more, waits until all that was sent is taken, and says what was answered to it. */
  stop(): Promise<readonly Answered[]>;
}

export function steadyLoad(scene: Scene, everyMs: number): Load {
  const answers: Answered[] = [];
  const under = new Set<Promise<void>>();
  const send = async (told: Told): Promise<void> => {
    await scene.insist(told, (status, from) => answers.push({ from, to: performance.now(), status }));
  };
  let failure: unknown;
  const timer = setInterval(() => {
    const one: Promise<void> = send(scene.created(scene.sale())).catch((error: unknown) => (failure ??= error)).then(() => void under.delete(one));
    under.add(one);
  }, everyMs);
  scene.world.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
      if (failure !== undefined) throw failure as Error;
      return answers;
    },
  };
}

/** What was answered to requests that began and ended within a span. */
export function answersOf(answers: readonly Answered[], from: number, to: number) {
  const own = answers.filter((one) => one.from >= from && one.to <= to);
  const statuses: Record<number, number> = {};
  for (const { status } of own) statuses[status] = (statuses[status] ?? 0) + 1;
  const took = own.map((one) => one.to - one.from).sort((one, other) => one - other);
  const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  return { count: own.length, statuses, p50: at(0.5), p99: at(0.99), most: at(1) };
}
