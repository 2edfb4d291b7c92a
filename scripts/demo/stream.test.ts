import { standInVendors } from '../local/vendors.ts';
import { demoChannels, pushingChannels } from './channels.ts';
import { signedRequest } from './request.ts';
import { demoStream } from './stream.ts';
import { shopsLagMs, type World } from './sale.ts';

const world: World = { seed: 1, epoch: Date.parse('2026-11-22T12:00:00Z'), onlyOrders: false, placedAt: (n) => Date.parse('2026-11-21T00:00:00Z') + n * 60_000, channels: demoChannels() };
/** What vendors write where there is no address. */
const placeholders = new Set(['void@razorpay.com']);
const all = (over: Partial<World> = {}, orders = 400) => [...demoStream({ ...world, ...over }, orders)];
const deliveriesOf = (over: Partial<World> = {}, orders = 400) => all(over, orders).flatMap(({ deliveries }) => deliveries);

describe('demo stream', () => {
  it('is the same for the same seed, another for another', () => {
    expect(JSON.stringify(deliveriesOf())).toBe(JSON.stringify(deliveriesOf()));
    expect(JSON.stringify(deliveriesOf())).not.toBe(JSON.stringify(deliveriesOf({ seed: 2 })));
  });

  it('holds exactly as many orders as asked for, each with a key of its own, from every channel', () => {
    const orders = deliveriesOf().flatMap(({ says, kind, fetches }) => (kind === 'repeat' ? [] : fetches?.version === 1 ? fetches.says : says)).filter(({ type }) => type === 'order.created');
    // some sources tell the whole order again as a new one
    expect(new Set(orders.map(({ key }) => key)).size).toBe(400);
    expect(new Set(orders.map(({ key }) => key.split(':').slice(0, 2).join(':')))).toEqual(
      new Set(world.channels.map(({ source, account }) => `${source}:${account}`)),
    );
  });

  it('numbers deliveries without a gap and repeats only what went before', () => {
    const deliveries = deliveriesOf();
    expect(deliveries.map(({ n }) => n)).toEqual(deliveries.map((_, at) => at));
    const seen = new Map<string, string>();
    for (const { kind, source, account, id, body } of deliveries) {
      const name = `${source} ${account} ${id}`;
      if (kind === 'repeat') expect(seen.get(name)).toBe(body);
      else expect(seen.has(name)).toBe(false);
      seen.set(name, body);
    }
    expect(deliveries.filter(({ kind }) => kind === 'repeat').length).toBeGreaterThan(3);
  });

  it('tells of every type and every nuisance', () => {
    const deliveries = deliveriesOf();
    expect(new Set(deliveries.flatMap(({ says }) => says.map(({ type }) => type)))).toEqual(new Set([
      'order.created', 'order.updated', 'payment.changed', 'return.requested', 'feedback.received', 'catalog.updated', 'inventory.counted', 'adjustment.recorded', 'source.notified', 'intake.rejected',
    ]));
    expect(new Set(deliveries.map(({ kind }) => kind))).toEqual(new Set(['event', 'repeat', 'bad-signature', 'unreadable', 'ping', 'untold']));
  });

  it('keeps some orders from everybody but their vendor: no notice, no repeat, changed just now by its clock', () => {
    const steps = all();
    const placed = new Map(steps.flatMap(({ sale }) => (sale ? [[sale.id, sale.placedAt] as const] : [])));
    const untold = steps.flatMap(({ deliveries }) => deliveries.filter(({ kind }) => kind === 'untold'));
    expect(untold.length).toBeGreaterThan(3);
    const things = new Set(untold.map(({ fetches }) => fetches?.id));
    for (const { kind, source, fetches, body, says } of steps.flatMap(({ deliveries }) => deliveries)) {
      if (!fetches || !things.has(fetches.id)) continue;
      expect([kind, body, says]).toEqual(['untold', '', []]);
      const changedAt = standInVendors[source]?.list?.modified(JSON.parse(fetches.body) as Record<string, unknown>);
      const placedAt = placed.get(fetches.id);
      // a vendor that writes no milliseconds cuts them off
      if (placedAt !== undefined) expect([0, 20, 30, 120, 540, 600]).toContain(Math.max(Date.parse(changedAt ?? '') - placedAt - shopsLagMs, 0));
    }
  });

  it('adds up: total = lines + tax + shipping', () => {
    for (const { sale } of all()) {
      if (!sale) continue;
      expect(sale.total).toBe(sale.lines.reduce((sum, { total }) => sum + total, 0) + sale.tax + sale.shipping);
      expect(sale.total).toBeGreaterThan(0);
    }
  });

  it('has nothing but paid orders when asked for', () => {
    const deliveries = deliveriesOf({ onlyOrders: true, channels: pushingChannels() }, 50);
    expect(deliveries).toHaveLength(50);
    expect(deliveries.every(({ says }) => says[0]?.type === 'order.created')).toBe(true);
  });

  it('names nobody outside example.com', () => {
    for (const { body } of deliveriesOf()) {
      for (const [address, host] of body.matchAll(/[\w.+-]+@([\w.-]+)/g)) expect([host, address]).toContain(placeholders.has(address) ? address : 'example.com');
    }
  });

  it('signs as the specifications say', () => {
    const message = { headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek' }, body: '{"test": 2432232314}' };
    expect(signedRequest(message, { source: 'canonical', account: 'default', base: '' }, 1_614_265_330_000, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').headers['webhook-signature'])
      .toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
