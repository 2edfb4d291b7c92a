import { text, type ResourceKind } from '../resource.ts';
import type { RuleTarget } from '../../events/target-input.ts';
import type { EventPattern } from '../../event-pattern.ts';
import { plainText } from '../../plain-text.ts';

const stateMachine: ResourceKind = (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'StateMachineName', input.generatedName);
  if (text(properties, 'StateMachineType', 'STANDARD') !== 'STANDARD') throw new Error(`state machine ${name}: the local cloud runs Standard workflows only`);
  const raw = properties['DefinitionString'] ?? (properties['Definition'] === undefined ? undefined : JSON.stringify(properties['Definition']));
  if (raw === undefined) throw new Error(`state machine ${name}: give its definition in the template (DefinitionString); DefinitionS3Location is not read by the local cloud`);
  const substitutions = (properties['DefinitionSubstitutions'] ?? {}) as Record<string, unknown>;
  const definition = plainText(raw).replace(/\$\{(\w+)\}/g, (whole, key: string) => (key in substitutions ? String(substitutions[key]) : whole));
  const arn = `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${name}`;
  const roleArn = text(properties, 'RoleArn', '');
  const accessKeyId = `states.${name}`;
  cloud.roles.assign(accessKeyId, roleArn);
  cloud.engine.deploy({ arn, name, roleArn, accessKeyId, definition, createdAt: Date.now() });
  return { ref: arn, attributes: { Arn: arn, Name: name } };
};

const schedule: ResourceKind = (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'Name', input.generatedName);
  const target = properties['Target'] as { Arn: string; Input?: string };
  const arn = `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${text(properties, 'GroupName', 'default')}/${name}`;
  return {
    ref: name,
    attributes: { Arn: arn },
    activate: () =>
      cloud.scheduler.deploy({
        name, arn, expression: text(properties, 'ScheduleExpression', ''), zone: text(properties, 'ScheduleExpressionTimezone', 'UTC'), enabled: text(properties, 'State', 'ENABLED') === 'ENABLED',
        targetArn: target.Arn, origin: 'aws.scheduler', ...(target.Input === undefined ? {} : { input: target.Input }),
      }),
  };
};

const rule: ResourceKind = (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'Name', input.generatedName);
  const bus = text(properties, 'EventBusName', 'default').split('/').pop() ?? '';
  const arn = `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;
  const enabled = text(properties, 'State', 'ENABLED').startsWith('ENABLED');
  const targets = (properties['Targets'] ?? []) as RuleTarget[];
  const expression = properties['ScheduleExpression'];
  return {
    ref: bus === 'default' ? name : `${bus}|${name}`,
    attributes: { Arn: arn },
    activate() {
      cloud.rules.deploy({ name, arn, bus, enabled, targets, ...(properties['EventPattern'] === undefined ? {} : { pattern: properties['EventPattern'] as EventPattern }) });
      if (expression === undefined) return;
      for (const target of targets) {
        cloud.scheduler.deploy({ name: targets.length > 1 ? `${name}.${target.Id}` : name, arn, expression: plainText(expression), zone: 'UTC', enabled, targetArn: target.Arn, origin: 'aws.events', ...(target.Input === undefined ? {} : { input: target.Input }) });
      }
    },
  };
};

const bus: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  return { ref: name, attributes: { Name: name, Arn: `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/${name}` } };
};

export const workflowKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': bus,
};
