import * as canonical from './canonical.ts';
import { catalogue } from './catalogue.ts';
import type { Delivery, Said } from './delivery.ts';
import { composedKey } from './key.ts';
import { channels, randomOf, saleOf, type Sale, type World } from './sale.ts';
import { storyOf, type Ending } from './story.ts';

/** One step of the stream: a new order (none once all are sent) and whatever else is due by now. */
export interface Step {
  readonly deliveries: readonly Delivery[];
  readonly sale: Sale | undefined;
  readonly ending: Ending | undefined;
}

type Draft = Omit<Delivery, 'n'>;
const home = { source: 'canonical', account: 'default' };

/** The whole catalogue and a stock count, many events in one delivery each. */
function stocktaking(world: World): Draft[] {
  const time = world.placedAt(0) - 3_600_000;
  const r = randomOf(world)('stock');
  const batch = (id: string, items: readonly { message: canonical.Message; says: Said }[]): Draft => ({
    kind: 'event', ...home, id: `dlv_${Math.floor(world.epoch / 1000)}_${id}`, headers: { 'content-type': 'application/json' },
    body: `[${items.map(({ message }) => message.body).join(',')}]`, says: items.map(({ says }) => says),
  });
  return [
    batch('catalogue', catalogue.map((product) => ({ message: canonical.catalogued(product, time), says: { type: 'catalog.updated', key: composedKey('canonical', 'default', 'product', product.id) } }))),
    batch('stock', catalogue.map((product) => ({ message: canonical.counted(product.id, r.whole(0, 400), time), says: { type: 'inventory.counted', key: composedKey('canonical', 'default', 'inventory', product.id) } }))),
  ];
}

/** What every intake meets besides good news: forgeries, spoilt bodies, pings. */
function nuisances(world: World, n: number): Draft[] {
  const r = randomOf(world)('nuisance', n);
  const sale = saleOf(world, n);
  const many: Draft[] = [];
  const { headers, body } = canonical.created({ ...sale, channel: channels[0] as Sale['channel'], id: `forged-${sale.serial}` });
  if (n % 97 === 7) many.push({ kind: 'bad-signature', ...home, id: `dlv_${sale.serial}_forged`, headers, body, says: [] });
  if (n % 200 === 23) {
    const id = `dlv_${sale.serial}_spoilt`;
    many.push({ kind: 'unreadable', ...home, id, headers, body: body.slice(0, r.whole(20, 200)), says: [{ type: 'intake.rejected', key: id }] });
  }
  if (n % 150 === 11) {
    many.push({ kind: 'ping', source: 'shopify', account: 'default', id: `dlv_${sale.serial}_ping`, headers: { 'content-type': 'application/json', 'x-shopify-topic': 'app/uninstalled', 'x-shopify-shop-domain': 'default.example.com' }, body: '{"id":1}', says: [] });
  }
  return many;
}

/**
 * The stream of a demo world, one step an order. Everything in it follows from the world alone: a sender that was
 * killed makes the very same stream again and goes on where its ledger ends.
 * @param orders how many; Infinity for an endless stream
 */
export function* demoStream(world: World, orders: number): Generator<Step> {
  const due = new Map<number, Draft[]>();
  const at = (tick: number, draft: Draft): void => void due.set(tick, [...(due.get(tick) ?? []), draft]);
  let n = 0;
  if (!world.onlyOrders) for (const draft of stocktaking(world)) at(0, draft);
  for (let tick = 0; tick < orders || due.size > 0; tick++) {
    let sale: Sale | undefined;
    let ending: Ending | undefined;
    if (tick < orders) {
      sale = saleOf(world, tick);
      const story = storyOf(world, sale);
      ending = story.ending;
      for (const { after, source, account, id, message, says, fetches, untold } of story.moments) {
        at(tick + after, { kind: untold ? 'untold' : 'event', source, account, id, ...message, says, ...(fetches && { fetches }) });
      }
      if (!world.onlyOrders) {
        for (const draft of nuisances(world, tick)) at(tick, draft);
        const [first] = story.moments;
        if (first && !first.untold && randomOf(world)('repeat', tick).chance(0.03)) {
          const { source, account, id, message } = first;
          at(tick + 2, { kind: 'repeat', source, account, id, ...message, says: [] });
        }
      }
    }
    const deliveries = (due.get(tick) ?? []).map((draft): Delivery => ({ n: n++, ...draft }));
    due.delete(tick);
    yield { deliveries, sale, ending };
  }
}
