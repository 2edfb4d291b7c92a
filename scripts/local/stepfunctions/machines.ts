import { createHash } from 'node:crypto';
import { AwsError } from '../service.ts';
import { parseDefinition, type Definition } from './definition.ts';
import type { ExecutionStore } from './store.ts';

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly accessKeyId: string;
  readonly definition: string;
  readonly createdAt: number;
}

/** Deployed machines, and the definitions of everything that still runs: an execution keeps the one it began with. */
export interface Machines {
  deploy(machine: StateMachine): void;
  remove(arn: string): void;
  find(arn: string): StateMachine;
  has(arn: string): boolean;
  list(): StateMachine[];
  /** Keeps the machine's definition on disk; answers its hash. */
  keep(machine: StateMachine): string;
  definition(hash: string): Definition;
}

export function createMachines(store: ExecutionStore): Machines {
  const machines = new Map<string, StateMachine>();
  const definitions = new Map<string, Definition>();
  return {
    deploy(machine) {
      parseDefinition(machine.definition, machine.name);
      machines.set(machine.arn, machine);
    },
    remove: (arn) => void machines.delete(arn),
    find(arn) {
      const machine = machines.get(arn);
      if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
      return machine;
    },
    has: (arn) => machines.has(arn),
    list: () => [...machines.values()],
    keep(machine) {
      const hash = createHash('sha256').update(machine.definition).digest('hex');
      if (!definitions.has(hash)) {
        store.keepDefinition(hash, machine.definition);
        definitions.set(hash, parseDefinition(machine.definition, machine.name));
      }
      return hash;
    },
    definition(hash) {
      let definition = definitions.get(hash);
      if (!definition) definitions.set(hash, (definition = parseDefinition(store.definition(hash), hash)));
      return definition;
    },
  };
}
