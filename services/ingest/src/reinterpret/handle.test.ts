import { eventHash, type CanonicalEvent } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { blankBody, readArchive } from '../archive/read-archive.ts';
import type { Delivery } from '../intake/delivery.ts';
import { archiveWorld, delivered, eventsIn, type ArchiveWorld } from '../testing/archive-world.ts';
import { noon } from '../testing/memory.ts';
import type { ReinterpretDeps } from './handle.ts';
import type { KnownEvent, Standing, StandingOrder } from './standing.ts';

const iso = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const order = (id: string, more: object = {}): object => ({
  type: 'order.created', timestamp: iso(0),
  data: { order: { id, placedAt: iso(0), status: 'NEW', currency: 'EUR', total: 100, payment: { status: 'PENDING' }, fulfilment: { status: 'UNFULFILLED' }, lines: [], ...more } },
});
const shipped = (id: string): object => ({ type: 'order.updated', timestamp: iso(5), data: { update: { orderId: id, occurredAt: iso(5), fulfilment: { status: 'SHIPPED' } } } });

const stepsOf = (id: string): StandingOrder['steps'] => [
  { group: 'order', status: 'NEW', sequence: sequenceAt(0), at: noon }, { group: 'payment', status: 'PENDING', sequence: sequenceAt(0), at: noon },
  { group: 'fulfilment', status: 'UNFULFILLED', sequence: sequenceAt(0), at: noon }, ...(id === 'confirmed' ? [{ group: 'order' as const, status: 'CONFIRMED', sequence: sequenceAt(0), at: noon + 9_000 }] : []),
];
const sequenceAt = (minutes: number): string => String(noon + minutes * 60_000).padStart(20, '0');

/** What the warehouse knows of events; `wrongly`: under another hash than they have. */
const known = (event: CanonicalEvent, more: Partial<KnownEvent> & { wrongly?: boolean } = {}): [string, KnownEvent] => {
  const { wrongly, ...changes } = more;
  return [event.id, {
    hash: wrongly ? 'f'.repeat(64) : eventHash(event), fact: event.type === 'order.created' ? 'order.settled' : 'update.settled', factKey: event.partitionkey, eventKey: event.partitionkey,
    test: false, recordedAt: event.recordedtime ?? '', ...changes,
  }];
};

const standing = (events: readonly [string, KnownEvent][] = [], orders: readonly [string, StandingOrder][] = [], more: Partial<Standing> = {}): Standing => ({
  events: async (ids) => new Map(events.filter(([id]) => ids.includes(id))),
  orders: async (keys) => new Map(orders.filter(([key]) => keys.includes(key))),
  returns: async () => new Map(),
  historicalAdjustments: async () => new Set(),
  ...more,
});

const world = (deliveries: readonly Delivery[], stands: Standing = standing(), changes: Partial<ReinterpretDeps> = {}): Promise<ArchiveWorld> => archiveWorld(deliveries, stands, changes);
const [first] = eventsIn([delivered('a', 1, order('1'))]) as [CanonicalEvent];

describe('events that the warehouse has', () => {
  it('in the same words are left alone', async () => {
    const { run, facts, taken } = await world([delivered('a', 1, order('1'))], standing([known(first)]));
    expect((await run()).counts).toMatchObject({ deliveries: 1, same: 1, corrected: 0, taken: 0 });
    expect([facts.written, taken]).toEqual([[], []]);
  });

  it('whatever they were marked as when they came', async () => {
    const historical = eventHash({ ...first, data: { order: { ...(first as CanonicalEvent<'order.created'>).data.order, historical: true } } } as CanonicalEvent);
    const { run } = await world([delivered('a', 1, order('1'))], standing([known(first, { hash: historical })]));
    expect((await run()).counts).toMatchObject({ same: 1, corrected: 0 });
  });

  it('in other words are corrected under versions above all of their sequence, and known under the new ones from then on', async () => {
    const at = Date.parse('2026-11-23T13:00:00Z');
    const one = await world([delivered('a', 1, order('1'))], standing([known(first, { wrongly: true })]));
    one.claims.set(first.id, 'f'.repeat(64));
    const { counts, samples } = await one.run({ at: new Date(at).toISOString() });
    expect(counts).toMatchObject({ corrected: 1, taken: 0, moved: 0 });
    expect(samples).toEqual([{ what: 'corrected', id: first.id, type: 'order.created', key: 'canonical:default:1' }]);
    const version = `${first.sequence}z${at.toString(36).padStart(8, '0')}`;
    expect(one.facts.written).toMatchObject([{
      fact: 'order.settled', key: 'canonical:default:1', sequence: version, events: [{ id: first.id, hash: eventHash(first), recordedAt: iso(1) }],
      payload: { versions: { header: version, status: version, lines: version } },
    }]);
    expect(one.facts.written[0]).not.toHaveProperty('inFlight');
    expect(one.claims.get(first.id)).toBe(eventHash(first));
    expect(one.taken).toEqual([]);
  });

  it('are only counted in a dry run', async () => {
    const one = await world([delivered('a', 1, order('1')), delivered('b', 2, order('2'))], standing([known(first, { wrongly: true })]));
    expect((await one.run({ dryRun: true })).counts).toMatchObject({ corrected: 1, taken: 1 });
    expect([one.facts.written, one.taken, one.released]).toEqual([[], [], []]);
  });

  it('keep what we have made of them, and lose what only the old mapping saw', async () => {
    const deliveries = [delivered('c', 1, order('confirmed')), delivered('w', 2, order('wrong', { status: 'PROCESSING' }))];
    const [confirmed, wrong] = eventsIn(deliveries) as [CanonicalEvent, CanonicalEvent];
    const groups = (status: string) => ({ order: { status, sequence: sequenceAt(0) }, payment: { status: 'PAID', sequence: sequenceAt(3) }, fulfilment: undefined });
    const one = await world(deliveries, standing([known(confirmed, { wrongly: true }), known(wrong, { wrongly: true })], [
      [confirmed.partitionkey, { groups: groups('CONFIRMED'), overdue: false, historical: true, steps: stepsOf('confirmed') }],
      [wrong.partitionkey, { groups: groups('NEW'), overdue: false, historical: false, steps: stepsOf('wrong') }],
    ]));
    await one.run();
    const [ours, theirs] = one.facts.written as [Fact<'order.settled'>, Fact<'order.settled'>];
    expect(ours.payload.order).toMatchObject({ status: 'CONFIRMED', historical: true });
    expect(ours.payload.history.filter(({ withdrawn }) => withdrawn)).toEqual([]);
    expect(theirs.payload.order.status).toBe('PROCESSING');
    expect(theirs.payload.history.filter(({ withdrawn }) => withdrawn)).toMatchObject([{ group: 'order', status: 'NEW', sequence: sequenceAt(0) }]);
  });

  it('keep our confirmation of what was unknown before, and say no longer what is unknown now', async () => {
    const deliveries = [delivered('c', 1, order('confirmed')), delivered('u', 2, order('unknown', { status: 'UNKNOWN' }))];
    const [confirmed, unknown] = eventsIn(deliveries) as [CanonicalEvent, CanonicalEvent];
    const one = await world(deliveries, standing([known(confirmed, { wrongly: true }), known(unknown, { wrongly: true })], [
      [confirmed.partitionkey, {
        groups: { order: { status: 'CONFIRMED', sequence: sequenceAt(0) }, payment: { status: 'PENDING', sequence: sequenceAt(0) }, fulfilment: undefined }, overdue: true, historical: false,
        steps: stepsOf('confirmed').filter(({ status }) => status !== 'NEW'),
      }],
      [unknown.partitionkey, { groups: { order: { status: 'NEW', sequence: sequenceAt(0) }, payment: undefined, fulfilment: undefined }, overdue: true, historical: false, steps: stepsOf('unknown') }],
    ]));
    await one.run();
    const [ours, unsaid] = one.facts.written as [Fact<'order.settled'>, Fact<'order.settled'>];
    expect(ours.payload).toMatchObject({ order: { status: 'CONFIRMED' }, paymentOverdue: true });
    expect(unsaid.payload.versions.status).toBe(unsaid.sequence);
    expect(unsaid.payload).toMatchObject({ order: { status: 'UNKNOWN' }, history: expect.arrayContaining([expect.objectContaining({ status: 'NEW', withdrawn: true })]) });
    // overdue is said of the payment that stands, which is not this one's
    expect(unsaid.payload).not.toHaveProperty('paymentOverdue');
  });

  it('and are history stay history', async () => {
    const delivery = delivered('a', 1, { type: 'adjustment.recorded', timestamp: iso(0), data: { adjustment: { id: 'x', kind: 'fee', amount: 5, currency: 'EUR', at: iso(0) } } });
    const [event] = eventsIn([delivery]) as [CanonicalEvent];
    const about = known(event, { wrongly: true, fact: 'adjustment.recorded', factKey: event.subject });
    const one = await world([delivery], standing([about], [], { historicalAdjustments: async () => new Set(['canonical:default:x']) }));
    expect((await one.run()).counts).toMatchObject({ corrected: 1, moved: 0 });
    expect(one.facts.written).toMatchObject([{ fact: 'adjustment.recorded', historical: true, payload: { adjustment: { amount: 5 } } }]);
  });

  it('that repeat others stay repeats', async () => {
    const one = await world([delivered('a', 1, order('1'))], standing([known(first, { wrongly: true, fact: 'event.absorbed', absorbed: 'duplicate', original: 'e'.repeat(32) })]));
    await one.run();
    expect(one.facts.written).toMatchObject([{ fact: 'order.settled', events: [] }, { fact: 'event.absorbed', events: [{ id: first.id, hash: eventHash(first) }], payload: { reason: 'duplicate', original: 'e'.repeat(32) } }]);
  });

  it('under another key are counted and named, as the rows of the old one stay', async () => {
    const one = await world([delivered('a', 1, order('1'))], standing([known(first, { wrongly: true, factKey: 'canonical:default:old', eventKey: 'canonical:default:old' })]));
    expect(await one.run()).toMatchObject({ counts: { corrected: 1, moved: 1 }, samples: [{ what: 'moved', key: 'canonical:default:old' }] });
  });

  it('and of which a later delivery says something else are those of the delivery that stood', async () => {
    const deliveries = [delivered('a', 1, order('1')), delivered('a', 3, order('1', { total: 999 }))];
    const one = await world(deliveries, standing([known(first)]));
    expect((await one.run()).counts).toMatchObject({ same: 1, repeated: 1, corrected: 0 });
    expect(one.facts.written).toEqual([]);
  });

  it('and which cannot be read any longer keep their rows', async () => {
    const id = first.id;
    const one = await world([delivered('a', 1, { type: 'order.created', timestamp: iso(0), data: { order: { id: '1' } } })], standing([known(first)]));
    expect(await one.run()).toMatchObject({ counts: { refused: 1, unreadable: 0 }, samples: [{ what: 'refused', id }] });
  });
});

describe('events that the warehouse does not have', () => {
  it('and nobody has taken are taken as history, and leave quarantine', async () => {
    const deliveries = [delivered('a', 1, order('1')), delivered('b', 2, shipped('1'))];
    const one = await world(deliveries);
    expect((await one.run()).counts).toMatchObject({ taken: 2 });
    expect(one.taken).toMatchObject([{ type: 'order.created', data: { order: { historical: true } } }, { type: 'order.updated', data: { update: { historical: true } } }]);
    expect(one.taken.map(({ rawref }) => rawref)).toEqual([expect.stringMatching(/^s3:\/\/archive\/raw\/2026\/11\/22\/12\/w0001-0#\d+,\d+$/), expect.any(String)]);
    expect(one.released).toEqual(one.taken.map(({ id }) => id));
    expect(one.facts.written).toEqual([]);
  });

  it('are left alone while a workflow has them, or may be about to', async () => {
    const one = await world([delivered('a', 1, order('1'))]);
    one.claims.set(first.id, eventHash(first));
    expect((await one.run()).counts).toMatchObject({ inFlight: 1, taken: 0 });
    const young = await world([delivered('a', 1, order('1'))], standing(), { clock: () => noon + 10 * 60_000 });
    expect((await young.run()).counts).toMatchObject({ inFlight: 1, taken: 0 });
    expect([...one.taken, ...young.taken]).toEqual([]);
  });

  it('and cannot be read stay where they are', async () => {
    const one = await world([delivered('a', 1, order('1', { total: '0' }))]);
    expect((await one.run()).counts).toMatchObject({ unreadable: 1, taken: 0 });
  });

  it('come once, however often they were delivered', async () => {
    const one = await world([delivered('a', 1, order('1')), delivered('a', 1, order('1'))], standing());
    await one.run();
    expect(one.taken.map(({ id }) => id)).toEqual([first.id, first.id]);
    // in objects of their own they meet at the claims; in one object they are seen
    const key = [...one.objects.keys()][0] ?? '';
    const object = one.objects.get(key) ?? new Uint8Array();
    one.objects.clear();
    one.objects.set(key, Buffer.concat([object, object]));
    expect((await one.run()).counts).toMatchObject({ taken: 1, repeated: 1 });
  });
});

describe('the archive', () => {
  it('is read in parts, each object once', async () => {
    const deliveries = [0, 1, 61, 200].map((at) => delivered(`d${at}`, at, order(String(at))));
    let now = noon + 86_400_000;
    const one = await world(deliveries, standing(), { clock: () => (now += 8_000) });
    const parts = [await one.run()];
    for (let next = parts[0]?.next; next; next = parts.at(-1)?.next) parts.push(await one.run({ next }));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, { objects }) => sum + objects, 0)).toBe(4);
    expect(one.taken).toHaveLength(4);
  });

  it('is read from a moment to another, and of one source where it is named', async () => {
    const one = await world([0, 10, 20].map((at) => delivered(`d${at}`, at, order(String(at)))));
    expect((await one.run({ from: iso(10), until: iso(20), dryRun: true })).counts).toMatchObject({ deliveries: 1, taken: 1 });
    expect((await one.run({ source: 'shopify', dryRun: true })).counts).toMatchObject({ deliveries: 0, taken: 0 });
  });

  it('does not give back whom it forgot', async () => {
    const one = await world([delivered('a', 1, order('1'))]);
    const [object] = [...one.objects.values()] as [Uint8Array];
    const [entry] = [...readArchive(object)];
    if (entry?.kind !== 'delivery') throw new Error('no delivery');
    blankBody(object, entry);
    expect((await one.run()).counts).toMatchObject({ deliveries: 1, erased: 1, taken: 0, unreadable: 0 });
    expect(one.taken).toEqual([]);
  });

  it('that is damaged is read up to there, and the place is told', async () => {
    const one = await world([delivered('a', 1, order('1')), delivered('b', 2, order('2'))]);
    const [key, object] = [...one.objects][0] as [string, Uint8Array];
    one.objects.set(key, Buffer.concat([object, object.subarray(0, object.byteLength - 20)]));
    const { damaged, counts } = await one.run();
    expect(damaged).toEqual([{ key: key.slice('archive/'.length), offset: object.byteLength, reason: 'body' }]);
    expect(counts).toMatchObject({ deliveries: 2, taken: 2 });
  });

  it('leaves out what is configured no longer', async () => {
    const one = await world([{ ...delivered('a', 1, order('1')), account: 'gone' }]);
    expect((await one.run()).counts).toMatchObject({ deliveries: 1, unconfigured: 1, taken: 0 });
  });

  it('refuses an input that is none', async () => {
    const one = await world([]);
    await expect(one.run({ from: 'yesterday' })).rejects.toThrow();
  });
});
