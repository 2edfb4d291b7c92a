import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageServices, serverlessPackage, servicesOf } from '../../start/package.ts';
import { startCloud, type CloudProcess } from '../testing/cloud-process.ts';
import { deployed } from '../testing/deployed.ts';
import { deploysAll } from './env.ts';

jest.setTimeout(600_000);
const root = join(__dirname, '../../..');
const cache = join(root, '.orderflow/packages');
/** In the order of serverless-compose.yml. */
const all = ['core', 'warehouse', 'language-model', 'ingest', 'orders', 'returns', 'updates', 'insights', 'failure-watch'];
const services = deploysAll() ? all : ['core', 'warehouse', 'ingest'];
let folder: string;
let cloud: CloudProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serverless-'));
  await packageServices({ root, cache, run: serverlessPackage(root, cache, new AbortController().signal) });
});
afterAll(async () => {
  await cloud?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The framework's command in one service, as `npx serverless …` runs it. @returns what it said */
async function serverless(service: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'node_modules/serverless/bin/serverless.js'), ...args, '--stage', 'local'], {
    cwd: join(root, 'services', service), stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(cache, '.compiled'), AWS_ENDPOINT_URL: cloud!.endpoint, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'eu-west-1', SLS_AWS_MONITORING_FREQUENCY: '200', SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', NO_COLOR: '1' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`serverless ${args.join(' ')} in ${service}: exit ${code}\n${said}\n${cloud!.output()}`);
  return said;
}
const packageOf = (service: string): string => realpathSync(join(cache, service));

it('serverless deploy ends where npm start ends; again it does nothing; remove leaves only what is to be kept', async () => {
  expect([...all].sort()).toEqual(servicesOf(root));
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  for (const service of services) symlinkSync(packageOf(service), join(packages, service));
  cloud = await startCloud(root, join(folder, 'short'), packages, '--no-schedules');
  const short = await deployed(cloud.endpoint);
  await cloud.stop('SIGTERM');

  cloud = await startCloud(root, join(folder, 'real'), undefined, '--no-schedules');
  for (const service of services) expect(await serverless(service, 'deploy', '--package', packageOf(service))).toContain(`Service deployed to stack orderflow-${service}-local`);
  const real = await deployed(cloud.endpoint);
  for (const what of Object.keys(short)) expect([what, real[what]]).toEqual([what, short[what]]);
  expect(cloud.output()).toContain('stack orderflow-ingest-local: does nothing here: AWS::ApiGatewayV2::Stage');

  expect(await serverless('core', 'deploy', '--package', packageOf('core'))).toContain('No changes to deploy. Deployment skipped.');
  expect(await deployed(cloud.endpoint)).toEqual(real);
  if (deploysAll()) {
    expect(await serverless('core', 'info')).toContain('handle-bounce: orderflow-core-local-handle-bounce');
    expect(await serverless('core', 'invoke', '--function', 'handle-bounce', '--data', '{"Records":[]}')).toContain('null');
    expect(await serverless('core', 'logs', '--function', 'handle-bounce')).toMatch(/END|REPORT/);
  }
  await expect(serverless('core', 'remove')).rejects.toThrow(/cannot be deleted as it is in use by orderflow-/);
  await cloud.stop('SIGKILL');
  cloud = await startCloud(root, join(folder, 'real'), undefined, '--no-schedules');
  for (const service of [...services].reverse()) expect(await serverless(service, 'remove')).toContain('has been successfully removed');
  const left = await deployed(cloud.endpoint);
  expect(Object.fromEntries(Object.entries(left).filter(([, what]) => (what as unknown[]).length > 0))).toEqual({
    buckets: expect.arrayContaining(['orderflow-local-000000000000-archive']), tables: [expect.anything()],
  });
});
