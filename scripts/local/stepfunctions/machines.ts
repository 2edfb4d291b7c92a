import { createHash, randomUUID } from 'node:crypto';
import type { Collection } from '../documents.ts';
import { AwsError } from '../service.ts';
import { parseDefinition, type Definition } from './definition.ts';
import type { ExecutionStore } from './store.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html */
export interface Logging {
  readonly level?: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData?: boolean;
  readonly destinations?: readonly { readonly cloudWatchLogsLogGroup: { readonly logGroupArn: string } }[];
}

export type MachineType = 'STANDARD' | 'EXPRESS';

/** What CreateStateMachine and `AWS::StepFunctions::StateMachine` say of a machine. */
export interface MachineProperties {
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  /** Default STANDARD. */
  readonly type?: MachineType;
  readonly logging?: Logging;
  readonly tracing?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StateMachine extends Required<MachineProperties> {
  readonly arn: string;
  /** The key that its calls are signed with. */
  readonly accessKeyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of the newest change of definition or role; none before the first. */
  readonly revisionId?: string;
  /** Goes once its last execution has ended. */
  readonly deleting?: boolean;
}

/** Machines on disk, and the definitions of everything that still runs: an execution keeps the one it began with. */
export interface Machines {
  /** Makes the machine or replaces it. @throws InvalidDefinition and what else CreateStateMachine refuses */
  define(properties: MachineProperties): StateMachine;
  save(machine: StateMachine): void;
  forget(arn: string): void;
  /** @throws StateMachineDoesNotExist */
  find(arn: string): StateMachine;
  /** The machine as an execution began with it needs no more than this; undefined once it is gone. */
  get(arn: string): StateMachine | undefined;
  list(): StateMachine[];
  arnOf(name: string): string;
  /** Keeps the machine's definition on disk; answers its hash. */
  keep(machine: StateMachine): string;
  definition(hash: string): Definition;
}

export interface MachinesOptions {
  readonly documents: Collection<StateMachine>;
  readonly store: ExecutionStore;
  readonly region: string;
  readonly accountId: string;
  now(): number;
  /** The machine's key acts under its role. */
  actsAs(accessKeyId: string, roleArn: string): void;
  /** Throws where Step Functions may not assume the role of a machine that is made or changed. */
  checkRole?(roleArn: string): void;
}

export function createMachines(options: MachinesOptions): Machines {
  const { documents, store } = options;
  const machines = new Map(documents.all().map(({ name, content }) => [name, content]));
  const definitions = new Map<string, Definition>();
  for (const machine of machines.values()) options.actsAs(machine.accessKeyId, machine.roleArn);
  const arnOf = (name: string): string => `arn:aws:states:${options.region}:${options.accountId}:stateMachine:${name}`;
  const save: Machines['save'] = (machine) => {
    machines.set(machine.arn, machine);
    documents.put(machine.arn, machine);
  };
  return {
    arnOf,
    define(properties) {
      const { name, roleArn, definition, type = 'STANDARD' } = properties;
      parseDefinition(definition, type);
      options.checkRole?.(roleArn);
      const arn = arnOf(name);
      const before = machines.get(arn);
      if (before && before.type !== type) throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}': its type is ${before.type} and cannot change; give the machine another name`);
      const changed = before !== undefined && (before.definition !== definition || before.roleArn !== roleArn);
      const machine: StateMachine = {
        name, roleArn, definition, type, arn, accessKeyId: `states.${name}`,
        logging: properties.logging ?? {}, tracing: properties.tracing ?? false, tags: properties.tags ?? before?.tags ?? {},
        createdAt: before?.createdAt ?? options.now(), updatedAt: options.now(),
        ...(changed ? { revisionId: randomUUID() } : before?.revisionId === undefined ? {} : { revisionId: before.revisionId }),
      };
      save(machine);
      options.actsAs(machine.accessKeyId, roleArn);
      return machine;
    },
    save,
    forget(arn) {
      machines.delete(arn);
      documents.remove(arn);
    },
    find(arn) {
      const machine = machines.get(arn);
      if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
      return machine;
    },
    get: (arn) => machines.get(arn),
    list: () => [...machines.values()],
    keep(machine) {
      const hash = createHash('sha256').update(machine.definition).digest('hex');
      if (!definitions.has(hash)) {
        store.keepDefinition(hash, machine.definition);
        definitions.set(hash, parseDefinition(machine.definition, machine.type));
      }
      return hash;
    },
    definition(hash) {
      let definition = definitions.get(hash);
      if (!definition) definitions.set(hash, (definition = JSON.parse(store.definition(hash)) as Definition));
      return definition;
    },
  };
}
