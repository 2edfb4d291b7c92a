import { memoryIntake, noon, signed } from '../testing/memory.ts';
import { findSource } from '../sources/registry.ts';
import { NothingDurable } from './ports.ts';
import { deliveryKey, recentDeliveries } from './recent.ts';
import { take } from './take.ts';

const answer = { status: 200, headers: {}, body: '{}' };
const order = (id: string, total = 0) => JSON.stringify({
  type: 'order.created',
  data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } },
});
const canonical = (body: string, id = 'm', options = {}) => signed('canonical', body, { 'webhook-id': id }, options);

describe('what the door remembers', () => {
  it('forgets after a while, and never holds more than it may', () => {
    let now = 0;
    const recent = recentDeliveries(() => now, { deliveries: 10, forMs: 1_000 });
    recent.remember('a', answer);
    now = 600;
    expect(recent.answerTo('a')).toBe(answer);
    recent.remember('b', answer);
    now = 1_000;
    expect([recent.answerTo('a'), recent.answerTo('b')]).toEqual([undefined, answer]);
    now = 9_000;
    expect(recent.answerTo('b')).toBeUndefined();
    for (let n = 0; n < 1_000; n++) recent.remember(`k${n}`, answer);
    const kept = Array.from({ length: 1_000 }, (_, n) => n).filter((n) => recent.answerTo(`k${n}`));
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.at(-1)).toBe(999);
  });

  it('keeps no long answers, and nothing at all when it is off', () => {
    const recent = recentDeliveries(() => 0);
    recent.remember('long', { ...answer, body: 'x'.repeat(5_000) });
    expect(recent.answerTo('long')).toBeUndefined();
    const off = recentDeliveries(() => 0, { deliveries: 0, forMs: 1_000 });
    off.remember('a', answer);
    expect(off.answerTo('a')).toBeUndefined();
  });

  it('tells apart account, id, topic and bytes, and nothing else', () => {
    const source = findSource('shopify');
    if (!source) throw new Error('no source');
    const one = signed('shopify', '{}', { 'x-shopify-topic': 'orders/create', 'x-shopify-webhook-id': '1' });
    const key = (changes: Partial<typeof one>) => deliveryKey(source, { ...one, ...changes });
    const with_ = (headers: Record<string, string>) => key({ headers: { ...one.headers, ...headers } });
    expect(with_({ 'x-forwarded-for': '10.0.0.1' })).toBe(key({ receivedAt: 5 }));
    const others = [key({}), key({ account: 'outlet' }), key({ body: Buffer.from('{ }') }), with_({ 'x-shopify-topic': 'orders/updated' }), with_({ 'x-shopify-webhook-id': '2' })];
    expect(new Set(others).size).toBe(5);
  });
});

describe('a repeat at the door', () => {
  const remembering = (changes: Parameters<typeof memoryIntake>[0] = {}) => memoryIntake({ recent: recentDeliveries(() => noon), ...changes });

  it('gets the answer of the first time and is neither put nor archived again', async () => {
    const deps = remembering();
    const first = await take(canonical(order('1')), deps);
    const again = await take(canonical(order('1'), 'm', { at: noon + 5_000 }), deps);
    expect(again).toEqual(first);
    expect([deps.events.length, deps.archived.length, deps.counts['duplicates'], deps.counts['accepted']]).toEqual([1, 1, 1, 1]);
  });

  it('must be signed like any other', async () => {
    const deps = remembering();
    await take(canonical(order('1')), deps);
    expect((await take(canonical(order('1'), 'm', { secret: 'forged' }), deps)).status).toBe(401);
    expect(deps.counts['duplicates']).toBeUndefined();
  });

  it.each([
    ['another body', canonical(order('1', 5))],
    ['another id', canonical(order('1'), 'n')],
    ['another account', canonical(order('1'), 'm', { account: 'shop2' })],
  ])('goes on with %s', async (_, second) => {
    const deps = remembering();
    await take(canonical(order('1')), deps);
    await take(second, deps);
    expect(deps.events).toHaveLength(2);
  });

  it('goes on while the first is under way, and after the first was not durable', async () => {
    let down = true;
    const put = async () => {
      if (down) throw new NothingDurable('x');
    };
    const deps = remembering({ sink: { put } });
    expect((await take(canonical(order('1')), deps)).status).toBe(503);
    expect((await take(canonical(order('1')), deps)).status).toBe(503);
    down = false;
    const both = await Promise.all([take(canonical(order('1')), deps), take(canonical(order('1')), deps)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect([deps.counts['accepted'], deps.counts['duplicates']]).toEqual([2, undefined]);
  });

  it('is a saving only: without a memory every repeat has the same answer and the same event ids', async () => {
    const deps = memoryIntake();
    const answers = [await take(canonical(order('1')), deps), await take(canonical(order('1')), deps)];
    expect(answers[0]).toEqual(answers[1]);
    expect(new Set(deps.events.map(({ id }) => id)).size).toBe(1);
  });
});
