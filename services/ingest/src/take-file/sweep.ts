import type { TakeFileDeps } from './take-file.ts';

/** Every file that is not finished: how long it has not got on, and what a dead reader left is given to another. */
export async function sweep({ cursors, again, clock, meter }: Pick<TakeFileDeps, 'cursors' | 'again' | 'clock' | 'meter'>): Promise<'swept'> {
  for (const { file, abandoned, movedAt } of await cursors.unfinished()) {
    meter.count('fileAgeSeconds', Math.max(0, Math.round((clock() - movedAt) / 1_000)));
    if (abandoned) await again(file);
  }
  return 'swept';
}
