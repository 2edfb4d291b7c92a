import { checkInvariants } from './invariants/check.ts';
import { Red, type Fault } from './fault.ts';
import type { Result } from './result.ts';
import { quiet } from './world/quiet.ts';
import { Scene } from './world/scene.ts';
import type { World } from './world/world.ts';

const mostLines = 4;

/** Plays one fault, waits for rest, and checks every invariant. A stage that is not whole afterwards is of no more use. */
export async function playFault(fault: Fault, world: World): Promise<Result> {
  const started = performance.now();
  const wrong: string[] = [];
  let broken = false;
  const scene = new Scene(world, fault.number);
  try {
    await fault.run(scene);
  } catch (error) {
    world.signal.throwIfAborted();
    broken = true;
    wrong.push(error instanceof Red ? error.message : error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error));
  }
  try {
    await world.rules.clear();
    await quiet(world, broken ? 20_000 : undefined);
    wrong.push(...(await checkInvariants(world)));
  } catch (error) {
    world.signal.throwIfAborted();
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  const more = wrong.length > mostLines ? ` … and ${wrong.length - mostLines} more` : '';
  return {
    number: fault.number, title: fault.title, guards: fault.guards, result: wrong.length === 0 ? 'green' : 'red',
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)), detail: [...wrong.slice(0, mostLines), ...scene.notes].join('; ') + more,
  };
}
