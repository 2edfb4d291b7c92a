import type { ReturnFacts } from '@orderflow/shared/model';
import type { About } from './encoder-file.ts';

/** For each fact its value, cut to 0 … most, over its scale (0 when not known), then whether it is known. */
export const factsVector = (about: About['facts'], facts: ReturnFacts = {}): number[] =>
  about.flatMap(({ name, scale, most }) => {
    const value = facts[name as keyof ReturnFacts];
    return value === undefined ? [0, 0] : [Math.min(Math.max(value, 0), most) / scale, 1];
  });
