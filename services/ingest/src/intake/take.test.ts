import { orderKey } from '@orderflow/shared/events';
import { silentLog } from '@orderflow/shared/lambda';
import fc from 'fast-check';
import { memoryIntake, noon, signed } from '../testing/memory.ts';
import { NothingDurable } from './ports.ts';
import { take } from './take.ts';

const order = (id: string, more: object = {}) => ({
  id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 1_000,
  payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' },
  lines: [{ id: '1', quantity: 2, unitPrice: '5.00', total: 1_000 }], ...more,
});
const created = (id: string, more: object = {}) => ({ type: 'order.created', data: { order: order(id, more) } });
const canonical = (body: unknown, id = 'msg_1', options = {}) =>
  signed('canonical', typeof body === 'string' ? body : JSON.stringify(body), { 'webhook-id': id }, options);

describe('take', () => {
  it('accepts a genuine delivery, with identity, partition and a pointer to the raw bytes', async () => {
    const deps = memoryIntake();
    const answer = await take(canonical(created('A-1')), deps);
    expect(answer.status).toBe(200);
    const [event] = deps.events;
    expect(event).toMatchObject({
      type: 'order.created', source: '/sources/canonical/default', partitionkey: 'canonical:default:A-1',
      time: '2026-11-22T11:00:00Z', recordedtime: '2026-11-22T12:00:00.000Z', rawref: expect.stringMatching(/^s3:\/\/archive\//),
      data: { order: { key: 'canonical:default:A-1', source: 'canonical', account: 'default' } },
    });
    expect(JSON.parse(answer.body)).toEqual({ events: [event?.id] });
    expect(deps.archived).toHaveLength(1);
  });

  it('gives the same delivery the same event ids, and another position another id', async () => {
    const deps = memoryIntake();
    await take(canonical([created('A-1'), created('A-2')]), deps);
    await take(canonical([created('A-1'), created('A-2')]), deps);
    const ids = deps.events.map((event) => event.id);
    expect(ids[0]).toBe(ids[2]);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['an unknown source', signed('myspace', '{}'), 404],
    ['an account that is not configured', canonical(created('1'), 'm', { account: 'nobody' }), 404],
    ['files over HTTP', signed('file-drop', '{}'), 404],
    ['a wrong secret', canonical(created('1'), 'm', { secret: 'not it' }), 401],
    ['the secret of another account', canonical(created('1'), 'm', { account: 'default', secret: 'local-canonical-shop2-secret' }), 401],
    ['a body over the limit', canonical('x'.repeat(1_000_001)), 413],
    ['JSON nested 10,000 deep', canonical(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), 400],
  ])('refuses %s and stores nothing', async (_, delivery, status) => {
    const deps = memoryIntake();
    expect((await take(delivery, deps)).status).toBe(status);
    expect([deps.events, deps.archived, deps.quarantined]).toEqual([[], [], []]);
  });

  it.each([[-301, 401], [-299, 200], [299, 200], [301, 401]])('judges a timestamp %i s off: %i', async (seconds, status) => {
    const delivery = canonical(created('1'), 'm', { at: noon + seconds * 1_000 });
    expect((await take(delivery, memoryIntake())).status).toBe(status);
  });

  it('accepts both keys during a rotation, then refuses the old', async () => {
    const old = canonical(created('1'), 'm', { secret: 'old' });
    const keeping = (...keys: string[]) => memoryIntake({ secrets: { of: async () => keys, anew: async () => undefined } });
    expect((await take(old, keeping('new', 'old'))).status).toBe(200);
    expect((await take(old, keeping('new'))).status).toBe(401);
  });

  it('looks once whether the key was replaced since, for a wrong signature alone', async () => {
    let asked = 0;
    const anew = async () => [['new', 'old'], ['newer', 'new']][asked++];
    const deps = memoryIntake({ secrets: { of: async () => ['old'], anew } });
    expect((await take(canonical(created('1'), 'm', { secret: 'new' }), deps)).status).toBe(200);
    expect((await take(canonical(created('1'), 'm', { secret: 'forged' }), deps)).status).toBe(401);
    expect(asked).toBe(2);
    expect((await take(canonical(created('1'), 'm', { secret: 'forged' }), deps)).status).toBe(401);
    const { 'webhook-signature': _, ...unsigned } = canonical(created('1')).headers;
    expect((await take({ ...canonical(created('1')), headers: unsigned }, deps)).status).toBe(401);
    expect(asked).toBe(3);
  });

  it('quarantines a truncated body whose signature is right, raw, and says 2xx', async () => {
    const deps = memoryIntake();
    const answer = await take(canonical('{"type":"order.crea'), deps);
    expect(answer.status).toBe(200);
    expect(deps.events).toEqual([]);
    expect(deps.quarantined).toMatchObject([{ code: 'json', path: '$', body: '{"type":"order.crea' }]);
  });

  it('takes the good items of an array and quarantines the bad ones with the path of the field', async () => {
    const deps = memoryIntake();
    const bad = created('B', { position: { latitude: 91, longitude: 4, from: 'order' } });
    const answer = await take(canonical([created('A'), bad, { type: 'no.such' }, created('C')]), deps);
    expect(deps.events.map((event) => event.partitionkey)).toEqual(['canonical:default:A', 'canonical:default:C']);
    expect(deps.quarantined.map(({ code, path, position }) => [code, path, position])).toEqual([
      ['schema', '$[1].data.order.position.latitude', 1],
      ['missing', '$[2].data', 2],
    ]);
    expect(JSON.parse(answer.body)).toMatchObject({ events: [expect.anything(), expect.anything()], quarantined: [{}, {}] });
  });

  it.each([
    ['an order of another account', created('1', { key: orderKey('canonical', 'shop2', '1') })],
    ['an order of another source', created('1', { source: 'shopify' })],
    ['an update of another account', { type: 'order.updated', data: { update: { orderKey: 'canonical:shop2:1', occurredAt: '2026-11-22T11:00:00Z' } } }],
    ['an account whose name begins alike', { type: 'order.updated', data: { update: { orderKey: 'canonical:default2:1', occurredAt: '2026-11-22T11:00:00Z' } } }],
    ['a return', { type: 'return.requested', data: { return: { id: '1', orderKey: 'shopify:default:1', requestedAt: '2026-11-22T11:00:00Z', lines: [] } } }],
  ])('never lets one account write another’s: %s', async (_, body) => {
    const deps = memoryIntake();
    await take(canonical(body), deps);
    expect(deps.events).toEqual([]);
    expect(deps.quarantined).toMatchObject([{ code: 'foreign-order' }]);
  });

  it('derives the key of an update from orderId', async () => {
    const deps = memoryIntake();
    await take(canonical({ type: 'order.updated', data: { update: { orderId: 'a:1', occurredAt: '2026-11-22T11:00:00Z' } } }), deps);
    expect(deps.events[0]?.partitionkey).toBe('canonical:default:a%3A1');
  });

  it('says 503 with Retry-After when nothing durable can be reached', async () => {
    const deps = memoryIntake({ sink: { put: () => Promise.reject(new NothingDurable('x')) } });
    const answer = await take(canonical(created('1')), deps);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  it('says 503 when quarantine cannot be written: it gates the answer', async () => {
    const deps = memoryIntake({ quarantine: { put: () => Promise.reject(new Error('S3 is down')) } });
    expect((await take(canonical('nonsense'), deps)).status).toBe(503);
  });

  it('answers and counts an unsupported topic and keeps it raw', async () => {
    const deps = memoryIntake();
    const answer = await take(signed('shopify', '{}', { 'x-shopify-topic': 'shop/update' }), deps);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(deps.counts).toEqual({ bytes: 2, ignored: 1 });
    expect(deps.archived).toHaveLength(1);
  });

  it.each([
    ['unknown-source', signed('myspace', '{}'), undefined],
    ['unknown-account', canonical(created('1'), 'm', { account: 'nobody' }), 'canonical'],
    ['signature-wrong', canonical(created('1'), 'm', { secret: 'not it' }), 'canonical'],
    ['too-large', canonical('x'.repeat(1_000_001)), 'canonical'],
  ])('counts refusals by reason, and by sources of ours only: %s', async (reason, delivery, source) => {
    const deps = memoryIntake();
    await take(delivery, deps);
    expect(deps.counts).toMatchObject({ rejected: 1, [`rejected ${reason}`]: 1 });
    expect(Object.keys(deps.counts).filter((name) => name.startsWith('rejectedOfSource '))).toEqual(source ? [`rejectedOfSource ${source}`] : []);
  });

  it('tells strangers nothing of which accounts there are', async () => {
    const [noSource, noAccount] = [await take(signed('myspace', '{}'), memoryIntake()), await take(canonical('{}', 'm', { account: 'nobody' }), memoryIntake())];
    expect(noSource).toEqual(noAccount);
  });

  it('says 503 and logs it as ours when the secret is missing', async () => {
    const lines: unknown[] = [];
    const log = { ...silentLog, error: (...line: unknown[]) => void lines.push(line) };
    const deps = memoryIntake({ log, secrets: { of: () => Promise.reject(new Error('there is no secret')), anew: async () => undefined } });
    expect(await take(canonical(created('1')), deps)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(lines).toEqual([['INTAKE_UNAVAILABLE', { status: 503, reason: 'secret-unavailable', source: 'canonical' }]]);
  });

  it('refuses more events in one delivery than could be quarantined while the sender waits', async () => {
    const deps = memoryIntake();
    const many = (count: number) => canonical(JSON.stringify(Array.from({ length: count }, () => ({ type: 'x' }))));
    expect((await take(many(1_001), deps)).status).toBe(413);
    expect([deps.archived, deps.quarantined]).toEqual([[], []]);
    expect((await take(many(1_000), deps)).status).toBe(200);
    expect(deps.quarantined).toHaveLength(1_000);
  });

  it('counts what it took, in whole and by source, and how long that took', async () => {
    const deps = memoryIntake({ clock: () => noon + 40 });
    await take(canonical([created('A'), { type: 'no.such' }]), deps);
    expect(deps.counts).toMatchObject({ accepted: 1, 'accepted canonical': 1, events: 1, quarantined: 1, 'quarantined canonical': 1, latency: 1 });
  });

  it('never logs or counts anything of a body or a secret', async () => {
    const word = fc.stringMatching(/^[a-kXYZ\d]{12,24}$/);
    await fc.assert(
      fc.asyncProperty(word, word, fc.constantFrom('good', 'junk', 'forged', 'secretless', 'down', 'topic'), async (inBody, secret, how) => {
        const lines: string[] = [];
        const write = (...line: unknown[]) => void lines.push(JSON.stringify(line));
        const unable = (): Promise<never> => Promise.reject(new Error(`${inBody} ${secret}`));
        const deps = memoryIntake({
          log: { info: write, warn: write, error: write }, meter: { count: write, milliseconds: write },
          secrets: { of: how === 'secretless' ? unable : async () => [secret], anew: async () => undefined },
          ...(how === 'down' ? { sink: { put: unable }, quarantine: { put: unable } } : {}),
        });
        const body = how === 'junk' ? inBody : JSON.stringify(created(inBody, { comment: inBody, customer: { email: `${inBody}@example.com` } }));
        await take(canonical(body, 'm', { secret: how === 'forged' ? `${secret}x` : secret }), deps);
        await take(signed('squarespace', JSON.stringify({ id: inBody, topic: inBody, data: { orderId: inBody } }), {}), deps);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect([line.includes(inBody), line.includes(secret)]).toEqual([false, false]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps prototype names, emoji and right-to-left text as text', async () => {
    const deps = memoryIntake();
    const comment = 'שלום 🎁 <script> __proto__';
    await take(canonical(JSON.stringify(created('1', { comment })).replace('"order":', '"__proto__":{"x":1},"order":')), deps);
    expect(({} as { x?: number }).x).toBeUndefined();
    await take(canonical(created('2', { comment })), deps);
    expect(deps.events.at(-1)).toMatchObject({ data: { order: { comment } } });
  });
});

describe('what says everything in its address', () => {
  const push = (url: string, body = '') => ({ ...signed('klarna', body), url });

  it('is read, kept and known again by that', async () => {
    const intake = memoryIntake();
    const url = 'https://hooks.example/webhooks/klarna?event_type=push&order_id=a%2Fb';
    expect((await take(push(url), intake)).status).toBe(200);
    expect(intake.events).toMatchObject([{ type: 'source.notified', data: { notice: { topic: 'push', ids: ['a/b'] } } }]);
    expect(intake.archived.map(({ body }) => Buffer.from(body).toString())).toEqual(['{"event_type":"push","order_id":"a/b"}']);
    await take(push(url), intake);
    expect(intake.events[1]?.id).toBe(intake.events[0]?.id);
  });

  it('is read from a body, where there is one', async () => {
    const intake = memoryIntake();
    await take(push('https://hooks.example/webhooks/klarna?event_type=push&order_id=a', '{"event_type":"push","order_id":"b"}'), intake);
    expect(intake.events).toMatchObject([{ data: { notice: { ids: ['b'] } } }]);
  });

  it('is unreadable where nothing is said at all', async () => {
    const intake = memoryIntake();
    await take(push('https://hooks.example/webhooks/klarna'), intake);
    expect([intake.events, intake.quarantined.length]).toEqual([[], 1]);
  });
});
