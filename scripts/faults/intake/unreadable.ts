import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { gunzipSync } from 'node:zlib';
import { names } from '../../start/stage.ts';
import { treeMb } from '../../start/process-tree.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { figure, quarantine, rows } from '../world/look.ts';
import type { Scene, Told } from '../world/scene.ts';

interface Refusal { readonly quarantined?: readonly { readonly code: string; readonly path: string }[] }

const spoilt = (scene: Scene, body: string | Buffer): Told =>
  scene.letter({ headers: {}, body: '' }, { type: 'intake.rejected', key: '' }, { body });

/** An order whose `data.order` has been tampered with, in the canonical format. */
function tampered(scene: Scene, change: (order: Record<string, unknown>) => void): Told {
  const told = scene.created(scene.sale());
  const body = JSON.parse(String(told.letter.body)) as { data: { order: Record<string, unknown> } };
  change(body.data.order);
  return { ...told, letter: { ...told.letter, body: JSON.stringify(body) } };
}

/** A paid order of so many lines, one of each. */
function large(scene: Scene, lines: number): Told & { readonly key: string } {
  const sale = scene.sale();
  const [first] = sale.lines;
  const all = first ? Array.from({ length: lines }, (_, at) => ({ ...first, id: String(at + 1), quantity: 1, discount: 0, total: first.unit })) : [];
  const total = all.reduce((sum, line) => sum + line.total, 0);
  return { ...scene.created({ ...sale, lines: all, tax: 0, shipping: 0, total }), key: scene.key(sale) };
}

/** How many objects stand below a prefix. */
const objects = async ({ world: { stage } }: Scene, bucket: 'archive' | 'staging', Prefix: string): Promise<number> =>
  (await stage.s3.send(new ListObjectsV2Command({ Bucket: names.bucket(bucket), Prefix }))).KeyCount ?? 0;

/** Whether the raw archive holds an object with this text. */
async function archived({ world: { stage } }: Scene, text: string): Promise<boolean> {
  const Bucket = names.bucket('archive');
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'raw/' }));
  for (const { Key } of Contents.reverse()) {
    const body = Buffer.from((await (await stage.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray()) ?? []);
    if ((Key?.endsWith('.gz') ? gunzipSync(body) : body).includes(text)) return true;
  }
  return false;
}

/** Bodies that cannot be used. */
export const unreadable: readonly Fault[] = [
  {
    number: '3', title: 'a truncated or non-JSON body under a valid signature is quarantined raw', guards: ['quarantine-unreadable'], quick: true,
    async run(scene) {
      const whole = String(scene.created(scene.sale()).letter.body);
      const all = [spoilt(scene, whole.slice(0, 120)), spoilt(scene, 'order=1&paid=yes'), spoilt(scene, '')];
      await scene.take(...all);
      const entries = await quarantine(scene.world);
      for (const told of all) must(entries.some(({ id, code }) => id === scene.eventId(told) && code === 'json'), `delivery ${told.letter.id} is not in quarantine`);
    },
  },
  {
    number: '10', title: 'latitude 91, NaN and a far-future date are quarantined with the path; an absent optional is null', guards: ['latitude', 'far-future'], quick: true,
    async run(scene) {
      const wrong: readonly [string, Told][] = [
        ['latitude', tampered(scene, (order) => (order['position'] = { latitude: 91, longitude: 0, from: 'address' }))],
        ['total', tampered(scene, (order) => (order['total'] = 'NaN'))],
        ['placedAt', tampered(scene, (order) => (order['placedAt'] = '2226-01-01T00:00:00Z'))],
      ];
      for (const [field, told] of wrong) {
        const { status, body } = await scene.send({ ...told, says: [{ type: 'intake.rejected', key: '' }] });
        mustBe(status, 200, `answer to a wrong ${field}`);
        const path = (JSON.parse(body) as Refusal).quarantined?.[0]?.path ?? '(taken)';
        must(path.includes(field), `a wrong ${field} is quarantined under the path ${path}`);
      }
      const bare = tampered(scene, (order) => ['customer', 'position', 'comment', 'discount', 'tax', 'shipping', 'number'].forEach((name) => Reflect.deleteProperty(order, name)));
      await scene.take(bare);
      await scene.quiet();
      const said = bare.says[0];
      mustBe((await rows(scene.world, `SELECT gps_latitude, comment, customer_key FROM orders WHERE order_key = '${said?.key ?? ''}'`))[0], [null, null, null], 'absent optionals');
    },
  },
  {
    number: '11', title: 'too large, nested 10,000 deep or of 100,000 lines: 413 or 400, memory bounded; 1,000 and 5,000 lines are ordinary', guards: ['depth', 'pointer'], quick: true,
    async run(scene) {
      const answer = async (body: string): Promise<number> => (await scene.send({ ...spoilt(scene, body), says: [] })).status;
      const line = { id: '1', name: 'x', quantity: 1, unitPrice: '1.00', total: 100 };
      const small = treeMb(scene.world.producerPid());
      mustBe(await answer('x'.repeat(8_000_000)), 413, 'a body of 8 MB');
      mustBe(await answer(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), 400, 'JSON nested 10,000 deep');
      mustBe(await answer(`{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`), 400, 'objects nested 10,000 deep');
      const many = await answer(JSON.stringify({ type: 'order.created', data: { order: { id: `${scene.prefix}-many`, lines: Array.from({ length: 100_000 }, () => line) } } }));
      must(many === 413 || many === 400, `100,000 lines: ${many}`);
      const grown = Math.round(treeMb(scene.world.producerPid()) - small);
      must(grown < 400, `the producer has grown by ${grown} MB`);

      // what is large and within the limit: on the stream, then by a pointer, and its item keeps its lines on S3
      const before = [await objects(scene, 'archive', 'pointers/'), await objects(scene, 'staging', 'in-flight/')] as const;
      const orders = [[large(scene, 1000), 1000], [large(scene, 5000), 5000]] as const;
      must(Buffer.byteLength(orders[1][0].letter.body) > 400_000, 'the larger order is not large');
      await scene.take(...orders.map(([told]) => told));
      must((await objects(scene, 'archive', 'pointers/')) > before[0], 'no event lies on S3 with a pointer in its record');
      await scene.quiet();
      must((await objects(scene, 'staging', 'in-flight/')) > before[1], 'no item keeps its lines on S3');
      for (const [{ key }, lines] of orders) {
        const there = await rows(scene.world, `SELECT COUNT(*), COUNT(DISTINCT line_id) FROM order_product WHERE order_key = '${key}'`);
        mustBe(there[0]?.map(Number), [lines, lines], `lines of ${key} in the warehouse`);
      }
    },
  },
  {
    number: '12', title: '__proto__ pollutes nothing; NUL does no harm; right-to-left text and emoji come through', guards: ['key-without-nul'], quick: true,
    async run(scene) {
      const name = 'مصباح \u{1F3EE} «’"\\n';
      const told = tampered(scene, (order) => ((order['lines'] as Record<string, unknown>[])[0] ?? {})['name'] = name);
      const polluting = { ...told, letter: { ...told.letter, body: String(told.letter.body).replace('{', '{"__proto__":{"type":"order.updated","polluted":true},"constructor":{"prototype":{"polluted":true}},') } };
      await scene.take(polluting);
      const plain = scene.created(scene.sale());
      await scene.take(plain);
      const nul = tampered(scene, (order) => (order['id'] = `${scene.prefix}-\u0000`));
      const { status, body } = await scene.send({ ...nul, says: [{ type: 'intake.rejected', key: '' }] });
      mustBe(status, 200, 'an id with NUL');
      must(((JSON.parse(body) as Refusal).quarantined ?? []).length === 1, `an id with NUL: ${body.slice(0, 200)}`);
      const harmless = tampered(scene, (order) => ((order['lines'] as Record<string, unknown>[])[0] ?? {})['name'] = 'a\u0000b');
      await scene.send(harmless);
      await scene.quiet();
      const line = `SELECT name FROM order_product WHERE order_key = '${polluting.says[0]?.key ?? ''}' AND line_id = '1'`;
      mustBe((await rows(scene.world, line))[0]?.[0], name, 'the name of the line');
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key = '${plain.says[0]?.key ?? ''}' AND payment_status = 'PAID'`), 1, 'the order after it');
    },
  },
  {
    number: '13', title: 'an unknown source is 404; an unsupported topic is 2xx, counted and kept raw', guards: ['archive-ignored'], quick: true,
    async run(scene) {
      const told = scene.created(scene.sale());
      mustBe((await scene.send({ letter: { ...told.letter, source: 'nobody', signature: {} }, says: [] })).status, 404, 'an unknown source');
      mustBe((await scene.send({ letter: { ...told.letter, account: 'nobody' }, says: [] })).status, 404, 'an unknown account');
      const mark = `${scene.prefix}-ping`;
      const { status } = await scene.send({
        says: [], letter: { source: 'shopify', account: 'default', id: mark, body: JSON.stringify({ id: 1, note: mark }), headers: { 'x-shopify-topic': 'themes/publish', 'x-shopify-shop-domain': 'default.example.com' } },
      });
      mustBe(status, 200, 'an unsupported topic');
      await scene.until('the ping standing in the archive', async () => archived(scene, mark));
    },
  },
];
