import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMessaging } from '../messaging.ts';

test('a message that becomes visible between two looks of one poll ends it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-polls-'));
  let now = 0;
  let step = 0;
  // each look at the clock is a millisecond later than the one before
  const messaging = openMessaging(folder, () => (now += step));
  try {
    const queue = messaging.queues.create('one', {}, {});
    for (let looks = 1; looks <= 6; looks += 1) {
      step = 0;
      messaging.messages.send(queue, { body: String(looks), attributes: {}, delaySeconds: 1 });
      now += 1000 - looks;
      step = 1;
      const received = await messaging.polls.receive(queue, 1, 20, 3600, AbortSignal.timeout(2000));
      expect(received.map(({ body }) => body)).toEqual([String(looks)]);
      now += 1000;
    }
  } finally {
    messaging.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
