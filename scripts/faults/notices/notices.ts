import { GetSuppressedDestinationCommand } from '@aws-sdk/client-sesv2';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import type { Person } from '../../demo/people.ts';
import type { Sale } from '../../demo/sale.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { executionsOf, item, logged, mails, type Mail } from '../world/look.ts';
import { functionOf, runSchedule } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';
import { hurried, withMachine } from '../world/machines.ts';
import { alerts, watchLater } from '../world/watch.ts';

const mailsTo = async (scene: Scene, address: string | undefined): Promise<Mail[]> => (await mails(scene.world)).filter(({ via, to }) => via !== 'sns' && to.includes(address ?? ''));
const loaded = async (scene: Scene, sale: Sale): Promise<boolean> => (await item(scene.world, scene.key(sale)))?.['state'] === 'FORGOTTEN';

/** The same customer with something else about them. */
function withPerson(scene: Scene, change: Partial<Person>): Sale {
  const sale = scene.sale();
  return sale.person ? { ...sale, person: { ...sale.person, ...change } } : sale;
}

const alertTopic = 'arn:aws:sns:eu-west-1:000000000000:orderflow-local-alerts';

/** Mails to customers and notices to staff. */
export const notices: readonly Fault[] = [
  {
    number: '42', title: 'SES throttled: backed off, one e-mail, the order does not fail', guards: ['unsent-is-released'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      // a send waits four strikes out by itself; the fifth and sixth meet another try of its step
      await scene.rules({ id: 'throttled', service: 'ses', operation: 'SendEmail', times: 6, fault: { kind: 'throttle' } });
      await scene.take(scene.created(sale));
      await scene.struck('throttled', 6);
      await scene.quiet();
      must(await loaded(scene, sale), 'the order is not loaded');
      mustBe((await mailsTo(scene, sale.person?.email)).length, 1, 'mails');
    },
  },
  {
    number: '43', title: 'a hard bounce or a complaint: the address is suppressed, the flow goes on', guards: ['bounce-suppresses'],
    async run(scene) {
      for (const kind of ['bounce', 'complaint']) {
        const email = `${kind}+${scene.prefix}@simulator.amazonses.com`;
        scene.world.secrets.add(email);
        const sale = withPerson(scene, { email });
        await scene.take(scene.created(sale));
        await scene.quiet();
        must(await loaded(scene, sale), `${kind}: the order is not loaded`);
        await scene.until(`${kind}: its address being suppressed`, async () =>
          (await scene.world.ses.send(new GetSuppressedDestinationCommand({ EmailAddress: email }))).SuppressedDestination?.Reason === kind.toUpperCase());
      }
    },
  },
  {
    number: '44', title: '<script> and CRLF in a name are escaped and inject no header', guards: ['html-escaped'], quick: true,
    async run(scene) {
      const sale = withPerson(scene, { first: '<script>alert(1)</script>\r\nBcc: victim@example.com\r\n', last: '"><img src=x onerror=1>' });
      await scene.take(scene.created(sale));
      await scene.quiet();
      must(await loaded(scene, sale), 'the order is not loaded');
      const [mail, ...more] = await mailsTo(scene, sale.person?.email);
      must(mail !== undefined && more.length === 0, 'there is not one mail');
      must(!/<script|<img/i.test(mail.html ?? ''), 'the mail holds a script');
      must(!/[\r\n]/.test(mail.subject) && !mail.to.includes('victim@example.com') && !Object.keys(mail.headers).some((name) => /bcc/i.test(name)), 'a header was injected');
    },
  },
  {
    number: '45', title: 'many failures at once come as one digest', guards: ['digest-memory'],
    async run(scene) {
      for (let at = 0; at < 8; at++) await scene.take(scene.letter({ headers: {}, body: `{"broken":${at}` }, { type: 'intake.rejected', key: '' }));
      const told = scene.created(scene.sale());
      await withMachine(scene.world, 'process-order', hurried, async () => {
        await scene.rules({ id: 'failing', function: functionOf('orders', 'load-order'), fault: { kind: 'error', type: 'TypeError' } });
        await scene.take(told);
        await scene.quiet();
      });
      const first = (await watchLater(scene)).length;
      const before = (await alerts(scene)).length;
      // the same minute again: everything has been told
      await runSchedule(scene.world, 'failure-watch', 'find-failures');
      await scene.quiet();
      mustBe([first, (await alerts(scene)).length - before], [1, 0], 'digests of the first run and of the second');
      const [failed] = await executionsOf(scene.world, 'process-order', scene.eventId(told));
      await scene.world.rules.clear();
      await scene.world.states.send(new RedriveExecutionCommand({ executionArn: failed?.arn ?? '' }));
      await scene.quiet();
    },
  },
  {
    number: '45a', title: 'a backfill of a year sends no mail and no notice', guards: ['history-is-silent'], quick: true,
    async run(scene) {
      const sales = Array.from({ length: 5 }, (_, at) => scene.sale({ placedAt: scene.world.startedAt - (at + 1) * 70 * 86_400_000 }));
      for (const sale of sales) {
        const told = scene.created(sale);
        const body = JSON.parse(String(told.letter.body)) as { data: { order: Record<string, unknown> } };
        body.data.order['historical'] = true;
        await scene.take({ ...told, letter: { ...told.letter, body: JSON.stringify(body) } }, scene.updated(sale, 60, { fulfilment: { status: 'SHIPPED' } }));
        scene.ends(sale, { payment: 'PAID', fulfilment: 'SHIPPED' });
      }
      await scene.quiet();
      const about = (await mails(scene.world)).filter(({ to, text, subject }) => [...to, text, subject].some((one) => one.includes(`${scene.prefix}-`)));
      mustBe(about.map(({ subject }) => subject), [], 'messages');
    },
  },
  {
    number: '45b', title: 'nobody listens to the alerts: said on every run', guards: ['unheard-is-said'],
    async run(scene) {
      const { sns } = scene.world;
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: alertTopic }));
      for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      const since = Date.now();
      try {
        for (let run = 1; run <= 2; run++) {
          await runSchedule(scene.world, 'failure-watch', 'find-failures');
          await scene.until(`run ${run} saying so`, async () => (await logged(scene.world, since)).filter(({ message }) => message.includes('WATCH_UNHEARD')).length >= run);
        }
      } finally {
        for (const { Protocol, Endpoint } of Subscriptions) await sns.send(new SubscribeCommand({ TopicArn: alertTopic, Protocol, Endpoint }));
      }
    },
  },
];
