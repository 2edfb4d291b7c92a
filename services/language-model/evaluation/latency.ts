import type { Instance, LanguageModel } from '@orderflow/shared/model';
import { quantile } from './measures.ts';

/** Milliseconds of one call with 1 and with 32 texts, and of a text of the 32, after a warm-up; wall clock of this machine. */
export async function measureLatency(model: LanguageModel, instances: readonly Instance[]) {
  const times = async (size: number, calls: number): Promise<number[]> => {
    const taken: number[] = [];
    for (let call = -5; call < calls; call += 1) {
      const texts = Array.from({ length: size }, (_, at) => instances[((call + 5) * size + at) % instances.length] as Instance);
      const started = performance.now();
      await model.predict(texts);
      if (call >= 0) taken.push(performance.now() - started);
    }
    return taken;
  };
  const one = await times(1, 300);
  const many = await times(32, 40);
  return {
    oneTextP50Ms: quantile(one, 0.5), oneTextP95Ms: quantile(one, 0.95),
    batchOf32P50Ms: quantile(many, 0.5), batchOf32P95Ms: quantile(many, 0.95), perTextOf32P50Ms: quantile(many, 0.5) / 32,
  };
}
