import { CreateSecretCommand, ResourceExistsException } from '@aws-sdk/client-secrets-manager';
import { ParameterAlreadyExists, PutParameterCommand } from '@aws-sdk/client-ssm';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parameterPrefix } from '@orderflow/shared/accounts';
import { localSecrets } from '../../services/ingest/src/accounts/local-secrets.ts';
import { standInVendors } from '../local/vendors.ts';
import type { Child, Children } from './children.ts';
import { administratorEnvironment, names, openStage, stageName, type Stage } from './stage.ts';

export interface BootOptions {
  readonly root: string;
  readonly dataDir: string;
  readonly packages: string;
  readonly ports: { readonly webhooks: number; readonly aws: number; readonly mail: number };
  readonly children: Children;
  readonly say: (line: string) => void;
  /** Further options of the local cloud: `--faults FILE`. */
  readonly cloudOptions?: readonly string[];
  /** What startServers has answered. */
  servers?: Readonly<Record<string, string>>;
}

const startWithinMs = 60_000;

/** Waits for an HTTP address to answer 200. @throws Error when the child ends before that */
async function answers(url: string, child: Child, ms: number): Promise<void> {
  let ended: string | undefined;
  void child.ended.then((how) => (ended = how));
  for (const deadline = Date.now() + ms; ; ) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok, () => false);
    if (ok) return;
    if (ended !== undefined) throw new Error(`${child.name} ended at its start (${ended})`);
    if (Date.now() > deadline) throw new Error(`${child.name} does not answer at ${url}`);
    await sleep(50);
  }
}

/** Lays the local accounts' secrets where they are looked for; one that stands there already is left as it is. */
export async function seedSecrets({ secrets, parameters }: Stage): Promise<void> {
  await Promise.all(localSecrets(stageName).map(async ({ name, value }) => {
    try {
      if (name.startsWith(parameterPrefix)) await parameters.send(new PutParameterCommand({ Name: name.slice(parameterPrefix.length), Value: value, Type: 'SecureString' }));
      else await secrets.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    } catch (error) {
      if (!(error instanceof ResourceExistsException || error instanceof ParameterAlreadyExists)) throw error;
    }
  }));
}

const producerSpec = ({ root, dataDir, ports, servers }: BootOptions) => ({
  name: 'producer',
  args: [join(root, 'services/ingest/src/producer/main.ts')],
  cwd: root,
  log: join(dataDir, 'logs/producer.log'),
  environment: {
    ...administratorEnvironment(ports.aws),
    AWS_ACCESS_KEY_ID: 'producer',
    AWS_SECRET_ACCESS_KEY: 'producer',
    STAGE: stageName,
    LOG_LEVEL: 'WARN',
    HOST: '127.0.0.1',
    PORT: String(ports.webhooks),
    PUBLIC_URL: `http://127.0.0.1:${ports.webhooks}`,
    // a finite run sends as fast as it can, all of it from a few accounts
    MOST_PER_SECOND: '0',
    EVENTS_STREAM: names.events,
    FACTS_STREAM: names.facts,
    ARCHIVE_BUCKET: names.bucket('archive'),
    QUARANTINE_BUCKET: names.bucket('quarantine'),
    INTAKE_BUCKET: names.bucket('intake'),
    NOTICES_QUEUES: names.noticesQueues,
    CURSORS_TABLE: names.cursors,
    ...(servers?.['VENDOR_HOSTS'] === undefined ? {} : { VENDOR_HOSTS: servers['VENDOR_HOSTS'] }),
  },
});

/** Starts the producer and waits until it takes webhooks. `nodeOptions` stand before its file. */
export async function startProducer(options: BootOptions, nodeOptions: readonly string[] = [], variables: Readonly<Record<string, string>> = {}): Promise<Child> {
  const spec = producerSpec(options);
  const producer = options.children.start({ ...spec, args: [...nodeOptions, ...spec.args], environment: { ...spec.environment, ...variables } });
  await answers(`http://127.0.0.1:${options.ports.webhooks}/healthz`, producer, startWithinMs);
  return producer;
}

/** Starts the language model and the stand-ins of payment providers and vendors; answers, and notes in the options, the variables by which functions find them. */
export async function startServers(options: BootOptions): Promise<Record<string, string>> {
  const { root, dataDir, children } = options;
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const environment: Record<string, string> = {};
  const servers = [
    { name: 'language-model', file: 'services/language-model/src/serve/main.ts', variable: 'LANGUAGE_MODEL_URL', args: ['--port', '0'] },
    { name: 'vendor-standin', file: 'scripts/local/vendor-standin.ts', variable: 'VENDORS_URL', args: ['--port', '0', '--data-dir', dataDir] },
    { name: 'payments-standin', file: 'scripts/local/payments-standin.ts', variable: 'PAYMENTS_URL', args: ['--port', '0', '--data-dir', dataDir] },
  ].filter(({ file }) => existsSync(join(root, file)));
  await Promise.all(servers.map(async ({ name, file, variable, args }) => {
    const child = children.start({ name, args: [join(root, file), ...args], cwd: root, log: join(dataDir, 'logs', `${name}.log`) });
    const { port, listening } = await children.ready(child, startWithinMs);
    environment[variable] = `http://127.0.0.1:${String(port ?? listening)}`;
  }));
  const vendors = environment['VENDORS_URL'];
  if (vendors) environment['RATES_HOST'] = `${vendors}/ecb`;
  if (vendors) environment['VENDOR_HOSTS'] = JSON.stringify(Object.fromEntries(Object.keys(standInVendors).map((source) => [source, `${vendors}/${source}`])));
  options.servers = environment;
  return environment;
}

/** Starts the local cloud and waits until all services are deployed. */
export async function startCloud({ root, dataDir, ports, packages, children, cloudOptions = [] }: BootOptions, environment: Readonly<Record<string, string>>): Promise<Child> {
  const cloud = children.start({
    name: 'local-cloud',
    args: [
      join(root, 'scripts/local/main.ts'), '--data-dir', dataDir, '--port', String(ports.aws), '--mail-port', String(ports.mail), '--packages', packages, ...cloudOptions,
    ],
    cwd: root,
    log: join(dataDir, 'logs/local-cloud.log'),
    environment,
  });
  await children.ready(cloud, startWithinMs);
  return cloud;
}

/** Starts every process of the stage in the order in which they need each other. */
export async function boot(options: BootOptions): Promise<Stage> {
  const { ports, say } = options;
  const environment = await startServers(options);
  await startCloud(options, environment);
  say(`local cloud: http://127.0.0.1:${ports.aws}, all services deployed`);
  const stage = openStage({ ...ports, vendors: environment['VENDORS_URL'] });
  await seedSecrets(stage);
  await stage.cloud.letActAs('producer', names.producerRole);
  // a deployed stage waits for the day's publication instead
  await stage.cloud.runSchedule('orderflow-warehouse-local-fetch-rates').catch((error: unknown) => say(`no exchange rates: ${error instanceof Error ? error.message : 'unknown'}`));
  await startProducer(options);
  say(`producer: POST http://127.0.0.1:${ports.webhooks}/webhooks/<source>[/<account>]`);
  return stage;
}
