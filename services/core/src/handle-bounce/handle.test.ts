import type { SNSEvent } from 'aws-lambda';
import { silentMeter, type LogFields } from '@orderflow/shared/lambda';
import { handle } from './handle.ts';

const address = 'test.person@example.com';
const event = (message: object): SNSEvent => ({ Records: [{ Sns: { Message: JSON.stringify(message) } }] }) as unknown as SNSEvent;
const bounce = (bounceType: string) => ({ eventType: 'Bounce', mail: { messageId: 'm-1' }, bounce: { bounceType, bouncedRecipients: [{ emailAddress: address }] } });

const run = async (message: object, suppressing: () => Promise<void> = async () => {}) => {
  const suppressed: string[] = [];
  const logged: unknown[] = [];
  const log = { info() {}, error() {}, warn: (code: string, fields?: LogFields) => logged.push({ code, ...fields }) };
  await handle(event(message), { log, meter: silentMeter, suppress: async (to, reason) => { await suppressing(); suppressed.push(`${reason} ${to}`); } });
  return { suppressed, logged };
};

it('suppresses after a hard bounce and says so without the address', async () => {
  const { suppressed, logged } = await run(bounce('Permanent'));
  expect(suppressed).toEqual([`BOUNCE ${address}`]);
  expect(logged).toEqual([{ code: 'BOUNCE', messageId: 'm-1', reason: 'BOUNCE', addresses: 1 }]);
  expect(JSON.stringify(logged)).not.toContain('example.com');
});

it('suppresses after a complaint', async () => {
  const { suppressed } = await run({ eventType: 'Complaint', mail: { messageId: 'm-2' }, complaint: { complainedRecipients: [{ emailAddress: address }] } });
  expect(suppressed).toEqual([`COMPLAINT ${address}`]);
});

it('leaves an address alone after a passing bounce', async () => {
  expect((await run(bounce('Transient'))).suppressed).toEqual([]);
});

it('fails, so that SNS delivers again, when the list cannot be written', async () => {
  await expect(run(bounce('Permanent'), () => Promise.reject(new Error('throttled')))).rejects.toThrow('throttled');
});

it('refuses what is no notification of SES', async () => {
  await expect(run({ hello: 'world' })).rejects.toThrow();
});
