import { createHash } from 'node:crypto';
import type { Delivery, Said } from '../demo/delivery.ts';
import { fetchedEvents, fetchOf, type Fetch } from './fetchable.ts';

const said: Said = { type: 'order.updated', key: 'k' };
const version = (n: number, over: Partial<Delivery> = {}, acknowledged = true): Fetch => {
  const delivery: Delivery = { n, kind: 'event', source: 's', account: 'a', id: `d${n}`, headers: {}, body: '', says: [], ids: [], fetches: { id: 'o', version: n, body: `v${n}`, says: [said] }, ...over };
  return fetchOf(delivery, acknowledged, undefined) as Fetch;
};
const hash = (body: string): string => createHash('sha256').update(body).digest('hex');
const events = (fetches: readonly Fetch[], ...handedOut: string[]) => [...fetchedEvents(fetches, new Map([['s/a/o', new Set(handedOut.map(hash))]]))];

it('expects the last version always, an earlier one only if it was handed out', () => {
  expect(events([version(1), version(2)])).toMatchObject([{ first: true }]);
  expect(events([version(1), version(2)], 'v1')).toMatchObject([{ first: true }, { first: false }]);
  expect(events([version(1), version(2, {}, false)], 'v1')).toHaveLength(1);
  expect(events([version(1, {}, false)])).toEqual([]);
});

it('expects what nobody told of likewise, and says so', () => {
  expect(events([version(1, { kind: 'untold' })])).toMatchObject([{ untold: true, acknowledged: true }]);
  expect(events([version(1)])).toMatchObject([{ untold: false }]);
});
