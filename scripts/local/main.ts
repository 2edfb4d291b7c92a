/**
 * The local cloud: `node scripts/local/main.ts --data-dir DIR [--packages DIR] [--port 4566] [--mail-port 8005]
 * [--stage local] [--no-schedules] [--model-url URL] [--environments N] [--faults FILE]`. Starts every service, deploys the packaged templates (without any: what the data directory holds goes on), writes
 * `<data-dir>/run.json`, tells its parent `{ ready: true, ports }` over IPC, and ends with it.
 */
import type { ServerResponse } from 'node:http';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { registerAdmin } from './admin.ts';
import { createAwsCaller } from './aws-call.ts';
import { REGION, startCompute, type Compute } from './compute.ts';
import { copyKey } from './access-ports.ts';
import { s3CopySource } from './copy-source.ts';
import { startDataServices } from './data-services.ts';
import { fromEnvironment } from './env.ts';
import { serveFaults } from './faults/admin.ts';
import { openFaultBook } from './faults/book.ts';
import { parseFaultRules } from './faults/rules.ts';
import type { FaultReport } from './gate/faults.ts';
import { startRedshift } from './redshift.ts';

const STOP_WITHIN_MS = 3800;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' }, packages: { type: 'string' }, port: { type: 'string', default: '4566' }, 'mail-port': { type: 'string', default: '8005' },
    host: { type: 'string', default: '127.0.0.1' }, stage: { type: 'string', default: 'local' }, 'no-schedules': { type: 'boolean', default: false }, 'model-url': { type: 'string' }, environments: { type: 'string' }, faults: { type: 'string' },
  },
});
if (!values['data-dir']) {
  process.stderr.write('local cloud: --data-dir DIR is needed\n');
  process.exit(2);
}
const dataDir = resolve(values['data-dir']);
const packages = values.packages === undefined ? undefined : resolve(values.packages);
const opened: (() => Promise<void>)[] = [];
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(code), STOP_WITHIN_MS).unref();
  for (const close of opened.reverse()) await close().catch((error: unknown) => process.stderr.write(`local cloud: while stopping: ${String(error)}\n`));
  process.exit(code);
}
process.on('SIGTERM', () => void stop(0));
process.on('SIGINT', () => void stop(0));
process.on('disconnect', () => void stop(0));

function writeRun(value: unknown): void {
  const file = join(dataDir, 'run.json');
  writeFileSync(`${file}.new`, JSON.stringify(value, undefined, 2));
  renameSync(`${file}.new`, file);
}

async function start(): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const began = performance.now();
  const { modelUrl, functionVariables } = fromEnvironment();
  const data = await startDataServices({ dataDir, port: Number(values.port), mailPort: Number(values['mail-port']), host: values.host, codeDir: import.meta.dirname });
  opened.push(() => data.close());
  const faults = await openFaultBook(join(dataDir, 'compute/faults.json'), (rules) => data.gate.tell('faults', rules));
  opened.push(async () => faults.close());
  data.gate.onReport(({ checkpoint, payload }) => checkpoint === 'faults' && faults.heard(payload as FaultReport));
  serveFaults(data.router, faults);
  if (values.faults) await faults.add(parseFaultRules(readFileSync(values.faults, 'utf8')), 'keep');
  const s3 = createAwsCaller(REGION, () => data.endpoints['AWS_ENDPOINT_URL_S3'] ?? '');
  opened.push(async () => s3.close());
  const started: { compute?: Compute } = {};
  const redshift = await startRedshift({
    dataDir, s3: s3CopySource(s3, (role) => (started.compute ? copyKey(started.compute.roles, role) : 'local')), region: REGION, roleOf: (key) => started.compute?.roles.roleOf(key), emit: (event) => void started.compute?.rules.emit(event),
  });
  opened.push(() => redshift.close());
  data.router.register(redshift);
  data.router.admin('redshift', (request, response, body) => {
    const { status, body: answer } = redshift.admin(request.method ?? 'GET', body);
    (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const model = values['model-url'] ?? modelUrl;
  const compute = await startCompute({
    data, dataDir, codeDir: import.meta.dirname, host: values.host, schedulesPaused: values['no-schedules'], functionVariables, ...(model ? { modelUrl: model } : {}),
    disturb: (name, payload) => faults.disturb(name, payload),
    ...(values.environments ? { environmentsPerFunction: Number(values.environments) } : {}),
  });
  started.compute = compute;
  opened.push(() => compute.close());
  registerAdmin(data, compute);
  const deployment = await compute.deploy(packages, values.stage);
  if (deployment.inert.length > 0) process.stdout.write(`local cloud: does nothing here: ${deployment.inert.join(', ')}\n`);

  const ports = { ...data.ports, redshift: redshift.port, apis: compute.apis.port };
  const stacks = compute.stacks.store.stacks().filter((stack) => stack.status !== 'DELETE_COMPLETE');
  const apis = Object.fromEntries(stacks.flatMap((stack) => compute.stacks.store.resources(stack.id).filter((each) => each.type === 'AWS::ApiGatewayV2::Api').map((each) => [stack.name, compute.apis.urlOf(each.physicalId)])));
  writeRun({ pid: process.pid, ports, endpoints: data.endpoints, apis, modelUrl: model, stacks: stacks.map((stack) => stack.name), postgres: redshift.connectionString });
  process.stdout.write(`local cloud: http://${values.host}:${data.ports.aws}, ${stacks.length} stacks in ${Math.round(performance.now() - began)} ms\n`);
  process.send?.({ ready: true, ports, apis });
}

start().catch((error: unknown) => {
  process.stderr.write(`local cloud: ${error instanceof Error ? error.message : String(error)}\n`);
  if (fromEnvironment().debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (existsSync(join(dataDir, 'run.json.new'))) process.stderr.write('local cloud: run.json was left half written\n');
  void stop(1);
});
