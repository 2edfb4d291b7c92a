import { parseAccounts } from '@orderflow/shared/accounts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { MemoryMailer, MemoryNotifier } from '@orderflow/shared/notices';
import { MemoryStore } from '@orderflow/shared/store';
import { kinesisEvent, memoryObjects, memoryQuarantine, orderCreatedEvent, runMachine } from '@orderflow/shared/testing';
import { MemoryExecutions, MemoryFacts } from '@orderflow/shared/workflow';
import type { CanonicalEvent } from '@orderflow/shared/events';
import definition from '../../../state-machines/process-order.asl.json' with { type: 'json' };
import { handle as checkPayment } from './check-payment/handle.ts';
import { handle as completeOrder } from './complete-order/handle.ts';
import { handle as confirmOrder } from './confirm-order/handle.ts';
import { handle as constructOrder } from './construct-order/handle.ts';
import { handle as consume } from './consume/handle.ts';
import { handle as loadOrder } from './load-order/handle.ts';
import { handle as notifyPaymentFailed } from './notify-payment-failed/handle.ts';
import { handle as notifyStaff } from './notify-staff/handle.ts';
import { handle as parkOrder } from './park-order/handle.ts';
import { MemoryPayments } from './payments/look-up.ts';
import { handle as reprocess } from './reprocess/handle.ts';

/** All of this service on in-memory ports, for tests: events in, executions run by the committed definition. */
export function world() {
  let now = Date.parse('2026-11-22T10:00:00Z');
  const clock = () => now;
  const ports = {
    store: new MemoryStore(clock), executions: new MemoryExecutions(), facts: new MemoryFacts(), mailer: new MemoryMailer(),
    staff: new MemoryNotifier(), payments: new MemoryPayments(), objects: memoryObjects(), quarantine: memoryQuarantine(),
  };
  const accounts = parseAccounts([
    { source: 'canonical', account: 'default', role: 'sells', customerNotices: 'us', unknownPayment: 'wait' },
    { source: 'canonical', account: 'market', role: 'sells' },
    { source: 'stripe', account: 'default', role: 'payments', paysFor: [{ source: 'canonical', account: 'default' }] },
  ]);
  const deps = { ...ports, accounts, clock, log: silentLog, meter: silentMeter, newId: () => 'id' };
  const bound = (handle: (input: unknown, ports: typeof deps) => Promise<unknown>) => (input: unknown) => handle(input, deps);
  const handlers: Record<string, (input: unknown) => Promise<unknown>> = {
    'construct-order': bound(constructOrder), 'check-payment': bound(checkPayment), 'confirm-order': bound(confirmOrder),
    'notify-payment-failed': bound(notifyPaymentFailed), 'park-order': bound(parkOrder), 'load-order': bound(loadOrder),
    'notify-staff': bound(notifyStaff), 'complete-order': bound(completeOrder),
  };
  let ran = 0;

  return {
    ...ports,
    deps,
    handlers,
    pass(minutes: number): void {
      now += minutes * 60_000;
    },
    receive: (...events: readonly CanonicalEvent[]) => consume(kinesisEvent(events.map((event) => ({ key: event.partitionkey, body: event }))), deps),
    /** Runs the executions of process-order that were started since; answers the states they went through. */
    async run(): Promise<string[][]> {
      const paths: string[][] = [];
      for (; ran < ports.executions.started.length; ran++) {
        const { service, input } = ports.executions.started[ran] ?? {};
        if (service === 'orders') paths.push((await runMachine(definition, handlers, input)).path);
      }
      return paths;
    },
    reprocess: () => reprocess({}, deps, { requestId: 'r', functionName: 'f', functionArn: 'a', remainingMs: () => 60_000 }),
    order: (id = '1001') => ports.store.look(`canonical:default:${id}`),
    calls: () => ports.store.calls + ports.executions.calls + ports.facts.calls + ports.mailer.sent.length + ports.staff.told.length,
    orderCreatedEvent,
  };
}
