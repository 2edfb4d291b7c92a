import { must, mustBe, type Fault } from '../fault.ts';
import { figure, logged } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';

export const security: readonly Fault[] = [
  {
    number: '53', title: 'canaries in headers and bodies: not one hit in logs, alerts and names', guards: ['logs-hold-codes-only'], quick: true,
    async run(scene) {
      const canary = `canary-${scene.prefix}-x7q`;
      scene.world.secrets.add(canary);
      const sale = scene.sale({ comment: `${canary} in a comment` });
      const told = scene.created(sale, { headers: { authorization: `Bearer ${canary}`, cookie: `session=${canary}` } });
      await scene.take(told);
      // failures are what tempts a log into telling more
      await scene.rules({ id: 'failing', function: functionOf('orders', 'check-payment'), times: 1, fault: { kind: 'error', type: 'TypeError' } });
      await scene.take(scene.created(scene.sale({ comment: canary })));
      await scene.take(scene.letter({ headers: {}, body: `{"type":"order.created","data":{"order":{"id":"${canary}","customer":{"email":"${canary}@example.com"}}}}` }, { type: 'intake.rejected', key: '' }));
      await scene.quiet();
      must((await logged(scene.world)).length > 50, 'hardly anything was logged: there is nothing to look at');
    },
  },
  {
    number: '54', title: 'one account\'s credentials on another\'s order are refused', guards: ['belongs'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      await scene.take(scene.created(sale));
      await scene.quiet();
      const foreign = scene.updated(sale, 60, { status: 'CANCELLED' }, { account: 'shop2' });
      const { status, body } = await scene.send({ ...foreign, says: [{ type: 'intake.rejected', key: '' }] });
      mustBe([status, (JSON.parse(body) as { quarantined?: { code: string }[] }).quarantined?.[0]?.code], [200, 'foreign-order'], 'an update by another account');
      const taken = scene.created(scene.sale());
      const named = { ...taken, letter: { ...taken.letter, account: 'shop2', body: String(taken.letter.body).replace('"order":{', '"order":{"source":"canonical","account":"default",') }, says: [{ type: 'intake.rejected', key: '' }] as const };
      const reply = await scene.send(named);
      mustBe((JSON.parse(reply.body) as { quarantined?: { code: string }[] }).quarantined?.[0]?.code, 'foreign-order', 'an order in another account\'s name');
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key = '${scene.key(sale)}' AND status = 'CANCELLED'`), 0, 'orders cancelled by a stranger');
    },
  },
];
