import { must, mustBe, type Fault } from '../fault.ts';
import { figure } from '../world/look.ts';
import type { Reply } from '../world/post.ts';
import type { Scene, Told } from '../world/scene.ts';

/** Deliveries a second that each account may send while the fault is played, twice as many at once. */
const perSecond = 10;
const floods = 80;

const withStatus = (replies: readonly Reply[], status: number): Reply[] => replies.filter((reply) => reply.status === status);

/** A neighbour that sends one after the other, as long as the flood lasts. */
async function neighbour(scene: Scene, over: Promise<unknown>): Promise<number[]> {
  const ended = new AbortController();
  void over.finally(() => ended.abort());
  const channel = { source: 'canonical', account: 'shop2', currencies: ['EUR'] } as const;
  const answers: number[] = [];
  do answers.push((await scene.send(scene.created(scene.sale({ channel })))).status);
  while (!ended.signal.aborted && answers.length < perSecond);
  return answers;
}

export const flood: readonly Fault[] = [
  {
    number: '55', title: 'one source floods: 429 with Retry-After for it alone, and all that it sends again arrives',
    guards: ['limit-of-an-account', 'limit-of-it-alone'],
    async run(scene) {
      const sales = Array.from({ length: floods }, () => scene.sale());
      const told: Told[] = sales.map((sale) => scene.created(sale));
      await scene.world.restartProducer({ MOST_PER_SECOND: String(perSecond) });
      try {
        const flooding = Promise.all(told.map((one) => scene.send(one)));
        const beside = await neighbour(scene, flooding);
        const replies = await flooding;
        const refused = withStatus(replies, 429);
        mustBe(withStatus(replies, 200).length + refused.length, floods, 'answers 200 or 429');
        must(refused.length >= floods / 4, `of ${floods} at once only ${refused.length} were 429`);
        must(refused.every(({ retryAfter = 0 }) => retryAfter >= 1), '429 without the time to wait');
        mustBe(beside.filter((status) => status !== 200), [], 'answers to the neighbour');
        // forgeries, many more than the limit: the genuine sender has its allowance still
        const forged = await Promise.all(told.slice(0, 3 * perSecond).map(({ letter }) => scene.send({ letter: { ...letter, account: 'shop2', secret: 'not-the-secret' }, says: [] })));
        mustBe(withStatus(forged, 401).length + withStatus(forged, 429).length, forged.length, 'forgeries refused');
        must((await scene.insist(scene.created(scene.sale({ channel: { source: 'canonical', account: 'shop2' } })))).status === 200, 'the genuine sender after the forgeries');
        await Promise.all(told.map((one) => scene.insist(one)));
      } finally {
        await scene.world.replaceProducer();
      }
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key LIKE 'canonical:default:${scene.prefix}-%'`), floods, 'orders of the one who flooded');
    },
  },
];
