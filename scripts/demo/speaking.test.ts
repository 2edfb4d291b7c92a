import { accountsOf, findAccount, type Account, type AccountName } from '@orderflow/shared/accounts';
import type { CanonicalEvent, DataOf, EventType, Order } from '@orderflow/shared/events';
import { interpret, type Interpretation } from '../../services/ingest/src/intake/interpret.ts';
import { take } from '../../services/ingest/src/intake/take.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import type { Demo, DemoFetched, DemoMessage, DemoState } from '../../services/ingest/src/sources/demo.ts';
import { demos } from '../../services/ingest/src/sources/demos.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { memoryIntake, noon } from '../../services/ingest/src/testing/memory.ts';
import { catalogue } from './catalogue.ts';
import { channelOf, demoOf, speakingChannels, type Channel } from './channels.ts';
import { eventIdsOf } from './identity.ts';
import { forgedSecret, signedRequest } from './request.ts';
import { besides, saleIn, type Sale } from './sale.ts';
import { keyOf } from './says.ts';

const accounts = accountsOf('local');
const hour = 3_600_000;
const base = 'https://hooks.example';
const world = { seed: 3, epoch: noon, onlyOrders: false, placedAt: (n: number) => noon - 20 * hour + n * 60_000 };

/** An account of a source as it speaks, and what intake makes of it. */
class Ear {
  readonly source: SourceDefinition;
  readonly account: Account;
  constructor({ source, account }: AccountName) {
    this.source = findSource(source) as SourceDefinition;
    this.account = findAccount(accounts, source, account) as Account;
  }

  request = (message: DemoMessage, secret?: string) =>
    signedRequest(message, { source: this.source.name, account: this.account.account, base }, noon, secret);

  interpreted(message: DemoMessage): Interpretation {
    const { source, account } = this;
    return interpret({ ...this.request(message), source: source.name, account: account.account, receivedAt: noon }, { source, account, accounts });
  }

  /** The events of a message, of a thin notice those of what is fetched: of the types that are due, under the ids that are due. */
  events(message: DemoMessage, type: EventType): readonly CanonicalEvent[] {
    const { source, account } = this;
    // what is only polled is never sent
    if (message.fetched && demos[source.name]?.polled === 'only') return this.found(message.fetched, type, source.api?.poll?.topic ?? '');
    const said = this.interpreted(message);
    const makes = message.fetched ? ['source.notified' as const] : message.makes ?? [type];
    expect({ rejected: said.rejected, types: said.events.map((event) => event.type) }).toEqual({ rejected: [], types: makes });
    expect(said.events.map(({ id }) => id)).toEqual(eventIdsOf(source, account.account, message, makes.length));
    return message.fetched ? this.found(message.fetched, type, said.topic ?? '') : said.events;
  }

  /** The events of what is fetched or polled. */
  found(fetched: DemoFetched, type: EventType, topic: string): readonly CanonicalEvent[] {
    const { source, account } = this;
    const asked = { source: source.name, account: account.account, method: 'GET', url: '', headers: {}, body: Buffer.from(fetched.body), receivedAt: noon, via: 'fetch' as const, topic };
    const { rejected, events } = interpret(asked, { source, account, accounts });
    expect({ rejected, types: events.map((event) => event.type) }).toEqual({ rejected: [], types: fetched.makes ?? [type] });
    return events;
  }
}

const tellingOf = (serial: string, account: string, step: number) => ({ delivery: `${serial}${String(step).padStart(2, '0')}`, account });
const asPlaced = (sale: Sale): DemoState => ({ payment: sale.payment, fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 });

/** Shops whose payments the accounts of a source report. */
const paidShops = (source: string): readonly Channel[] =>
  accounts.filter((one) => one.source === source && one.role === 'payments').flatMap(({ account, paysFor }) => paysFor.flatMap((shop) => {
    const sold = findAccount(accounts, shop.source, shop.account) as Account;
    return demos[shop.source] ? [{ ...channelOf(sold, accounts), payments: [{ source, account }] }] : [];
  }));

/** So many sales of these shops in turn, in each of their currencies. */
const salesOf = (shops: readonly Channel[], many = 30): readonly Sale[] =>
  shops.length === 0 ? [] : Array.from({ length: many }, (_, n) => {
    const shop = shops[n % shops.length] as Channel;
    const currency = shop.currencies[Math.floor(n / shops.length) % shop.currencies.length] as string;
    return saleIn(world, { ...shop, currencies: [currency] }, n);
  });

/** What an order must say of a sale, and must not say otherwise where it says it. */
function expectOrder(order: Order | undefined, sale: Sale, { fetched, body }: DemoMessage): void {
  const sent = fetched?.body ?? body;
  expect(order).toMatchObject({ key: keyOf(sale), currency: sale.currency, total: sale.total, lines: { length: demoOf(sale.channel).without?.includes('lines') ? 0 : sale.lines.length } });
  if (order?.customer?.email !== undefined || sent.includes(sale.person?.email ?? ' ')) expect(order?.customer?.email).toBe(sale.person?.email);
  if (sale.comment === undefined) expect(order?.comment).toBeUndefined();
  else if (order?.comment !== undefined || sent.includes(sale.comment)) expect(order?.comment).toContain(sale.comment);
}

const orderIn = (events: readonly CanonicalEvent[]): Order | undefined =>
  events.map((event) => (event.type === 'order.created' ? event.data.order : event.type === 'order.updated' ? event.data.update.order : undefined)).find((order) => order !== undefined);

function the<T extends EventType>(events: readonly CanonicalEvent[], type: T): DataOf<T> | undefined {
  return events.find((event) => event.type === type)?.data as DataOf<T> | undefined;
}

describe.each(Object.keys(demos))('the demo of %s', (source) => {
  const demo = demos[source] as Demo;
  const shops = speakingChannels(accounts).filter((channel) => channel.source === source);
  const sales = salesOf(shops);
  const ear = (sale: Sale) => new Ear(sale.channel);
  const own = accounts.find((one) => one.source === source) as Account;
  const mine = () => new Ear(own);

  it('has an account of the stage local for whatever it says', () => {
    expect(own).toBeDefined();
    if (demo.ordered) expect(shops).not.toEqual([]);
    if (demo.paid) expect(paidShops(source)).not.toEqual([]);
  });

  if (demo.ordered) {
    it('tells a new order', () => {
      for (const sale of sales) {
        const message = demo.ordered?.(sale, asPlaced(sale), tellingOf(sale.serial, sale.channel.account, 1)) as DemoMessage;
        const order = orderIn(ear(sale).events(message, 'order.created'));
        expectOrder(order, sale, message);
        expect(order?.fulfilment.status).toBe(demo.starts ?? 'UNFULFILLED');
        if (demo.without?.includes('payment')) expect(order?.payment.status).toBe('UNKNOWN');
        else expect(order?.payment.status === 'PAID').toBe(sale.payment === 'PAID');
      }
    });
  }

  const told = demo.changed ? demo.tells ?? [] : [];
  if (told.length > 0) {
    it.each(told)('tells that an order is %s', (change) => {
      for (const sale of sales) {
        const state: DemoState = { payment: 'PAID', fulfilment: change === 'PAID' ? 'UNFULFILLED' : change, at: sale.placedAt + hour, version: 2 };
        const message = demo.changed?.(sale, state, tellingOf(sale.serial, sale.channel.account, 2)) as DemoMessage;
        const events = ear(sale).events(message, 'order.updated');
        const order = orderIn(events);
        if (order) expectOrder(order, sale, message);
        const update = the(events, 'order.updated')?.update;
        if (update) expect(update.orderKey).toBe(keyOf(sale));
        const { payment, fulfilment, status } = { ...order, ...update };
        if (change === 'PAID') expect(payment?.status).toBe('PAID');
        else if (change === 'CANCELLED') expect([status, fulfilment?.status]).toContain('CANCELLED');
        else expect(fulfilment?.status).toBe(change);
      }
    });
  }

  if (demo.returned) {
    it('tells what comes back', () => {
      for (const sale of sales) {
        const line = sale.lines[0] as Sale['lines'][number];
        const back = { id: besides(sale.serial), at: sale.placedAt + 2 * hour, line, amount: line.total, reason: 'damaged', comment: 'It arrived broken.' };
        const message = demo.returned?.(sale, back, tellingOf(sale.serial, sale.channel.account, 3)) as DemoMessage;
        const found = the(ear(sale).events(message, 'return.requested'), 'return.requested')?.return;
        expect(found).toMatchObject({ id: message.of ?? back.id, currency: sale.currency, amount: back.amount, orderKey: keyOf(sale) });
        if (found?.comment !== undefined) expect(found.comment).toContain(back.comment);
      }
    });
  }

  if (demo.reviewed || demo.surveyed) {
    it('tells what customers think', () => {
      for (const sale of sales) {
        const review = { id: besides(sale.serial), at: sale.placedAt + 3 * hour, rating: 4, comment: 'My mother adores it.' };
        for (const [speak, kind] of [[demo.reviewed, 'review'], [demo.surveyed, 'survey']] as const) {
          if (!speak) continue;
          const message = speak(sale, review, tellingOf(sale.serial, sale.channel.account, kind === 'review' ? 4 : 5));
          const feedback = the(ear(sale).events(message, 'feedback.received'), 'feedback.received')?.feedback;
          expect(feedback).toMatchObject({ id: message.of ?? review.id, kind, comment: review.comment });
          if (feedback?.orderKey !== undefined) expect(feedback.orderKey).toBe(keyOf(sale));
          if (feedback?.rating !== undefined && feedback.scale === 5) expect(feedback.rating).toBe(review.rating);
        }
      }
    });
  }

  if (demo.catalogued || demo.counted || demo.adjusted) {
    it('tells of products and their stock', () => {
      const shop = shops[0];
      for (const [n, product] of catalogue.slice(0, 12).entries()) {
        const telling = (step: number) => tellingOf(String(n), own.account, step);
        const catalogued = demo.catalogued?.(product, noon - hour, shop?.currencies[0] ?? 'USD', telling(6));
        if (catalogued) {
          const found = the(mine().events(catalogued, 'catalog.updated'), 'catalog.updated')?.product;
          expect(found).toMatchObject({ id: catalogued.fetched?.of ?? catalogued.of ?? product.id, name: product.name });
          if (found?.category !== undefined) expect(found.category).toBe(product.category);
        }
        const counted = demo.counted?.(product, n, noon - hour, telling(7));
        if (counted) {
          const found = the(mine().events(counted, 'inventory.counted'), 'inventory.counted')?.inventory;
          expect(found).toMatchObject({ productId: counted.of ?? product.id, quantity: n });
        }
        if (catalogued && counted && demo.batched) {
          const { events } = mine().interpreted(demo.batched([catalogued, counted], telling(10)));
          expect(events.map(({ type }) => type)).toEqual(['catalog.updated', 'inventory.counted']);
        }
        const loss = { id: String(n + 1), at: noon - hour, quantity: 2, reason: 'broken in the store room' };
        const adjusted = demo.adjusted?.(product, loss, telling(8));
        if (adjusted) expect(the(mine().events(adjusted, 'adjustment.recorded'), 'adjustment.recorded')?.adjustment).toMatchObject({ id: adjusted.of ?? loss.id, quantity: -2, reason: loss.reason });
      }
    });
  }

  if (demo.paid) {
    it('tells of payments', () => {
      for (const sale of salesOf(paidShops(source))) {
        for (const payment of ['PAID', 'FAILED'] as const) {
          const message = demo.paid?.(sale, { payment, fulfilment: 'UNFULFILLED', at: sale.placedAt + hour, version: 2 }, tellingOf(sale.serial, sale.payer?.account ?? '', 9)) as DemoMessage;
          const found = the(new Ear(sale.payer as AccountName).events(message, 'payment.changed'), 'payment.changed')?.payment;
          expect(found).toMatchObject({ reference: message.of ?? sale.paymentReference, currency: sale.currency });
          expect(found?.status === 'PAID').toBe(payment === 'PAID');
          if (found?.orderKey !== undefined) expect(found.orderKey).toBe(keyOf(sale));
          if (found?.amount !== undefined) expect(found.amount).toBe(sale.total);
          // it must find its order: by the order's id, or by the reference that the shop passes on
          if (found?.orderKey !== undefined) continue;
          const ordered = demoOf(sale.channel).ordered?.(sale, asPlaced(sale), tellingOf(sale.serial, sale.channel.account, 1)) as DemoMessage;
          expect(orderIn(ear(sale).events(ordered, 'order.created'))?.payment).toMatchObject({ provider: source, reference: found?.reference });
        }
      }
    });
  }

  if (demo.pinged) {
    it('sends what is answered and counted, and nothing else', () => {
      expect(mine().interpreted(demo.pinged?.({ delivery: '1', account: own.account }) as DemoMessage)).toMatchObject({ events: [], rejected: [], skipped: expect.any(String) });
    });
  }

  if (mine().source.verify === 'not-http') return; // nobody takes it over HTTP
  it('proves who sends: taken, and refused when it was altered or signed by another', async () => {
    const sale = (sales[0] ?? salesOf(paidShops(source))[0]) as Sale;
    const speaker = demo.ordered ? sale.channel : sale.payer as AccountName;
    const message = (demo.ordered ?? demo.paid)?.(sale, asPlaced(sale), tellingOf(sale.serial, speaker.account, 1)) as DemoMessage;
    const deps = memoryIntake();
    const listening = new Ear(speaker);
    const status = async (request: ReturnType<Ear['request']>) => (await take({ ...request, source, account: speaker.account, receivedAt: noon }, deps)).status;
    expect(await status(listening.request(message))).toBeLessThan(300);
    expect(deps.quarantined).toEqual([]);
    const taken = deps.events.length;
    expect(taken).toBe(message.fetched ? 1 : message.makes?.length ?? 1);
    const { verify } = listening.source;
    if (verify === 'not-http' || 'unsigned' in verify) return;
    expect(await status(listening.request(message, forgedSecret(source)))).toBe(401);
    const genuine = listening.request(message);
    if ('message' in verify && verify.message.some((part) => part === 'body' || (typeof part === 'object' && 'digestOfBody' in part))) {
      expect(await status({ ...genuine, body: Buffer.concat([genuine.body, Buffer.from(' ')]) })).toBe(401);
    }
    expect(deps.events).toHaveLength(taken);
  });
});
