import type { DemoMessage, Telling } from '../../services/ingest/src/sources/demo.ts';
import { catalogue } from './catalogue.ts';
import { demoOf, type Channel } from './channels.ts';
import type { Draft } from './nuisances.ts';
import { randomOf, type World } from './sale.ts';
import { found, idsOf, told, type Matter } from './says.ts';

/** So many products a shop tells of where each takes a delivery of its own. */
const few = 3;

interface Entry {
  readonly make: (telling: Telling) => DemoMessage;
  readonly about: Omit<Matter, 'by'>;
}

/** What a shop says of its products and their stock. */
function entriesOf(world: World, channel: Channel): readonly (readonly Entry[])[] {
  const { catalogued, counted, adjusted, batched } = demoOf(channel);
  const at = Math.floor(world.placedAt(0) / 1000) * 1000 - 3_600_000;
  const r = randomOf(world)('stock', channel.source, channel.account);
  const products = batched ? catalogue : catalogue.slice(0, few);
  return [
    catalogued ? products.map((product): Entry => ({ make: (telling) => catalogued(product, at, channel.currencies[0] ?? 'USD', telling), about: { type: 'catalog.updated', id: product.id } })) : [],
    counted ? products.map((product): Entry => {
      const quantity = r.whole(0, 400);
      return { make: (telling) => counted(product, quantity, at, telling), about: { type: 'inventory.counted', id: product.id } };
    }) : [],
    adjusted ? products.slice(0, few).map((product, n): Entry => {
      const loss = { id: `${Math.floor(world.epoch / 1000)}${n}`, at, quantity: r.whole(1, 4), reason: 'broken in the store room' };
      return { make: (telling) => adjusted(product, loss, telling), about: { type: 'adjustment.recorded', id: loss.id } };
    }) : [],
  ];
}

/** The catalogue and a count of stock of every shop that tells of them: all in one delivery where it can, else a few. */
export function stocktaking(world: World): Draft[] {
  return world.channels.flatMap((channel, shop) => {
    const { source, account } = channel;
    const { batched } = demoOf(channel);
    let deliveries = 0;
    // what is told of again and again, such as a list of all, is newer in every run
    const version = (): number => Math.floor(world.epoch / 1000) * 1000 + deliveries;
    const telling = (): Telling => ({ delivery: `${Math.floor(world.epoch / 1000)}${String(shop).padStart(3, '0')}${String((deliveries += 1)).padStart(3, '0')}`, account });
    const draft = (id: string, message: DemoMessage, says: Draft['says']): Draft => ({ kind: 'event', source, account, id, ...message, says, ids: idsOf(message, channel, says.length) });
    return entriesOf(world, channel).flatMap((entries) => {
      const all = entries.map(({ make, about }) => {
        const by = telling();
        const message = make(by);
        const matter = { ...about, by: { source, account } };
        const fetches = message.fetched && { id: message.fetched.id, version: version(), body: message.fetched.body, says: found(message, matter) };
        return { id: by.delivery, message, says: told(message, matter).says, fetches };
      });
      if (!batched || all.length === 0) return all.map(({ id, message, says, fetches }) => ({ ...draft(id, message, says), ...(fetches && { fetches }) }));
      const by = telling();
      return [draft(by.delivery, batched(all.map(({ message }) => message), by), all.flatMap(({ says }) => says))];
    });
  });
}
