import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishEvents } from './events.ts';
import { MailStore } from './store.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'orderflow-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an event that SNS did not take is published after a restart, in order; one for a topic that is gone is dropped', async () => {
  const before = new MailStore(join(folder, 'mail.db'));
  before.addEvents([{ topicArn: 'bounces', message: 'one' }, { topicArn: 'gone', message: 'two' }, { topicArn: 'bounces', message: 'three' }]);
  let stop = (): Promise<void> => Promise.resolve();
  const tried = await new Promise<string>((resolve) => {
    stop = publishEvents(before, (_topic, message) => {
      resolve(message);
      return Promise.reject(new Error('SNS is away'));
    });
  });
  await stop();
  expect(tried).toBe('one');
  before.close();

  const after = new MailStore(join(folder, 'mail.db'));
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    publishEvents(after, (topic, message) => {
      if (topic === 'gone') return Promise.reject(new Error('NotFoundException'));
      seen.push(message);
      if (message === 'three') setImmediate(resolve);
      return Promise.resolve();
    });
  });
  expect(seen).toEqual(['one', 'three']);
  expect(after.waitingEvents()).toEqual([]);
  after.close();
});
