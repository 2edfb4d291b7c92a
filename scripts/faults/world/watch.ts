import { mails } from './look.ts';
import { functionOf, runSchedule } from './quiet.ts';
import type { Scene } from './scene.ts';
import type { World } from './world.ts';

const twoDays = 2 * 86_400_000;
const looked = new WeakMap<World, number>();

/** Digests that operations got by mail. CloudWatch's alarms go to the same address, minutes after what an earlier fault did. */
export const alerts = async ({ world }: Scene): Promise<string[]> =>
  (await mails(world)).filter(({ via, to, subject }) => via === 'sns' && to.some((one) => one.startsWith('operations@')) && !/^(ALARM|OK|INSUFFICIENT_DATA): "/.test(subject)).map(({ subject, text }) => `${subject}\n${text}`);

/**
 * failure-watch looks, some times at once, each time two days later by its own clock, so that a lasting failure that
 * an earlier fault has had told is told again. @returns the digests that it sent
 */
export async function watchLater(scene: Scene, times = 1, ahead?: number): Promise<string[]> {
  const { world } = scene;
  const before = (await alerts(scene)).length;
  const count = (looked.get(world) ?? 0) + 1;
  looked.set(world, count);
  await world.rules.add({ id: 'watch-later', function: functionOf('failure-watch', 'find-failures'), fault: { kind: 'skew', ms: ahead ?? count * twoDays } });
  await Promise.all(Array.from({ length: times }, () => runSchedule(world, 'failure-watch', 'find-failures')));
  await scene.quiet();
  return (await alerts(scene)).slice(before);
}
