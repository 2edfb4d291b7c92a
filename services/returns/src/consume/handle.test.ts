import { kinesisEvent } from '@orderflow/shared/testing';
import { given, key, returnEvent } from '../given.ts';
import { handle } from './handle.ts';

const batch = (...events: ReturnType<typeof returnEvent>[]) => kinesisEvent(events.map((event) => ({ key: event.partitionkey, body: event })));

it('receives a return and starts its execution; a redelivery starts it again under the same name', async () => {
  const all = given();
  const event = returnEvent();
  expect(await handle(batch(event, event), all)).toEqual({ batchItemFailures: [] });
  expect(all.executions.started).toMatchObject([{ service: 'returns', input: { pk: key, sk: 'RETURN#R1', eventId: event.id, attempt: 1 } }]);
  expect(all.executions.calls).toBe(2);
});

it('absorbs the same return of another delivery', async () => {
  const all = given();
  await handle(batch(returnEvent(), returnEvent({}, 'again')), all);
  expect(all.executions.started).toHaveLength(1);
  expect(all.facts.written).toMatchObject([{ fact: 'event.absorbed', payload: { reason: 'duplicate' } }]);
});

it('keeps two partial returns apart', async () => {
  const all = given();
  await handle(batch(returnEvent(), returnEvent({ id: 'R2' }, 'r2')), all);
  expect(all.executions.started).toHaveLength(2);
});

it('records the decision of the source beside a request that came before', async () => {
  const all = given();
  const decided = { outcome: 'APPROVED' as const, amount: 1, at: '2026-11-25T09:00:00Z', by: 'source' as const };
  await handle(batch(returnEvent(), returnEvent({ decided }, 'decided'), returnEvent({ comment: 'changed' }, 'changed')), all);
  expect(all.executions.started).toHaveLength(2);
  expect(all.facts.written).toMatchObject([{ payload: { reason: 'no-change' } }]);
});

it('quarantines what nobody can read and what contradicts its own id', async () => {
  const all = given();
  const event = returnEvent();
  const other = { ...event, data: { return: { ...event.data.return, comment: 'other' } } };
  const events = kinesisEvent([{ key, body: event }, { key, body: other }, { key: 'x', body: 'nonsense' }]);
  expect(await handle(events, all)).toEqual({ batchItemFailures: [] });
  expect(all.quarantine.entries.map((entry) => entry.code).sort()).toEqual(['CONFLICT', 'NOT_JSON']);
});

it('has a record that fails for a passing reason delivered again', async () => {
  const all = given();
  all.store.receive = () => Promise.reject(new Error('throttled'));
  expect((await handle(batch(returnEvent()), all)).batchItemFailures).toHaveLength(1);
});
