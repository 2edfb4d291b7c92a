import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { functionOf } from '../world/quiet.ts';
import type { World } from '../world/world.ts';
import type { Guard } from './guard.ts';
import { packageWithout, sourceWithout } from './without.ts';

/** Puts builds without the guard in the place of the functions that hold it, or another producer in the place of the one that runs. */
export async function takeAway(guard: Guard, world: World): Promise<void> {
  const { root, dataDir } = world.place;
  if (guard.in === 'producer') {
    const folder = join(dataDir, 'without');
    mkdirSync(folder, { recursive: true });
    const source = join(folder, `${guard.id}.ts`);
    writeFileSync(source, sourceWithout(root, guard));
    await world.replaceProducer(['--import', pathToFileURL(join(root, 'scripts/faults/guards/preload.ts')).href], { GUARD_FILE: join(root, guard.file), GUARD_SOURCE: source });
    return;
  }
  for (const one of guard.in) {
    const [service = '', name = ''] = one.split('/');
    const ZipFile = await packageWithout(root, guard, service, name);
    await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionOf(service, name), ZipFile }));
  }
}
