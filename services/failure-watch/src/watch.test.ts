import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { MemoryNotifier, NoticeNotSent, NoticeOutcomeUnknown } from '@orderflow/shared/notices';
import { MemoryStore, orderSk } from '@orderflow/shared/store';
import { orderCreatedEvent } from '@orderflow/shared/testing';
import { newItemOf } from '@orderflow/shared/workflow';
import { handle as alert } from './alert/handle.ts';
import { handle } from './find-failures/handle.ts';
import type { ListedObject } from './find/objects.ts';
import { MemoryWatchTable } from './watch-table.ts';

function given() {
  let now = Date.parse('2026-11-22T10:00:00Z');
  const objects: Record<string, ListedObject[]> = {};
  const counted: string[] = [];
  const statuses: Record<string, string> = {};
  const clock = () => now;
  return {
    log: silentLog, meter: { ...silentMeter, count: (name: string) => void counted.push(name) }, clock, newId: () => 'id', stage: 'local',
    store: new MemoryStore(clock), table: new MemoryWatchTable(), staff: new MemoryNotifier(),
    statusOf: (arn: string) => Promise.resolve(statuses[arn] ?? 'FAILED'),
    list: (bucket: string, prefix: string) => Promise.resolve((objects[bucket] ?? []).filter((one) => one.key.startsWith(prefix))),
    buckets: { failures: 'failures', quarantine: 'quarantine' }, listeners: () => Promise.resolve(1),
    objects, counted, statuses, pass: (minutes: number) => { now += minutes * 60_000; },
  };
}
type Given = ReturnType<typeof given>;

const receive = async ({ store, clock }: Given, id: string) => {
  const event = orderCreatedEvent({ id });
  await store.receive(newItemOf(event, { service: 'orders', sk: orderSk, now: clock() }));
  return { pk: event.partitionkey, sk: orderSk };
};
const codes = ({ staff }: Given) => staff.told.map(({ message }) => (message.schema === 'orderflow.alert.v1' ? message.groups.map((group) => `${group.state} ${group.code} ${group.count}`) : []));
const failed = (name: string, status = 'FAILED') => ({
  source: 'aws.states',
  detail: {
    executionArn: `arn:aws:states:eu-west-1:000000000000:execution:orderflow-local-process-order:${name}`,
    stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:orderflow-local-process-order',
    status, stopDate: Date.parse('2026-11-22T09:59:00Z'), input: JSON.stringify({ pk: `canonical:default:${name}` }),
  },
});

it('is quiet, but alive, where nothing is wrong', async () => {
  const all = given();
  await receive(all, '1');
  expect(await handle({}, all)).toEqual({ groups: 0, told: false });
  expect(all.counted).toContain('Heartbeat');
});

it('tells what is stuck once, by cause, with order keys and nothing personal', async () => {
  const all = given();
  for (const id of ['1', '2', '3']) await receive(all, id);
  all.pass(31);
  await handle({}, all);
  all.pass(5);
  await handle({}, all);
  expect(codes(all)).toEqual([['new STUCK_RECEIVED orders 3']]);
  expect(JSON.stringify(all.staff.told)).toContain('canonical:default:1');
  expect(JSON.stringify(all.staff.told)).not.toMatch(/Test Person|example\.com/);
});

it('tells the end of it once', async () => {
  const all = given();
  const key = await receive(all, '1');
  all.pass(31);
  await handle({}, all);
  await all.store.done(key, { attempt: 1, version: 1, dueAt: new Date(all.clock() + 3_600_000).toISOString() });
  all.pass(5);
  await handle({}, all);
  await handle({}, all);
  expect(codes(all)).toEqual([['new STUCK_RECEIVED orders 1'], ['resolved STUCK_RECEIVED orders 0']]);
});

it('finds what is parked past its time, what nears its limit, and what stays unpaid', async () => {
  const all = given();
  const parks = { '1': 'order-unknown', '2': 'payment-overdue', '3': 'payment-pending' } as const;
  for (const [id, reason] of Object.entries(parks)) {
    const key = await receive(all, id);
    await all.store.park(key, { attempt: 1, revision: 1 }, { reason, dueAt: new Date(all.clock() + (reason === 'payment-pending' ? 1 : 160 * 60) * 60_000).toISOString() });
  }
  all.pass(6.5 * 24 * 60);
  await handle({}, all);
  expect(codes(all).flat().sort()).toEqual(['new PARKED_NEAR_LIMIT orders 1', 'new PARKED_OVERDUE orders 1', 'new PAYMENT_OVERDUE orders 1']);
});

it('tells failed executions until they are redriven', async () => {
  const all = given();
  await alert(failed('1'), all);
  await alert(failed('1'), all);
  await alert(failed('2', 'TIMED_OUT'), all);
  await handle({}, all);
  for (const name of ['1', '2']) all.statuses[failed(name).detail.executionArn] = 'SUCCEEDED';
  all.pass(5);
  await handle({}, all);
  expect(codes(all)).toEqual([['new EXECUTION_FAILED orderflow-local-process-order 2'], ['resolved EXECUTION_FAILED orderflow-local-process-order 0']]);
});

it('tells given-up batches, quarantine and notices of unknown outcome', async () => {
  const all = given();
  all.objects['failures'] = [{ key: 'aws/lambda/x', at: all.clock() }];
  all.objects['quarantine'] = [{ key: 'index/2026-11-22/a.json', at: all.clock() }, { key: 'index/2020-01-01/b.json', at: 0 }];
  const { pk } = await receive(all, '1');
  await all.store.claimSent(pk, { transition: 'CONFIRMED', by: 'x-1' });
  await all.store.recordSent(pk, 'orders', [{ transition: 'CONFIRMED', outcome: 'unknown' }]);
  await handle({}, all);
  expect(codes(all).flat().sort()).toEqual(['new NOTICE_UNKNOWN orders 1', 'new QUARANTINED quarantine 1', 'new STREAM_FAILURES stream-failures 1']);
});

it('sends one digest however many runs overlap', async () => {
  const all = given();
  await receive(all, '1');
  all.pass(31);
  await Promise.all([handle({}, all), handle({}, all), handle({}, all)]);
  expect(all.staff.told).toHaveLength(1);
});

it.each<[string, Error]>([['not sent', new NoticeNotSent('Throttling')], ['perhaps sent', new NoticeOutcomeUnknown('Timeout')]])('tells a digest that was %s again', async (_, failure) => {
  const all = given();
  await receive(all, '1');
  all.pass(31);
  all.staff.failNext = failure;
  await handle({}, all).catch(() => undefined);
  expect(all.staff.told).toHaveLength(0);
  all.pass(5);
  await handle({}, all);
  expect(codes(all)).toEqual([['new STUCK_RECEIVED orders 1']]);
});

it('says on every run that nobody listens', async () => {
  const all = { ...given(), listeners: () => Promise.resolve(0) };
  await handle({}, all);
  await handle({}, all);
  expect(all.counted.filter((name) => name === 'NobodyListens')).toHaveLength(2);
});

it('notes a failed execution whose input cannot be read', async () => {
  const all = given();
  await alert({ detail: { ...failed('1').detail, input: null } }, all);
  expect([...all.table.executions.values()]).toEqual([expect.not.objectContaining({ key: expect.anything() as unknown })]);
});
