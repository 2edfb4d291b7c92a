import { returnRules } from '@orderflow/shared/domain';
import { FakeModel } from '@orderflow/shared/model';
import { handle as construct } from '../construct-return/handle.ts';
import { handle as decide } from '../decide-return/handle.ts';
import { given, returnEvent, withOrder, withReturn } from '../given.ts';
import { handle as load } from '../load-return/handle.ts';
import type { Returned } from '../returned.ts';
import { handle as notify } from './handle.ts';
import { politely } from './reasons.ts';

/** The mails about a return that is decided at once. */
async function mailsAbout(returned: Partial<Returned> = {}, order: Parameters<typeof withOrder>[1] = {}, instructions?: string) {
  const all = { ...given(), model: new FakeModel(), instructions: () => instructions };
  await withOrder(all, order);
  const input = await withReturn(all, returnEvent(returned));
  for (const step of [construct, decide, load, notify]) await step(input, all);
  return all.mailer.sent.map(({ mail }) => mail);
}

it('says that it is approved, what comes back, and how to send it', async () => {
  const [received, approved, ...more] = await mailsAbout({}, {}, 'Use the label in the parcel; post it within a week.');
  expect([received?.kind, approved?.kind, more]).toEqual(['return-received', 'return-approved', []]);
  expect(approved?.text).toContain('€29.99');
  expect(approved?.text).toContain('Use the label in the parcel');
});

it('has words for sending back where the shop has none of its own', async () => {
  expect((await mailsAbout())[1]?.text).toContain('return number inside');
});

it('names the fee, and fee and refund make what the goods are worth', async () => {
  const line = { id: '1', sku: 'SOFA', name: 'Sofa', category: 'Furniture', quantity: 1, unitPrice: '29.99', total: 2999 };
  const [, approved] = await mailsAbout({}, { lines: [line] });
  expect(approved?.text).toMatch(/Processing fee\D+3\.00/);
  expect(approved?.text).toMatch(/Refund\D+26\.99/);
});

it('says line by line what of it cannot come back, and why', async () => {
  const lines = [
    { id: '1', sku: 'KETTLE', name: 'Kettle', quantity: 1, unitPrice: '20', total: 2000 },
    { id: '2', sku: 'CHEESE', name: 'Cheese', category: 'Food', quantity: 3, unitPrice: '3.33', total: 999 },
  ];
  const asked = { lines: [{ lineId: '1', quantity: 2 }, { lineId: '2', name: 'Old cheese', quantity: 1 }] };
  const [, partial] = await mailsAbout(asked, { lines });
  expect(partial?.kind).toBe('return-partial');
  expect(partial?.text).toContain('1 × KETTLE: all of these goods have already come back');
  expect(partial?.text).toContain('1 × Old cheese: goods of this kind cannot be taken back');
  expect(partial?.text).toMatch(/Refund\D+20\.00/);
});

it.each<[string, Parameters<typeof withOrder>[1], Partial<Returned>]>([
  ['window-ended', {}, { requestedAt: '2027-03-01T00:00:00Z' }],
  ['not-returnable', { lines: [{ id: '1', category: 'Food', quantity: 1, unitPrice: '29.99', total: 2999 }] }, {}],
  ['final-sale', { lines: [{ id: '1', category: 'Clearance', quantity: 1, unitPrice: '29.99', total: 2999 }] }, {}],
])('rejects politely, by the rule: %s', async (rule, order, returned) => {
  const [, rejected, ...more] = await mailsAbout(returned, order);
  expect([rejected?.kind, more]).toEqual(['return-rejected', []]);
  expect(rejected?.text).toContain(politely(rule));
});

it.each(returnRules)('tells nobody of a suspicion: %s', (rule) => {
  expect(politely(rule) ?? '').not.toMatch(/fraud|hold|suspic|undefined|cap|risk/);
});

it('writes nothing about a refund that the source has made, asks no model and judges nothing', async () => {
  const all = { ...given(), model: new FakeModel() };
  await withOrder(all);
  const input = await withReturn(all, returnEvent({ decided: { outcome: 'APPROVED', amount: 2999, at: '2026-11-25T09:00:00Z', by: 'source' } }));
  expect(await construct(input, all)).toMatchObject({ next: 'LOAD' });
  expect(await load(input, all)).toMatchObject({ next: 'DONE' });
  expect([all.mailer.sent, all.model.asked, all.facts.written.length]).toEqual([[], [], 1]);
});
