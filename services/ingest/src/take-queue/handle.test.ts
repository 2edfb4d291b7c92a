import type { SQSRecord } from 'aws-lambda';
import { parseAccounts } from '@orderflow/shared/accounts';
import { s3Quarantine } from '@orderflow/shared/stream';
import { NothingDurable } from '../intake/ports.ts';
import { handle as replay } from '../replay/handle.ts';
import { memoryIntake, memoryObjects, memoryStream, noon } from '../testing/memory.ts';
import { handle, type QueueDeps } from './handle.ts';

const accounts = parseAccounts([
  { source: 'amazon-sp-api', account: 'eu', role: 'sells', store: 'A1SELLER' },
  { source: 'amazon-sp-api', account: 'us', role: 'sells', store: 'A2SELLER' },
  { source: 'commercetools', account: 'default', role: 'sells' },
]);
const changed = (SellerId: string, id = 'n-1') => JSON.stringify({
  NotificationType: 'ORDER_CHANGE', EventTime: '2026-11-22T11:59:00Z',
  Payload: { OrderChangeNotification: { SellerId, AmazonOrderId: '902-1845936-5435065', OrderChangeTrigger: { TimeOfOrderChange: '2026-11-22T11:59:00Z' } } },
  NotificationMetadata: { NotificationId: id },
});
const message = (body: string, source = 'amazon-sp-api'): SQSRecord =>
  ({ messageId: 'm', body, eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:orderflow-local-intake-${source}` } as SQSRecord);

function setUp(changes: Partial<QueueDeps> = {}) {
  const intake = { ...memoryIntake(), accounts };
  const objects = memoryObjects();
  const deps: QueueDeps = { ...intake, unread: s3Quarantine(objects, 'quarantine', () => noon), ...changes };
  const entries = () => [...objects.held].filter(([key]) => key.includes('/index/')).map(([key, body]) => ({ key: key.slice('quarantine/'.length), entry: JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown> }));
  return { intake, objects, entries, run: (...records: SQSRecord[]) => handle({ Records: records }, deps) };
}

it('is taken for the account whose store it names; a repeat makes the same event', async () => {
  const { run, intake } = setUp();
  expect(await run(message(changed('A2SELLER')), message(changed('A1SELLER')), message(changed('A2SELLER')))).toEqual({ batchItemFailures: [] });
  expect(intake.events.map(({ type, source }) => [type, source])).toEqual(['us', 'eu', 'us'].map((account) => ['source.notified', `/sources/amazon-sp-api/${account}`]));
  expect(intake.events[0]?.id).toBe(intake.events[2]?.id);
  expect(intake.archived).toHaveLength(3);
});

it.each([
  ['of nobody', changed('A3SELLER'), 'amazon-sp-api', 'unknown-account'],
  ['that is no JSON', '<xml/>', 'amazon-sp-api', 'json'],
  ['in a queue that no source reads', '{}', 'shopify', 'unknown-source'],
  ['that is too large', JSON.stringify({ a: 'x'.repeat(1_000_001) }), 'commercetools', 'too-large'],
])('%s goes to quarantine with its reason, and holds no other up', async (_, body, source, code) => {
  const { run, intake, entries } = setUp();
  expect(await run(message(body, source), message(changed('A1SELLER')))).toEqual({ batchItemFailures: [] });
  expect(entries().map(({ entry }) => entry)).toMatchObject([{ code, origin: `message m of ${source}` }]);
  expect(intake.events).toHaveLength(1);
});

it('that nobody uses is kept raw and makes nothing, whoever it is for', async () => {
  const { run, intake, entries } = setUp();
  await run(message(JSON.stringify({ NotificationType: 'REPORT_PROCESSING_FINISHED', Payload: {} })));
  expect([intake.events, entries(), intake.archived.length]).toEqual([[], [], 1]);
});

it('of nobody is taken by a replay once its account is configured', async () => {
  const { run, entries, objects, intake } = setUp();
  await run(message(changed('A3SELLER')));
  const store = {
    async *entries() { for (const one of entries()) yield one; },
    raw: (key: string) => objects.get('quarantine', key), remove: async (key: string) => void objects.held.delete(`quarantine/${key}`),
  };
  const again = (more: typeof accounts) => replay({}, { accounts: more, sink: intake.sink, clock: intake.clock, log: intake.log, store, streams: { events: memoryStream(), facts: memoryStream() }, objects, pointerBucket: 'archive' });
  expect(await again(accounts)).toMatchObject({ entries: [{ outcome: 'unreadable' }] });
  expect(await again([...accounts, ...parseAccounts([{ source: 'amazon-sp-api', account: 'jp', role: 'sells', store: 'A3SELLER' }])])).toMatchObject({ entries: [{ outcome: 'taken' }] });
  expect(intake.events.map(({ source }) => source)).toEqual(['/sources/amazon-sp-api/jp']);
  expect(entries()).toEqual([]);
});

it('comes again when nothing durable can be reached; the others are taken', async () => {
  const intake = memoryIntake();
  const sink: QueueDeps['sink'] = { put: (events, account) => (account.account === 'eu' ? Promise.reject(new NothingDurable('x')) : intake.sink.put(events, account)) };
  const { run } = setUp({ sink });
  const failing = { ...message(changed('A1SELLER')), messageId: 'bad' };
  expect(await run(failing, message(changed('A2SELLER')))).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
  expect(intake.events).toHaveLength(1);
});
