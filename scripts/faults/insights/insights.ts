import { InvokeCommand } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { routes } from '../../../services/insights/src/api/routes.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { describeExecution } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';

/** Sums what was loaded and makes every insight, as the schedule does. */
async function refresh(scene: Scene): Promise<void> {
  const { executionArn = '' } = await scene.world.states.send(new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:orderflow-local-refresh-insights', input: '{}' }));
  const status = await scene.until('the refresh', async () => {
    const { status: now } = await describeExecution(scene.world, executionArn);
    return now === 'RUNNING' ? undefined : now;
  });
  mustBe(status, 'SUCCEEDED', 'the refresh');
}

async function ask(scene: Scene, path: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
  const reply = await scene.world.lambda.send(new InvokeCommand({ FunctionName: functionOf('insights', 'api'), Payload: Buffer.from(JSON.stringify({ rawPath: `/api${path}`, queryStringParameters: query, headers: {} })) }));
  const { statusCode, body } = JSON.parse(Buffer.from(reply.Payload ?? []).toString()) as { statusCode?: number; body?: string };
  mustBe(statusCode, 200, `GET /api${path} ${JSON.stringify(query)} ${body ?? ''}`);
  return body ?? '';
}

export const insights: readonly Fault[] = [
  {
    number: '51', title: 'empty, one-day, zero-variance and mixed-currency data: stated "insufficient", no NaN', guards: ['least-history'], quick: true,
    async run(scene) {
      // one day, one price, two currencies
      const base = scene.sale();
      const line = { ...base.lines[0], quantity: 1 } as (typeof base.lines)[number];
      for (const currency of ['EUR', 'EUR', 'EUR', 'JPY']) await scene.take(scene.created(scene.sale({ currency, lines: [line] })));
      await scene.quiet();
      await refresh(scene);
      for (const { path } of routes) {
        for (const query of [{}, ...(path.startsWith('/cash-flow') || path === '/products' ? [{ currency: 'JPY' }, { currency: 'CHF' }] : [])]) {
          if (path === '/cash-flow/what-if' && !('currency' in query)) continue;
          const said = await ask(scene, path, query);
          must(!/NaN|Infinity|undefined/.test(said), `GET /api${path} says ${/.{0,60}(NaN|Infinity|undefined)/.exec(said)?.[0] ?? ''}`);
        }
      }
      const { series } = JSON.parse(await ask(scene, '/cash-flow/forecast', { flow: 'inflow' })) as { series: { currency: string; state: string; reason?: string }[] };
      for (const currency of ['EUR', 'JPY']) mustBe(series.filter((one) => one.currency === currency).map(({ state, reason }) => [state, /needed/.test(reason ?? '')]), [['insufficient', true]], `the forecast of ${currency}`);
      mustBe(JSON.parse(await ask(scene, '/products', { from: '2020-01-01', to: '2020-01-31' })) as unknown, { from: '2020-01-01', to: '2020-01-31', rows: [] }, 'products of a month in which nothing was');
    },
  },
  {
    number: '52', title: '=HYPERLINK in names is inert in CSV, nobody\'s name is in an answer, places of fewer than five customers are not shown', guards: ['csv-inert', 'few-not-shown'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      const evil = `=HYPERLINK("http://evil.example/${scene.prefix}","${scene.prefix}")`;
      const told = scene.created(sale);
      const body = JSON.parse(String(told.letter.body)) as { data: { order: { lines: Record<string, unknown>[] } } };
      body.data.order.lines.forEach((line, at) => Object.assign(line, { name: evil, productId: `${scene.prefix}-p${at}`, sku: undefined }));
      await scene.take({ ...told, letter: { ...told.letter, body: JSON.stringify(body) } });
      await scene.quiet();
      await refresh(scene);
      const table = await ask(scene, '/products', { format: 'csv', limit: '1000' });
      must(table.includes(`"'=HYPERLINK(""http://evil.example/${scene.prefix}`), 'the product is not in the table as a text');
      must(!/(^|,)"?[=+@]/m.test(table), 'a cell of the table begins a formula');
      for (const level of ['country', 'region', 'cell', 'coarse']) {
        const { rows } = JSON.parse(await ask(scene, '/geography', { level, limit: '1000' })) as { rows: { place: string | null; customers: number }[] };
        mustBe(rows.filter(({ customers }) => customers < 5), [], `places of fewer than five customers by ${level}`);
      }
      for (const { path } of routes) if (path !== '/cash-flow/what-if') must(!(await ask(scene, path)).includes(sale.person?.first ?? '?'), `GET /api${path} names the customer`);
    },
  },
];
