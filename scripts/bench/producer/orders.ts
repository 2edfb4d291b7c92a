import { random } from '../../demo/random.ts';
import { saleOf, type Sale } from '../../demo/sale.ts';
import { shopMessage } from '../../demo/shopify.ts';
import { localSecret, signers } from '../../demo/sign.ts';

/** A signed webhook. */
export interface SignedOrder {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const placeholder = '"id":1234,';

/** The body of a Shopify order of about `bytes`, cut in two where its id stands. */
function halves(bytes: number): readonly [string, string, Readonly<Record<string, string>>] {
  const world = { seed: 7, epoch: Date.now(), onlyOrders: true, placedAt: () => Date.now() - 3_600_000 };
  const sale = saleOf(world, random(7, 'bench').whole(0, 1_000));
  for (let lines = 1; ; lines++) {
    const sold = Array.from({ length: lines }, (_, at) => ({ ...(sale.lines[0] as (typeof sale.lines)[number]), id: String(at + 1) }));
    const one: Sale = { ...sale, channel: { source: 'shopify', account: 'default', currencies: ['EUR'] }, id: '1234', lines: sold };
    const { headers, body } = shopMessage(one, 'orders/create', { financial: 'paid', fulfilment: null, updatedAt: one.placedAt });
    if (body.length < bytes) continue;
    const at = body.indexOf(placeholder);
    return [`${body.slice(0, at)}"id":`, body.slice(at + placeholder.length - 1), headers];
  }
}

/** Endless distinct orders, each under a delivery id of its own, signed as Shopify signs: `first`, `first + 1` … */
export function ordersFrom(first: number, bytes: number): () => SignedOrder {
  const [before, after, fixed] = halves(bytes);
  const secret = localSecret('shopify', 'default');
  const sign = signers['shopify'];
  let next = first;
  return () => {
    const id = String(next++);
    const body = `${before}${id}${after}`;
    return { body: Buffer.from(body), headers: { ...fixed, ...sign?.(secret, `bench-${id}`, body, 0) } };
  };
}
