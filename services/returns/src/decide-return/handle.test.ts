import { FakeModel, ModelUnusable, noModel } from '@orderflow/shared/model';
import { handle as construct } from '../construct-return/handle.ts';
import { given, key, returnEvent, theReturn, withOrder, withReturn, type Given } from '../given.ts';
import { progressOf } from '../progress.ts';
import { handle } from './handle.ts';

const constructed = async (all: Given, event = returnEvent(), order = {}) => {
  if (!(await all.store.look(key)).order) await withOrder(all, order);
  const input = await withReturn(all, event);
  await construct(input, all);
  return input;
};
const account = async (all: Given) => (await all.store.look(key)).order?.refunds;

it('approves what policy allows and the model is sure of, and books it', async () => {
  const all = given();
  const input = await constructed(all);
  expect(await handle(input, all)).toEqual({ ...input, next: 'APPROVED' });
  expect(await account(all)).toMatchObject({ refunded: 2999, returned: { 1: 1 } });
  expect(progressOf(await theReturn(all, input)).decision).toMatchObject({
    by: 'model', rule: 'within-policy', amount: 2999, modelVersion: 'fake-1', policyVersion: all.policy.version, thresholds: { approveAt: all.policy.model.approveAt }, features: { daysSinceDelivery: 2 },
  });
});

it('shows the model no name', async () => {
  const all = given();
  await handle(await constructed(all, returnEvent({ comment: 'I am Test Person, mail test.person@example.com' })), all);
  expect(all.model.asked[0]?.[0]?.text).toBe('I am [name] [name], mail [email]');
});

it('decides once, however often it is tried', async () => {
  const all = given();
  const input = await constructed(all);
  await handle(input, all);
  expect(await handle(input, { ...all, model: noModel })).toMatchObject({ next: 'APPROVED' });
  expect(await account(all)).toMatchObject({ refunded: 2999 });
});

it('rejects by policy what came back already, whatever the model says', async () => {
  const all = given();
  await handle(await constructed(all), all);
  const second = await constructed(all, returnEvent({ id: 'R2' }, 'r2'));
  expect(await handle(second, all)).toMatchObject({ next: 'REJECTED' });
  expect(progressOf(await theReturn(all, second)).decision).toMatchObject({ by: 'policy', rule: 'quantity-exceeded', amount: 0 });
});

it('asks a person when another return was decided in between (I6)', async () => {
  const all = given();
  const first = await constructed(all);
  const second = await constructed(all, returnEvent({ id: 'R2' }, 'r2'));
  expect(await handle(first, all)).toMatchObject({ next: 'APPROVED' });
  expect(await handle(second, all)).toMatchObject({ next: 'NEEDS_REVIEW' });
  expect(progressOf(await theReturn(all, second)).decision?.rule).toBe('refund-refused');
  expect(await account(all)).toMatchObject({ refunded: 2999, returned: { 1: 1 } });
});

it.each([
  ['no endpoint', noModel],
  ['a failing one', Object.assign(new FakeModel(), { failure: new ModelUnusable('timeout') })],
  ['an unsure one', new FakeModel({ decision: { approve: 0.6, reject: 0.3, review: 0.1 } })],
  ['a sure no', new FakeModel({ decision: { approve: 0, reject: 1, review: 0 } })],
  ['an attack', new FakeModel({ injection: { flagged: true, score: 0.9 } })],
])('sends a return to a person on %s', async (_, model) => {
  const all = given();
  const input = await constructed(all);
  expect(await handle(input, { ...all, model })).toMatchObject({ next: 'NEEDS_REVIEW' });
  expect(await account(all)).toMatchObject({ refunded: 0 });
});

it('sends a request without words to a person and asks no model', async () => {
  const all = given();
  const event = returnEvent();
  const { comment: _, reason: __, ...silent } = event.data.return;
  const input = await constructed(all, { ...event, data: { return: silent } });
  expect(await handle(input, all)).toMatchObject({ next: 'NEEDS_REVIEW' });
  expect(all.model.asked).toEqual([]);
});

it('sends a return without an order to a person', async () => {
  const all = given();
  const input = await withReturn(all, returnEvent({ orderKey: undefined as never }));
  await construct(input, all);
  expect(await handle(input, all)).toMatchObject({ next: 'NEEDS_REVIEW' });
});

it('lets a fault that is none of the model fail the state', async () => {
  const all = given();
  const input = await constructed(all);
  await expect(handle(input, { ...all, model: Object.assign(new FakeModel(), { failure: new TypeError('bug') }) })).rejects.toThrow('bug');
});
