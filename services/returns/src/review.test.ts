import { parseFact } from '@orderflow/shared/facts';
import { NoticeNotSent, NoticeOutcomeUnknown } from '@orderflow/shared/notices';
import { noModel } from '@orderflow/shared/model';
import { anOrder } from '@orderflow/shared/testing';
import { handle as askReview } from './ask-review/handle.ts';
import { handle as construct } from './construct-return/handle.ts';
import { handle as decide } from './decide-return/handle.ts';
import { given, key, returnEvent, theReturn, withOrder, withReturn, type Given } from './given.ts';
import { handle as load } from './load-return/handle.ts';
import { handle as notify } from './notify-customer/handle.ts';
import { progressOf } from './progress.ts';
import { handle as record } from './record-review/handle.ts';
import { handle as reprocess } from './reprocess/handle.ts';

const inReview = async (all: Given, event = returnEvent(), order = true) => {
  if (order) await withOrder(all);
  const input = await withReturn(all, event);
  await construct(input, all);
  await decide(input, { ...all, model: noModel });
  await askReview({ ...input, token: 'token-1' }, all);
  return input;
};
const answer = { pk: key, returnId: 'R1', decision: 'approve', reviewer: 'desk' } as const;
const refunded = async (all: Given) => (await all.store.look(key)).order?.refunds?.refunded;
const time = { remainingMs: () => 60_000 };

describe('AwaitReview', () => {
  it('parks the return with its token and tells reviewers and customer once', async () => {
    const all = given();
    const input = await inReview(all);
    expect(await theReturn(all, input)).toMatchObject({ state: 'PARKED', parked: { reason: 'review' }, progress: { review: { token: 'token-1', asked: 1 } } });
    expect(all.staff.told).toMatchObject([{ topic: 'review', message: { rule: 'model-none', amount: 2999, returnKey: 'canonical:default:R1' } }]);
    expect(JSON.stringify(all.staff.told)).not.toMatch(/Test Person|example\.com/);
    expect(all.mailer.sent.map((one) => one.mail.kind)).toEqual(['return-received', 'return-under-review']);
  });

  it('keeps the newer token when it is tried again', async () => {
    const all = given();
    const input = await inReview(all);
    await askReview({ ...input, token: 'token-2' }, all);
    expect((await theReturn(all, input)).progress?.['review']).toMatchObject({ token: 'token-2' });
    expect(all.mailer.sent).toHaveLength(2);
  });

  it('records a notice of unknown outcome and gives back one that was not sent', async () => {
    const all = given();
    all.staff.failNext = new NoticeOutcomeUnknown('TimeoutError');
    await inReview(all);
    expect((await all.store.look(key)).sent).toContainEqual(expect.objectContaining({ outcome: 'unknown' }));

    const other = given();
    other.staff.failNext = new NoticeNotSent('ThrottlingException');
    await expect(inReview(other)).rejects.toThrow(NoticeNotSent);
    expect((await other.store.look(key)).sent.filter((one) => one.transition.startsWith('REVIEW'))).toEqual([]);
  });

  it('ends the wait of an execution that no longer owns the return', async () => {
    const all = given();
    const input = await inReview(all);
    await askReview({ ...input, attempt: 9, token: 'old' }, all);
    expect(all.tasks.answered).toEqual([{ token: 'old', result: { ...input, attempt: 9, next: 'STOP' } }]);
  });
});

describe('record-review', () => {
  it('lists what waits, redacted', async () => {
    const all = given();
    await inReview(all);
    expect(await record({ list: true }, all)).toEqual({
      waiting: [expect.objectContaining({ returnId: 'R1', pk: key, rule: 'model-none', amount: 2999, currency: 'EUR', comment: 'It arrived broken, says [name] [name]' })],
    });
    await record(answer, all);
    expect(await record({ list: true }, all)).toEqual({ waiting: [] });
  });

  it('books the refund, stores the answer and lets the workflow go on', async () => {
    const all = given();
    const input = await inReview(all);
    expect(await record(answer, all)).toMatchObject({ outcome: 'recorded', answer: { outcome: 'APPROVED', amount: 2999 } });
    expect(await refunded(all)).toBe(2999);
    expect(all.tasks.answered).toEqual([{ token: 'token-1', result: { ...input, attempt: 2, next: 'APPROVED' } }]);
  });

  it('lets the first answer win and tells later ones', async () => {
    const all = given();
    await inReview(all);
    const answers = await Promise.all([record(answer, all), record({ ...answer, decision: 'reject', reason: 'used' }, all)]);
    expect(answers.map((one) => ('outcome' in one ? one.outcome : '')).sort()).toEqual(['already', 'recorded']);
    expect(await record({ ...answer, decision: 'reject', reason: 'late' }, all)).toMatchObject({ outcome: 'already' });
  });

  it('takes a partial amount up to what was paid', async () => {
    const all = given();
    await inReview(all);
    expect(await record({ ...answer, decision: 'partial', amount: 3000 }, all)).toMatchObject({ outcome: 'exceeds-paid' });
    expect(await record({ ...answer, decision: 'partial', amount: 1000, reason: 'used' }, all)).toMatchObject({ outcome: 'recorded' });
    expect(await refunded(all)).toBe(1000);
  });

  it.each([
    ['a rejection without a reason', { ...answer, decision: 'reject' }, 'invalid'],
    ['a partial without an amount', { ...answer, decision: 'partial' }, 'invalid'],
    ['an answer without a reviewer', { ...answer, reviewer: undefined }, 'invalid'],
    ['a return that nobody knows', { ...answer, returnId: 'R9' }, 'unknown-return'],
  ])('refuses %s, and the return waits on', async (_, input, outcome) => {
    const all = given();
    const at = await inReview(all);
    expect(await record(input, all)).toMatchObject({ outcome });
    expect((await theReturn(all, at)).state).toBe('PARKED');
    expect(await record(answer, all)).toMatchObject({ outcome: 'recorded' });
  });

  it('says that a return does not wait', async () => {
    const all = given();
    await withOrder(all);
    await withReturn(all);
    expect(await record(answer, all)).toMatchObject({ outcome: 'not-waiting' });
  });

  it('starts a new execution where nobody waits on the token any more', async () => {
    const all = given();
    const input = await inReview(all);
    all.tasks.goneTokens.add('token-1');
    await record(answer, all);
    expect(all.executions.started.map((one) => one.input)).toEqual([{ ...input, attempt: 2 }]);
    // and that one finds the answer
    expect(await decide({ ...input, attempt: 2 }, all)).toMatchObject({ next: 'APPROVED' });
  });

  it('tells the workflow again when the first call ended between record and telling', async () => {
    const all = given();
    const input = await inReview(all);
    const { answer: send } = all.tasks;
    all.tasks.answer = () => Promise.reject(new Error('network'));
    await expect(record(answer, all)).rejects.toThrow('network');
    all.tasks.answer = send;
    expect(await record(answer, all)).toMatchObject({ outcome: 'already' });
    expect(all.tasks.answered).toEqual([{ token: 'token-1', result: { ...input, attempt: 2, next: 'APPROVED' } }]);
    expect(await refunded(all)).toBe(2999);
  });
});

describe('to the end', () => {
  it('loads the audited decision, tells the customer once, and is done', async () => {
    const all = given();
    const input = await inReview(all);
    await record({ ...answer, decision: 'reject', reason: 'it was used' }, all);
    const next = { ...input, attempt: 2 };
    expect(await load(next, all)).toMatchObject({ next: 'NOTIFY' });
    expect(await notify(next, all)).toMatchObject({ next: 'DONE' });
    expect(await notify(next, all)).toMatchObject({ next: 'STOP' });
    const [fact] = all.facts.written;
    expect(parseFact(fact)).toMatchObject({
      fact: 'return.settled', key: 'canonical:default:R1',
      payload: { decision: { outcome: 'REJECTED', by: 'person', reviewer: 'desk', reviewReason: 'it was used', policyVersion: all.policy.version }, refund: { status: 'NONE', amount: 0 } },
    });
    const mails = all.mailer.sent.map((one) => one.mail);
    expect(mails.map((one) => one.kind)).toEqual(['return-received', 'return-under-review', 'return-rejected']);
    expect(mails[2]?.text).toContain('it was used');
    expect(await theReturn(all, input)).toMatchObject({ state: 'DONE', attempt: 2 });
  });

  it('charges sellers their share of what a person gives back', async () => {
    const all = given();
    all.policy = { ...all.policy, rules: [...all.policy.rules, { name: 'market', sellers: ['Acme'], sellerBearsPercent: 40 }] };
    await withOrder(all, { lines: [{ ...anOrder().lines[0]!, seller: 'Acme' }] });
    const input = await inReview(all, returnEvent(), false);
    expect(progressOf(await theReturn(all, input)).decision?.sellerCharges).toEqual({ Acme: 1200 });
    await record({ ...answer, decision: 'partial', amount: 1001, reason: 'used' }, all);
    await load({ ...input, attempt: 2 }, all);
    expect(parseFact(all.facts.written[0])).toMatchObject({ payload: { decision: { sellerCharges: { Acme: 401 } }, refund: { amount: 1001, sellerRefund: 401 } } });
  });

  it('loads a refund by the source as it is, done at once, without a mail', async () => {
    const all = given();
    const decided = { outcome: 'APPROVED' as const, amount: 500, at: '2026-11-25T09:00:00Z', by: 'source' as const };
    const input = await withReturn(all, returnEvent({ orderKey: undefined as never, decided }));
    await construct(input, all);
    const before = all.store.calls;
    expect(await load(input, all)).toMatchObject({ next: 'DONE' });
    expect(all.store.calls - before).toBe(2);
    expect(parseFact(all.facts.written[0])).toMatchObject({ payload: { decision: { by: 'source', outcome: 'APPROVED', amount: 500 }, refund: { status: 'PAID', amount: 500 } } });
    expect(all.mailer.sent).toEqual([]);
  });

  it('goes on after a mail of unknown outcome, and never sends it again', async () => {
    const all = given();
    const input = await inReview(all);
    await record(answer, all);
    const next = { ...input, attempt: 2 };
    await load(next, all);
    all.mailer.failNext = new NoticeOutcomeUnknown('TimeoutError');
    expect(await notify(next, all)).toMatchObject({ next: 'DONE' });
    expect(all.mailer.sent.map((one) => one.mail.kind)).not.toContain('return-approved');
    expect((await all.store.look(key)).sent).toContainEqual(expect.objectContaining({ transition: 'RETURN-APPROVED#RETURN#R1', outcome: 'unknown' }));
  });
});

describe('reprocess', () => {
  it('starts again what was never started', async () => {
    const all = given();
    const input = await withReturn(all);
    all.pass(30);
    expect(await reprocess({}, all, time)).toMatchObject({ restarted: 1 });
    expect(await reprocess({}, all, time)).toMatchObject({ restarted: 0 });
    expect(all.executions.started.map((one) => one.input)).toEqual([input]);
  });

  it('wakes what waits for its order, and gives it to quarantine after the limit', async () => {
    const all = given();
    const input = await withReturn(all);
    await construct(input, all);
    all.pass(61);
    expect(await reprocess({}, all, time)).toMatchObject({ woken: 1 });
    await construct({ ...input, attempt: 2 }, all);
    all.pass(8 * 24 * 60);
    expect(await reprocess({}, all, time)).toMatchObject({ givenUp: 1 });
    expect(all.quarantine.entries).toMatchObject([{ code: 'ORDER_UNKNOWN' }]);
    expect((await all.store.look(key)).others).toEqual([]);
  });

  it('escalates what nobody answered within the limit, not before, and once for each time', async () => {
    const all = given();
    const input = await inReview(all);
    all.pass(3 * 24 * 60 - 1);
    expect(await reprocess({}, all, time)).toMatchObject({ woken: 0, givenUp: 0 });
    all.pass(1);
    await reprocess({}, all, time);
    const next = { ...input, attempt: 2 };
    expect(all.executions.started.map((one) => one.input)).toEqual([next]);
    expect(await construct(next, all)).toMatchObject({ next: 'DECIDE' });
    expect(await decide(next, all)).toMatchObject({ next: 'NEEDS_REVIEW' });
    await askReview({ ...next, token: 'token-2' }, all);
    await askReview({ ...next, token: 'token-2' }, all);
    expect(all.staff.told.map(({ topic, message }) => [topic, 'asked' in message && message.asked])).toEqual([['review', 1], ['escalation', 2]]);
    expect(await record(answer, all)).toMatchObject({ outcome: 'recorded' });
    expect(all.tasks.answered[0]?.token).toBe('token-2');
  });
});
