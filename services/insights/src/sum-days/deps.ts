import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod/mini';
import { placesWith } from '../geography/place-of.ts';
import { regionsFrom } from '../geography/regions.ts';
import { refreshDeps } from '../results/deps.ts';
import type { env } from './env.ts';
import type { SumDays } from './handle.ts';

const file = join('regions', 'regions.json.gz');

export function deps(variables: z.output<typeof env>): SumDays {
  // `invoke local` runs in a build folder below the service
  const here = process.cwd();
  const found = [variables.LAMBDA_TASK_ROOT ?? here, here, join(here, '..', '..')].map((root) => join(root, file)).find(existsSync);
  if (found === undefined) throw new Error(`the bundle has no ${file}`);
  return { ...refreshDeps(variables), placeOf: placesWith(regionsFrom(readFileSync(found))) };
}
