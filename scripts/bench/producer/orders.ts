import type { DemoMessage } from '../../../services/ingest/src/sources/demo.ts';
import { demo as shopify } from '../../../services/ingest/src/sources/shopify/demo.ts';
import { random } from '../../demo/random.ts';
import { signedRequest } from '../../demo/request.ts';
import { saleIn, type Sale } from '../../demo/sale.ts';

/** A signed webhook. */
export interface SignedOrder {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const shop = { source: 'shopify', account: 'default' };

const placeholder = '"id":1234,';

/** The body of a Shopify order of about `bytes`, cut in two where its id stands. */
function halves(bytes: number): readonly [string, string, Readonly<Record<string, string>>] {
  const world = { seed: 7, epoch: Date.now(), onlyOrders: true, placedAt: () => Date.now() - 3_600_000 };
  const sale = saleIn(world, { ...shop, currencies: ['USD'], payments: [] }, random(7, 'bench').whole(0, 1_000));
  for (let lines = 1; ; lines++) {
    const sold = Array.from({ length: lines }, (_, at) => ({ ...(sale.lines[0] as (typeof sale.lines)[number]), id: String(at + 1) }));
    const one: Sale = { ...sale, channel: shop, id: '1234', lines: sold };
    const { headers, body } = shopify.ordered?.(one, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: one.placedAt, version: 1 }, { delivery: '', account: shop.account }) as DemoMessage;
    if (body.length < bytes) continue;
    const at = body.indexOf(placeholder);
    return [`${body.slice(0, at)}"id":`, body.slice(at + placeholder.length - 1), headers];
  }
}

/** Endless distinct orders, each under a delivery id of its own, signed as Shopify signs: `first`, `first + 1` … */
export function ordersFrom(first: number, bytes: number): () => SignedOrder {
  const [before, after, fixed] = halves(bytes);
  let next = first;
  return () => {
    const id = String(next++);
    const body = `${before}${id}${after}`;
    const { headers, body: bytes } = signedRequest({ headers: { ...fixed, 'x-shopify-webhook-id': `bench-${id}` }, body }, { ...shop, base: 'http://127.0.0.1' }, 0);
    return { headers: headers as SignedOrder['headers'], body: bytes };
  };
}
