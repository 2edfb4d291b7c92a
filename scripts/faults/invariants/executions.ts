import { executions } from '../world/look.ts';
import type { World } from '../world/world.ts';

/** I8: once all is quiet no execution is open but those that wait for a person. */
export async function noOpenExecutions(world: World): Promise<string[]> {
  const open = await Promise.all((['process-order', 'process-update'] as const).map(async (machine) =>
    (await executions(world, machine, 'RUNNING')).map(({ name }) => `I8: ${machine} ${name} is still open`)));
  return open.flat();
}
