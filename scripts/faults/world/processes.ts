import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seedSecrets, startCloud, startProducer, startServers, type BootOptions } from '../../start/boot.ts';
import { Children, type Child } from '../../start/children.ts';
import { openStage, type Stage } from '../../start/stage.ts';

export interface Place {
  readonly root: string;
  readonly dataDir: string;
  readonly packages: string;
  readonly ports: BootOptions['ports'];
  readonly onLost: (line: string) => void;
}

/** The processes of one stage, which a fault may kill and start again. */
export interface Processes {
  readonly stage: Stage;
  /** Address of the payments stand-in. */
  readonly payments: string;
  readonly place: Place;
  producerPid(): number;
  /** SIGKILL, and a new one over the same data. */
  /** `variables` take the place of addresses of stand-ins. */
  killCloud(variables?: Readonly<Record<string, string>>): Promise<void>;
  killProducer(): Promise<void>;
  /** Another producer in the place of the one that runs, from now on with these options of Node and variables. */
  replaceProducer(nodeOptions?: readonly string[], variables?: Readonly<Record<string, string>>): Promise<void>;
  /** The same producer with these variables besides; the next one that takes its place does without them. */
  restartProducer(variables: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

const stopWithinMs = 5000;
/** The door forgets at once here: every repeat must be recognised by the claims, on which correctness rests. */
const forgetful = { RECENT_DELIVERIES: '0' };

export async function startProcesses(place: Place): Promise<Processes> {
  mkdirSync(join(place.dataDir, 'logs'), { recursive: true });
  const expected = new Set<Child>();
  const children = new Children((child, how) => {
    if (!expected.has(child)) place.onLost(`${child.name} ended (${how}): see ${join(place.dataDir, 'logs', `${child.name}.log`)}`);
  });
  const boot: BootOptions = { root: place.root, dataDir: place.dataDir, packages: place.packages, ports: place.ports, children, say: () => undefined, cloudOptions: ['--no-schedules'] };
  try {
    const environment = await startServers(boot);
    let cloud = await startCloud(boot, environment);
    const stage = openStage({ ...place.ports, vendors: environment['VENDORS_URL'] });
    await seedSecrets(stage);
    let producerOptions: [nodeOptions: readonly string[], variables: Readonly<Record<string, string>>] = [[], forgetful];
    let producer = await startProducer(boot, ...producerOptions);
    const end = async (child: Child, signal: NodeJS.Signals): Promise<void> => {
      expected.add(child);
      process.kill(signal === 'SIGKILL' ? -(child.process.pid ?? 0) : child.process.pid ?? 0, signal);
      await child.ended;
    };
    return {
      stage, place,
      payments: environment['PAYMENTS_URL'] ?? '',
      producerPid: () => producer.process.pid ?? 0,
      async killCloud(variables = {}) {
        await end(cloud, 'SIGKILL');
        cloud = await startCloud(boot, { ...environment, ...variables });
      },
      async killProducer() {
        await end(producer, 'SIGKILL');
        producer = await startProducer(boot, ...producerOptions);
      },
      async replaceProducer(nodeOptions, variables) {
        await end(producer, 'SIGTERM');
        if (nodeOptions) producerOptions = [nodeOptions, { ...forgetful, ...variables }];
        producer = await startProducer(boot, ...producerOptions);
      },
      async restartProducer(variables) {
        await end(producer, 'SIGTERM');
        const [nodeOptions, own] = producerOptions;
        producer = await startProducer(boot, nodeOptions, { ...own, ...variables });
      },
      async stop() {
        stage.close();
        await children.stop(stopWithinMs);
      },
    };
  } catch (error) {
    await children.stop(stopWithinMs);
    throw error;
  }
}
