import { optionalText } from '../fields.ts';
import { AwsError, type JsonOperation } from '../service.ts';
import { checkDefinition } from './check-definition.ts';
import type { Engine } from './engine-contract.ts';
import type { Logging, MachineProperties, MachineType, StateMachine } from './machines.ts';
import { arnIn, checkName, invalid, page, required, seconds, type Input } from './request.ts';

type Tag = { readonly key: string; readonly value: string };

const tagsIn = (input: Input): Record<string, string> => Object.fromEntries(((input['tags'] ?? []) as Tag[]).map(({ key, value }) => [key, value]));

function typeIn(input: Input): MachineType {
  const type = optionalText(input, 'type') ?? 'STANDARD';
  if (type !== 'STANDARD' && type !== 'EXPRESS') throw new AwsError('StateMachineTypeNotSupported', `State machine type ${type} is neither STANDARD nor EXPRESS`);
  return type;
}

/** @throws InvalidLoggingConfiguration */
function loggingIn(input: Input): Logging | undefined {
  const logging = input['loggingConfiguration'] as Logging | undefined;
  if (logging === undefined) return undefined;
  const bad = (message: string): AwsError => new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${message}`);
  if (logging.level !== undefined && !['ALL', 'ERROR', 'FATAL', 'OFF'].includes(logging.level)) throw bad(`level ${logging.level} is not known`);
  if (logging.level !== undefined && logging.level !== 'OFF' && (logging.destinations ?? []).length !== 1) throw bad('Must specify exactly one Log Destination.');
  for (const { cloudWatchLogsLogGroup: group } of logging.destinations ?? []) if (!/^arn:aws:logs:[^:]+:\d+:log-group:[^:]+:\*$/.test(group.logGroupArn)) throw bad('Log Destination must be the ARN of a log group that ends in :*');
  return logging;
}

/** What would change the meaning of a machine and does not exist here. */
function refuseUnsupported(input: Input): void {
  if (input['publish'] === true) throw invalid('the local cloud has no versions of state machines: leave publish out');
  const encryption = input['encryptionConfiguration'] as { type?: string } | undefined;
  if (encryption?.type !== undefined && encryption.type !== 'AWS_OWNED_KEY') throw invalid(`the local cloud does not encrypt with ${encryption.type}`);
}

function shown(machine: StateMachine): Input {
  return {
    stateMachineArn: machine.arn, name: machine.name, status: machine.deleting ? 'DELETING' : 'ACTIVE', definition: machine.definition, roleArn: machine.roleArn, type: machine.type, creationDate: seconds(machine.createdAt),
    loggingConfiguration: { level: 'OFF', includeExecutionData: false, ...machine.logging }, tracingConfiguration: { enabled: machine.tracing }, revisionId: machine.revisionId,
  };
}

const propertiesOf = ({ name, roleArn, definition, type, logging, tracing, tags }: StateMachine): Required<MachineProperties> => ({ name, roleArn, definition, type, logging, tracing, tags });

/** Operations on state machines. */
export function machineOperations(engine: Engine): Readonly<Record<string, JsonOperation>> {
  const machineIn = (input: Input, field = 'stateMachineArn'): StateMachine => engine.machine(arnIn(input, field, 'stateMachine'));
  const tracingIn = (input: Input): boolean | undefined => (input['tracingConfiguration'] as { enabled?: boolean } | undefined)?.enabled;
  return {
    CreateStateMachine(input) {
      refuseUnsupported(input);
      const name = checkName(required(input, 'name'));
      const given: Required<MachineProperties> = { name, definition: required(input, 'definition'), roleArn: required(input, 'roleArn'), type: typeIn(input), logging: loggingIn(input) ?? {}, tracing: tracingIn(input) ?? false, tags: tagsIn(input) };
      if (!/^arn:[^:]+:iam::\d+:role\/.+/.test(given.roleArn)) throw new AwsError('InvalidArn', `Invalid Role Arn: '${given.roleArn}'`);
      const known = engine.named(name);
      // Creating is idempotent; role and tags are not compared.
      const compared = ({ definition, type, logging, tracing }: Required<MachineProperties>): string => JSON.stringify([definition, type, logging, tracing]);
      if (known && !known.deleting && compared(propertiesOf(known)) !== compared(given)) throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${known.arn}'`);
      const machine = known && !known.deleting ? known : engine.define(given);
      return { stateMachineArn: machine.arn, creationDate: seconds(machine.createdAt) };
    },
    UpdateStateMachine(input) {
      refuseUnsupported(input);
      const machine = machineIn(input);
      const [definition, roleArn, logging, tracing] = [optionalText(input, 'definition'), optionalText(input, 'roleArn'), loggingIn(input), tracingIn(input)];
      if (definition === undefined && roleArn === undefined && logging === undefined && tracing === undefined) throw new AwsError('MissingRequiredParameter', 'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified');
      const updated = engine.define({ ...propertiesOf(machine), ...(definition === undefined ? {} : { definition }), ...(roleArn === undefined ? {} : { roleArn }), ...(logging === undefined ? {} : { logging }), ...(tracing === undefined ? {} : { tracing }) });
      return { updateDate: seconds(updated.updatedAt), revisionId: updated.revisionId };
    },
    DeleteStateMachine: (input) => engine.remove(arnIn(input, 'stateMachineArn', 'stateMachine')),
    DescribeStateMachine: (input) => shown(machineIn(input)),
    ListStateMachines(input) {
      const { items, ...more } = page(engine.machines(), input);
      return { stateMachines: items.map(({ arn, name, type, createdAt }) => ({ stateMachineArn: arn, name, type, creationDate: seconds(createdAt) })), ...more };
    },
    ValidateStateMachineDefinition(input) {
      const problems = checkDefinition(required(input, 'definition'), typeIn(input));
      return { result: problems.length > 0 ? 'FAIL' : 'OK', diagnostics: problems.map(({ code, message, location }) => ({ severity: 'ERROR', code, message, location })), truncated: false };
    },
    TagResource(input) {
      const machine = machineIn(input, 'resourceArn');
      engine.define({ ...propertiesOf(machine), tags: { ...machine.tags, ...tagsIn(input) } });
    },
    UntagResource(input) {
      const machine = machineIn(input, 'resourceArn');
      const gone = (input['tagKeys'] ?? []) as string[];
      engine.define({ ...propertiesOf(machine), tags: Object.fromEntries(Object.entries(machine.tags).filter(([key]) => !gone.includes(key))) });
    },
    ListTagsForResource: (input) => ({ tags: Object.entries(machineIn(input, 'resourceArn').tags).map(([key, value]) => ({ key, value })) }),
  };
}
