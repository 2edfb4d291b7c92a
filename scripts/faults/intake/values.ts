import type { DemoMessage } from '../../../services/ingest/src/sources/demo.ts';
import { demo as shopify } from '../../../services/ingest/src/sources/shopify/demo.ts';
import type { Sale } from '../../demo/sale.ts';
import { composedKey } from '../../demo/key.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { quarantine, rows } from '../world/look.ts';
import type { Scene, Told } from '../world/scene.ts';

/** An order of the shop whose amounts stand as the shop wrote them; the yardstick is told what it comes to. */
function shopOrder(scene: Scene, id: string, currency: string, price: string, minor: number): Told & { readonly key: string } {
  const sale = scene.sale({ channel: { source: 'shopify', account: 'default' }, currency });
  const [line] = sale.lines;
  const one: Sale = { ...sale, id: '1234', lines: line ? [{ ...line, id: '1', quantity: 1, discount: 0 }] : [], tax: 0, shipping: 0 };
  const { headers, body } = shopify.ordered?.(one, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, { delivery: '', account: 'default' }) as DemoMessage;
  const order = JSON.parse(body) as Record<string, unknown> & { line_items: Record<string, unknown>[] };
  for (const name of ['total_price', 'subtotal_price', 'total_line_items_price', 'current_total_price', 'current_subtotal_price']) order[name] = price;
  for (const name of ['total_price_set', 'total_shipping_price_set']) Reflect.deleteProperty(order, name);
  const [item] = order.line_items;
  if (item) {
    Reflect.deleteProperty(item, 'price_set');
    item['price'] = price;
  }
  const key = composedKey('shopify', 'default', id);
  const told = scene.letter({ headers, body: JSON.stringify(order).replace('"id":1234,', `"id":${id},`) }, { type: 'order.created', key, currency, total: minor, lines: 1 }, { source: 'shopify', account: 'default' });
  return { ...told, key };
}

const idOf = (scene: Scene, n: number): string => `7${scene.prefix.replace(/\D/g, '').padStart(8, '0')}00${n}`;

/** Numbers that lose something when they are taken carelessly. */
export const values: readonly Fault[] = [
  {
    number: '8', title: 'a 64-bit numeric id comes through digit for digit', guards: ['exact-ids'], quick: true,
    async run(scene) {
      const id = '9007199254740993';
      const told = shopOrder(scene, id, 'USD', '12.50', 1250);
      await scene.take(told);
      await scene.quiet();
      mustBe(await rows(scene.world, `SELECT order_id FROM orders WHERE order_key = 'shopify:default:${id}'`), [[id]], 'the order id');
    },
  },
  {
    number: '9', title: 'JPY 5800, KWD 1.234 and four decimals become exact minor units, or are flagged', guards: ['minor-digits'],
    async run(scene) {
      const yen = shopOrder(scene, idOf(scene, 1), 'JPY', '5800', 5800);
      const dinar = shopOrder(scene, idOf(scene, 2), 'KWD', '1.234', 1234);
      const four = shopOrder(scene, idOf(scene, 3), 'USD', '12.3456', 1235);
      await scene.take(yen, dinar);
      const { status, body } = await scene.send(four);
      mustBe(status, 200, 'four decimals');
      await scene.quiet();
      const totalOf = async (key: string): Promise<unknown> => (await rows(scene.world, `SELECT CAST(total_order_value AS VARCHAR(40)) FROM orders WHERE order_key = '${key}'`))[0]?.[0];
      mustBe([Number(await totalOf(yen.key)), Number(await totalOf(dinar.key))], [5800, 1.234], 'totals');
      const flagged = (await quarantine(scene.world)).some(({ events }) => events.includes(scene.eventId(four)));
      const total = await totalOf(four.key);
      must(flagged || Number(total) === 12.35 || Number(total) === 12.3456, `12.3456 became ${String(total)} (${body.slice(0, 200)})`);
    },
  },
];
