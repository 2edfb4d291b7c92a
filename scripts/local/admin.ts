import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Compute } from './compute.ts';
import type { DataServices } from './data-services.ts';
import { nameOfArn } from './mappings/mapping.ts';

const answer = (response: unknown, value: unknown, status = 200): void => {
  (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
  (response as ServerResponse).end(JSON.stringify(value));
};

interface Depth { readonly visible: number; readonly invisible: number; readonly delayed: number }

/** Messages of the queues that functions read. Dead-letter queues are not among them: nothing moves there. */
async function queueDepths(compute: Compute, sources: readonly string[]): Promise<Record<string, Depth>> {
  const queues = sources.filter((arn) => arn.includes(':sqs:'));
  const depths = await Promise.all(queues.map(async (arn): Promise<[string, Depth]> => {
    const url = `http://127.0.0.1/${arn.split(':').slice(-2).join('/')}`;
    const { Attributes } = (await compute.aws.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] })) as { Attributes?: Record<string, string> };
    const count = (name: string): number => Number(Attributes?.[`ApproximateNumberOfMessages${name}`] ?? 0);
    return [nameOfArn(arn), { visible: count(''), invisible: count('NotVisible'), delayed: count('Delayed') }];
  }));
  return Object.fromEntries(depths);
}

/**
 * What moves. Top-level numbers are what must be zero for `idle`; executions that wait for a task token are not counted,
 * nor are queues that no function reads (dead letters). Asking ends the batch windows that hold the last records.
 */
async function idleness(compute: Compute): Promise<Record<string, unknown>> {
  const mappings = compute.mappings.activity();
  const lambda = compute.lambda.activity();
  const executions = compute.engine.activity();
  const sources = Object.values(mappings);
  const queues = await queueDepths(compute, sources.map((each) => each.source));
  const moving = {
    records: sources.reduce((sum, each) => sum + each.records + Number(each.unread), 0),
    invocations: lambda.running + lambda.waiting,
    queuedInvocations: lambda.queued,
    deliveries: compute.deliveries.sending,
    executions: Math.max(0, executions.running - executions.waitingForToken),
    messages: Object.values(queues).reduce((sum, depth) => sum + depth.visible + depth.invisible + depth.delayed, 0),
  };
  const idle = Object.values(moving).every((count) => count === 0);
  if (moving.records > 0 && moving.invocations + moving.executions === 0) compute.mappings.flush();
  return { idle, ...moving, detail: { mappings, lambda, executions, queues, deliveriesWaiting: compute.deliveries.waiting, schedules: compute.scheduler.due(), transitions: compute.engine.transitions() } };
}

/** `/_local/…` for the runner and for people. */
export function registerAdmin(data: DataServices, compute: Compute): void {
  const { router } = data;
  router.admin('idle', async (_request, response) => answer(response, await idleness(compute)));
  router.admin('calls', async (_request, response) => {
    await data.settleCalls();
    answer(response, data.calls.snapshot());
  });
  router.admin('usage', (_request, response) => answer(response, { functions: Object.fromEntries(compute.lambda.usage), transitions: compute.engine.transitions() }));
  router.admin('roles', (_request, response) => answer(response, compute.roles.all()));
  router.admin('windows', (_request, response) => {
    compute.mappings.flush();
    answer(response, {});
  });
  router.admin('schedules', async (request, response, body) => {
    const url = new URL(request.url ?? '/', 'http://local');
    if (!url.pathname.endsWith('/run')) return answer(response, compute.scheduler.due());
    const name = url.searchParams.get('name') ?? (body.length > 0 ? (JSON.parse(body.toString('utf8')) as { name?: string }).name : undefined) ?? '';
    await compute.scheduler.run(name).then(
      () => answer(response, { ran: name }),
      (error: unknown) => answer(response, { message: (error as Error).message }, 404),
    );
  });
}

/** Addresses at which custom resources report what they have done. */
export function customResourceDesk(data: DataServices): () => { url: string; answer: Promise<Record<string, unknown>>; forget: () => void } {
  const open = new Map<string, (reply: Record<string, unknown>) => void>();
  data.router.admin('custom-resource', (request, response, body) => {
    const settle = open.get(/([\w-]+)(?:\?.*)?$/.exec(request.url ?? '')?.[1] ?? '');
    settle?.(JSON.parse(body.toString('utf8')) as Record<string, unknown>);
    answer(response, {}, settle ? 200 : 404);
  });
  return () => {
    const id = randomUUID();
    return { url: `${data.endpoints['AWS_ENDPOINT_URL']}/_local/custom-resource/${id}`, answer: new Promise((resolve) => open.set(id, resolve)), forget: () => void open.delete(id) };
  };
}
