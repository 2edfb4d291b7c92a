import { plainText } from '../../plain-text.ts';
import type { ScheduleProperties } from '../../scheduler/schedule.ts';
import type { Logging, MachineType } from '../../stepfunctions/machines.ts';
import { text, type Existing, type ResourceKind } from '../kind.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Templates name the logging fields in capitals, the API does not. */
function loggingOf(given: unknown): Logging {
  const { Level: level, IncludeExecutionData: includeExecutionData, Destinations: destinations } = (given ?? {}) as { Level?: Logging['level']; IncludeExecutionData?: boolean; Destinations?: { CloudWatchLogsLogGroup: { LogGroupArn: string } }[] };
  return {
    ...(level === undefined ? {} : { level }), ...(includeExecutionData === undefined ? {} : { includeExecutionData: String(includeExecutionData) === 'true' }),
    ...(destinations === undefined ? {} : { destinations: destinations.map((each) => ({ cloudWatchLogsLogGroup: { logGroupArn: each.CloudWatchLogsLogGroup.LogGroupArn } })) }),
  };
}

const stateMachine: ResourceKind = {
  id: ({ properties, generatedName }, cloud) => `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${text(properties, 'StateMachineName', generatedName)}`,
  attributes: ({ physicalId }) => ({ Arn: physicalId, Name: physicalId.split(':').at(-1) ?? '' }),
  exists: ({ physicalId }, cloud) => cloud.engine.machines().some((machine) => machine.arn === physicalId),
  create({ physicalId, properties }, cloud) {
    const name = physicalId.split(':').at(-1) ?? '';
    const raw = properties['DefinitionString'] ?? (properties['Definition'] === undefined ? undefined : JSON.stringify(properties['Definition']));
    if (raw === undefined) throw new Error(`state machine ${name}: give its definition in the template (DefinitionString); DefinitionS3Location is not read by the local cloud`);
    const substitutions = (properties['DefinitionSubstitutions'] ?? {}) as Properties;
    const definition = plainText(raw).replace(/\$\{(\w+)\}/g, (whole, key: string) => (key in substitutions ? String(substitutions[key]) : whole));
    const tags = Object.fromEntries(((properties['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
    cloud.engine.define({
      name, definition, tags, roleArn: text(properties, 'RoleArn', ''), type: text(properties, 'StateMachineType', 'STANDARD') as MachineType,
      logging: loggingOf(properties['LoggingConfiguration']), tracing: String((properties['TracingConfiguration'] as { Enabled?: boolean } | undefined)?.Enabled) === 'true',
    });
  },
  remove: ({ physicalId }, cloud) => cloud.engine.remove(physicalId),
};

/** Numbers stand in templates as text now and then. */
const withNumbers = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name.startsWith('Maximum') ? Number(each) : each]));

const groupOf = ({ properties }: Pick<Existing, 'properties'>): string => text(properties, 'GroupName', 'default');

const schedule: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: (resource, cloud) => ({ Arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${groupOf(resource)}/${resource.physicalId}` }),
  exists: (place, cloud) => cloud.scheduler.has(place.physicalId, groupOf(place)),
  create(input, cloud) {
    const { Name: _name, GroupName: _group, ...rest } = input.properties;
    const target = rest['Target'] as Properties;
    const properties = { ...rest, FlexibleTimeWindow: withNumbers(rest['FlexibleTimeWindow']), Target: { ...target, ...(target['RetryPolicy'] === undefined ? {} : { RetryPolicy: withNumbers(target['RetryPolicy']) }) } };
    cloud.scheduler.define(input.physicalId, properties as unknown as ScheduleProperties, groupOf(input));
  },
  remove(existing, cloud) {
    if (cloud.scheduler.has(existing.physicalId, groupOf(existing))) cloud.scheduler.remove(existing.physicalId, groupOf(existing));
  },
};

const scheduleGroup: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule-group/${physicalId}` }),
  exists: ({ physicalId }, cloud) => cloud.scheduler.hasGroup(physicalId),
  create({ physicalId }, cloud) {
    if (!cloud.scheduler.hasGroup(physicalId)) cloud.scheduler.defineGroup(physicalId);
  },
  remove({ physicalId }, cloud) {
    if (cloud.scheduler.hasGroup(physicalId)) cloud.scheduler.removeGroup(physicalId);
  },
};

const busOf = ({ properties }: Pick<Existing, 'properties'>): string => text(properties, 'EventBusName', 'default').split('/').pop() ?? '';
const ruleNameOf = (physicalId: string): string => physicalId.split('|').at(-1) ?? '';

const rule: ResourceKind = {
  id: (place) => {
    const name = text(place.properties, 'Name', place.generatedName);
    return busOf(place) === 'default' ? name : `${busOf(place)}|${name}`;
  },
  attributes: (resource, cloud) => ({ Arn: `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/${busOf(resource) === 'default' ? '' : `${busOf(resource)}/`}${ruleNameOf(resource.physicalId)}` }),
  exists: (place, cloud) => cloud.rules.has(ruleNameOf(place.physicalId), busOf(place)),
  create(input, cloud) {
    const { Name: _name, EventBusName: _bus, ...properties } = input.properties;
    cloud.rules.define(ruleNameOf(input.physicalId), { Targets: [], ...properties }, busOf(input));
  },
  remove: (existing, cloud) => cloud.rules.remove(ruleNameOf(existing.physicalId), busOf(existing)),
};

const bus: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Name: physicalId, Arn: `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/${physicalId}` }),
  exists: ({ physicalId }, cloud) => cloud.rules.buses().some((each) => each.name === physicalId),
  create: ({ physicalId }, cloud) => void cloud.rules.defineBus(physicalId),
  remove({ physicalId }, cloud) {
    if (cloud.rules.buses().some((each) => each.name === physicalId)) cloud.rules.removeBus(physicalId);
  },
};

export const workflowKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': bus,
};
