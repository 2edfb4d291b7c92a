import type { Delivery } from './delivery.ts';
import { nuisances, type Draft } from './nuisances.ts';
import { randomOf, saleOf, type Sale, type World } from './sale.ts';
import { stocktaking } from './stocktaking.ts';
import { storyOf, type Ending, type Moment } from './story.ts';

/** One step of the stream: a new order (none once all are sent) and whatever else is due by now. */
export interface Step {
  readonly deliveries: readonly Delivery[];
  readonly sale: Sale | undefined;
  readonly ending: Ending | undefined;
}

const draftOf = ({ source, account, message, says, ids, fetches, untold }: Moment, id: string): Draft => {
  const { method, query, headers, body } = message;
  return {
    kind: untold ? 'untold' : 'event', source, account, id, ...(method !== undefined && { method }), ...(query !== undefined && { query }), headers, body, says, ids, ...(fetches && { fetches }),
  };
};

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
      const drafts = story.moments.map((moment, place) => ({ after: moment.after, draft: draftOf(moment, `${sale?.serial}_${place + 1}`) }));
      for (const { after, draft } of drafts) at(tick + after, draft);
      if (!world.onlyOrders) {
        for (const draft of nuisances(world, tick)) at(tick, draft);
        const first = drafts[0]?.draft;
        if (first && first.kind === 'event' && randomOf(world)('repeat', tick).chance(0.03)) {
          const { fetches, ...sent } = first;
          at(tick + 2, { ...sent, kind: 'repeat', says: [], ids: [] });
        }
      }
    }
    const deliveries = (due.get(tick) ?? []).map((draft): Delivery => ({ n: n++, ...draft }));
    due.delete(tick);
    yield { deliveries, sale, ending };
  }
}
