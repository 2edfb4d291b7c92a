import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, type Journal } from '../journal.ts';
import { AwsError } from '../service.ts';
import { createDeliveries, type Deliveries, type Delivery } from './deliveries.ts';
import { manualClock, type ManualClock } from '../testing/manual-clock.ts';

const START = 1_000_000;
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';

let folder: string;
let journal: Journal;
let clock: ManualClock;
let sent: number[];
let dead: { body: string; attributes: Readonly<Record<string, string>> }[];
let fail: () => Error | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deliveries-'));
  journal = openJournal(join(folder, 'j.sqlite'));
  clock = manualClock(START);
  sent = [];
  dead = [];
  fail = () => undefined;
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const open = (): Deliveries => createDeliveries({
  journal, clock,
  async send() {
    sent.push(clock.now() - START);
    const error = fail();
    if (error) throw error;
  },
  async deadLetter(_queue, body, attributes) {
    dead.push({ body, attributes });
  },
});
const delivery = (more: Partial<Delivery['target']> = {}): Delivery => ({
  sender: { service: 'events', accessKeyId: 'local', sourceArn: 'rule' }, target: { Arn: 'target', DeadLetterConfig: { Arn: DEAD }, ...more }, body: 'part', original: 'whole', at: START, about: { RULE_ARN: 'rule' },
});
const left = () => journal.all<{ attempts: number }>('SELECT attempts FROM delivery').map(({ attempts }) => attempts);

test('what arrives leaves nothing behind', async () => {
  open().add(delivery());
  expect(left()).toEqual([0]);
  await clock.moveTo(START);
  expect([sent, left(), dead]).toEqual([[0], [], []]);
});

test('retries wait longer each time, then the dead letter tells why', async () => {
  fail = () => new AwsError('InternalFailure', 'down', 500);
  open().add(delivery({ RetryPolicy: { MaximumRetryAttempts: 3 } }));
  await clock.moveTo(START + 3_600_000);
  expect(sent).toHaveLength(4);
  const pauses = sent.slice(1).map((at, turn) => at - sent[turn]!);
  expect(pauses.map((pause, turn) => pause >= 500 * 2 ** turn && pause <= 1000 * 2 ** turn)).toEqual([true, true, true]);
  expect(dead).toEqual([{ body: 'whole', attributes: { RULE_ARN: 'rule', TARGET_ARN: 'target', ERROR_CODE: 'ERROR_FROM_TARGET', ERROR_MESSAGE: 'down', RETRY_ATTEMPTS: '3', EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts' } }]);
  expect(left()).toEqual([]);
});

test('an event that grows too old is given up', async () => {
  fail = () => new Error('down');
  open().add(delivery({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } }));
  await clock.moveTo(START + 3_600_000);
  expect(sent.at(-1)).toBeLessThanOrEqual(60_000);
  expect(dead[0]!.attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
});

test.each([['AccessDeniedException', 'NO_PERMISSIONS'], ['ResourceNotFoundException', 'NO_RESOURCE'], ['StateMachineDoesNotExist', 'NO_RESOURCE']])('%s is not retried: %s', async (name, code) => {
  fail = () => new AwsError(name, 'no');
  open().add(delivery());
  await clock.moveTo(START + 1000);
  expect(sent).toHaveLength(1);
  expect(dead[0]!.attributes).toMatchObject({ ERROR_CODE: code, RETRY_ATTEMPTS: '0' });
  expect(dead[0]!.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
});

test('after a kill it goes on where it was', async () => {
  fail = () => new Error('down');
  const first = open();
  first.add(delivery());
  await clock.moveTo(START + 1000);
  first.close();
  await journal.committed();
  fail = () => undefined;
  const before = sent.length;
  open().resume();
  await clock.moveTo(START + 60_000);
  expect([sent.length, left()]).toEqual([before + 1, []]);
});
