import type { RebuildOptions } from './options.ts';
import type { RebuildDeps } from './ports.ts';

/** The raw archive, interpreted anew after a mapping fix. @returns the exit status */
export function fromArchive(_options: RebuildOptions, _from: string, { note }: RebuildDeps): Promise<number> {
  note('rebuild: --from is not there yet');
  return Promise.resolve(2);
}
