import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { must, mustBe, type Fault } from '../fault.ts';
import { executionsOf, item, mails } from '../world/look.ts';
import { hurried, withMachine } from '../world/machines.ts';
import { functionOf, runSchedule } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';
import { watchLater } from '../world/watch.ts';

const minutes = 60_000;

const putPayments = async ({ world: { payments } }: Scene, path: string, body: object): Promise<void> => {
  const { ok, status } = await fetch(`${payments}${path}`, { method: 'PUT', body: JSON.stringify(body) });
  must(ok, `payments stand-in: ${status}`);
};

/** The schedule of a service, looking from so far ahead. */
export async function reprocessLater(scene: Scene, service: 'orders' | 'updates' | 'returns', ahead: number): Promise<void> {
  await scene.world.rules.add({ id: `ahead-${service}`, function: functionOf(service, 'reprocess'), times: 1, fault: { kind: 'skew', ms: ahead } });
  await runSchedule(scene.world, service, 'reprocess');
  await scene.struck(`ahead-${service}`);
  await scene.quiet();
}

const steps = ['construct-order', 'check-payment', 'confirm-order', 'load-order', 'notify-staff', 'complete-order'] as const;

/** Others that do not answer, and steps that fail. */
export const failures: readonly Fault[] = [
  {
    number: '30', title: 'a payment look-up that is down, slow or flaps: no double confirmation, resolved by reprocess', guards: ['sent-guard'],
    async run(scene) {
      const sale = scene.sale({ payment: 'PENDING' });
      const state = async (): Promise<unknown> => (await item(scene.world, scene.key(sale)))?.['state'];
      await putPayments(scene, '/behaviour', { down: true, delayMs: 0 });
      try {
        await scene.take(scene.created(sale));
        await scene.quiet();
        mustBe(await state(), 'PARKED', 'state while the provider is down');
        await putPayments(scene, '/behaviour', { down: false, delayMs: 7000 });
        await putPayments(scene, `/payments/${sale.paymentReference}`, { status: 'PAID' });
        await reprocessLater(scene, 'orders', 20 * minutes);
        mustBe(await state(), 'PARKED', 'state while the provider is slow');
        await putPayments(scene, '/behaviour', { down: false, delayMs: 0 });
        await Promise.all([reprocessLater(scene, 'orders', 90 * minutes), runSchedule(scene.world, 'orders', 'reprocess')]);
      } finally {
        await putPayments(scene, '/behaviour', { down: false, delayMs: 0 });
      }
      scene.ends(sale, { payment: 'PAID' });
      mustBe(await state(), 'FORGOTTEN', 'state once the provider answers');
      mustBe((await mails(scene.world)).filter(({ to }) => to.includes(sale.person?.email ?? '')).length, 1, 'confirmations');
    },
  },
  {
    number: '31', title: 'a technical failure at each state in turn: FAILED, alerted, redriven, effects once', guards: ['alert-noted'], quick: true,
    async run(scene) {
      const { world } = scene;
      const sales = steps.map((step) => ({ step, sale: scene.sale() }));
      const told = sales.map(({ sale }) => scene.created(sale));
      await withMachine(world, 'process-order', hurried, async () => {
        await world.rules.add(...sales.map(({ step, sale }) => ({ id: step, function: functionOf('orders', step), containing: `${sale.id}"`, fault: { kind: 'error', type: 'TypeError' } })));
        await scene.take(...told);
        await scene.quiet();
      });
      const failed = (await Promise.all(told.map((one) => executionsOf(world, 'process-order', scene.eventId(one))))).flat();
      mustBe(failed.map(({ status }) => status), steps.map(() => 'FAILED'), 'executions');
      must((await watchLater(scene)).some((text) => /EXECUTION_FAILED/.test(text)), 'the failures are not alerted');
      await world.rules.clear();
      for (const { arn } of failed) await world.states.send(new RedriveExecutionCommand({ executionArn: arn }));
      await scene.quiet();
      for (const { step, sale } of sales) mustBe((await item(world, scene.key(sale)))?.['state'], 'FORGOTTEN', `the order that failed at ${step}`);
      for (const { sale } of sales) mustBe((await mails(world)).filter(({ to }) => to.includes(sale.person?.email ?? '')).length, 1, 'confirmations');
    },
  },
  {
    number: '32', title: 'a task that never returns ends in States.Timeout and is seen by failure-watch', guards: ['alert-noted'],
    async run(scene) {
      const { world } = scene;
      const sale = scene.sale();
      const told = scene.created(sale);
      const soon = (definition: { TimeoutSeconds?: number }): void => void (definition.TimeoutSeconds = 3);
      await scene.rules({ id: 'never', function: functionOf('orders', 'load-order'), times: 1, fault: { kind: 'delay', ms: 12_000 } });
      await withMachine(world, 'process-order', soon, async () => {
        await scene.take(told);
        await scene.until('the execution timing out', async () => (await executionsOf(world, 'process-order', scene.eventId(told))).some(({ status }) => status === 'TIMED_OUT'));
      });
      await scene.quiet();
      must((await watchLater(scene)).some((text) => /EXECUTION_FAILED/.test(text)), 'the time-out is not alerted');
      const [execution] = await executionsOf(world, 'process-order', scene.eventId(told));
      await world.states.send(new RedriveExecutionCommand({ executionArn: execution?.arn ?? '' }));
      await scene.quiet();
    },
  },
];
