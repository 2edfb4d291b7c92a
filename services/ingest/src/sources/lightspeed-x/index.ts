import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Lightspeed Retail X-Series, once Vend (https://x-series-api.lightspeedhq.com/docs/webhooks): a form whose field `payload`
 * holds the thing as API 1.0 returns it, and no word of what it is about: its shape tells. A sale is told whole each time;
 * whether it is new, the store knows.
 */
export const source: SourceDefinition = {
  name: 'lightspeed-x',
  title: 'Lightspeed Retail (X-Series)',
  kind: 'pos',
  verified: {
    unsure: [
      'the signature’s encoding, here hex: the documentation shows its header and says only that it is of the body',
      'a line’s price: without tax and after its discount; an order’s total_price: without tax',
      'the shape of a sale is that of API 1.0 as users of it have recorded it; that of a product is the documentation’s own',
      'a count of stock and some products name no time: they count from when they came',
    ],
  },
  verify: {
    algorithm: 'sha256',
    // the client secret of the OAuth application; webhooks that were set up by hand are not signed and not taken
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-signature',
    parser: { form: 'pairs', separator: ',', signature: 'signature' },
    encoding: 'hex',
  },
  unwrap: [{ form: 'payload' }],
  topic: {
    shapes: { 'sale.update': 'register_sale_products', 'product.update': 'supply_price', 'inventory.update': 'count' },
    otherwise: 'other',
  },
  // it has none: what is sent again is sent byte for byte
  delivery: [],
  routes: { sells: { 'sale.update': 'order.created', 'product.update': 'catalog.updated', 'inventory.update': 'inventory.counted' } },
  toEvents,
};
