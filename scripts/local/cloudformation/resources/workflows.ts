import { text, type ResourceKind } from '../resource.ts';
import type { RuleProperties } from '../../eventbridge/rule.ts';
import { plainText } from '../../plain-text.ts';
import type { ScheduleProperties } from '../../scheduler/schedule.ts';
import type { Logging, MachineType } from '../../stepfunctions/machines.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Templates name the logging fields in capitals, the API does not. */
function loggingOf(given: unknown): Logging {
  const { Level: level, IncludeExecutionData: includeExecutionData, Destinations: destinations } = (given ?? {}) as { Level?: Logging['level']; IncludeExecutionData?: boolean; Destinations?: { CloudWatchLogsLogGroup: { LogGroupArn: string } }[] };
  return {
    ...(level === undefined ? {} : { level }), ...(includeExecutionData === undefined ? {} : { includeExecutionData: String(includeExecutionData) === 'true' }),
    ...(destinations === undefined ? {} : { destinations: destinations.map((each) => ({ cloudWatchLogsLogGroup: { logGroupArn: each.CloudWatchLogsLogGroup.LogGroupArn } })) }),
  };
}

const stateMachine: ResourceKind = (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'StateMachineName', input.generatedName);
  const raw = properties['DefinitionString'] ?? (properties['Definition'] === undefined ? undefined : JSON.stringify(properties['Definition']));
  if (raw === undefined) throw new Error(`state machine ${name}: give its definition in the template (DefinitionString); DefinitionS3Location is not read by the local cloud`);
  const substitutions = (properties['DefinitionSubstitutions'] ?? {}) as Properties;
  const definition = plainText(raw).replace(/\$\{(\w+)\}/g, (whole, key: string) => (key in substitutions ? String(substitutions[key]) : whole));
  const tags = Object.fromEntries(((properties['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
  const { arn } = cloud.engine.define({
    name, definition, tags, roleArn: text(properties, 'RoleArn', ''), type: text(properties, 'StateMachineType', 'STANDARD') as MachineType,
    logging: loggingOf(properties['LoggingConfiguration']), tracing: (properties['TracingConfiguration'] as { Enabled?: boolean } | undefined)?.Enabled === true,
  });
  return { ref: arn, attributes: { Arn: arn, Name: name } };
};

/** Numbers stand in templates as text now and then. */
const withNumbers = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name.startsWith('Maximum') ? Number(each) : each]));

const schedule: ResourceKind = (input, cloud) => {
  const { Name: _name, GroupName: group = 'default', ...rest } = input.properties;
  const name = text(input.properties, 'Name', input.generatedName);
  const target = rest['Target'] as Properties;
  const properties = { ...rest, FlexibleTimeWindow: withNumbers(rest['FlexibleTimeWindow']), Target: { ...target, ...(target['RetryPolicy'] === undefined ? {} : { RetryPolicy: withNumbers(target['RetryPolicy']) }) } };
  return {
    ref: name,
    attributes: { Arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${plainText(group)}/${name}` },
    activate: () => void cloud.scheduler.define(name, properties as unknown as ScheduleProperties, plainText(group)),
  };
};

const scheduleGroup: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  return { ref: name, attributes: { Arn: cloud.scheduler.defineGroup(name).arn } };
};

const rule: ResourceKind = (input, cloud) => {
  const { Name: _name, EventBusName: _bus, ...properties } = input.properties;
  const name = text(input.properties, 'Name', input.generatedName);
  const bus = text(input.properties, 'EventBusName', 'default').split('/').pop() ?? '';
  return {
    ref: bus === 'default' ? name : `${bus}|${name}`,
    attributes: { Arn: `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/${bus === 'default' ? '' : `${bus}/`}${name}` },
    activate: () => void cloud.rules.define(name, { Targets: [], ...properties } as RuleProperties, bus),
  };
};

const bus: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  return { ref: name, attributes: { Name: name, Arn: cloud.rules.defineBus(name).arn } };
};

export const workflowKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': bus,
};
