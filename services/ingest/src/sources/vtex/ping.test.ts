import { take } from '../../intake/take.ts';
import { memoryIntake, signed } from '../../testing/memory.ts';

it('answers the ping of a hook that is being configured, whatever it is sent with, and keeps nothing of it', async () => {
  const deps = memoryIntake();
  const ping = { ...signed('vtex', '{"hookConfig":"ping"}'), headers: {} };
  expect(await take(ping, deps)).toMatchObject({ status: 200, body: '' });
  expect([deps.events, deps.quarantined]).toEqual([[], []]);
});
