import { plainText } from '../../plain-text.ts';
import { AwsError } from '../../service.ts';
import { capabilitiesOf, checkTemplate } from '../check-template.ts';
import { parseTemplate } from '../parse-template.ts';
import { isGone, isLive, type ResourceRecord, type StackRecord } from '../records.ts';
import { importersOf } from '../scope.ts';
import { BRACKETED, type Stacks } from '../stacks.ts';
import type { Template, TemplateParameter } from '../template.ts';
import { moment, pageOf, type Form, type Operations, type Tree } from './form.ts';

const PAGE = 100;

/** Parameter as it may be shown: what must not be echoed is not. */
function shownParameters(stack: StackRecord, template: Template): Tree {
  return Object.entries(template.Parameters ?? {}).map(([name, parameter]) => ({
    ParameterKey: name, ParameterValue: String(parameter.NoEcho) === 'true' ? '****' : (stack.input.parameters[name] ?? plainText(parameter.Default)),
    ResolvedValue: parameter.Type?.startsWith('AWS::SSM::Parameter::Value<') === true && String(parameter.NoEcho) !== 'true' ? [stack.input.resolved[name] ?? ''].flat().join(',') : undefined,
  }));
}

async function described(stacks: Stacks, stack: StackRecord): Promise<Tree> {
  const template = await stacks.templateOf(stack);
  return {
    StackId: stack.id, StackName: stack.name, Description: template.Description,
    Parameters: shownParameters(stack, template), CreationTime: moment(stack.createdAt), DeletionTime: moment(stack.deletedAt), LastUpdatedTime: moment(stack.updatedAt),
    RollbackConfiguration: {}, StackStatus: stack.status, StackStatusReason: stack.reason === 'User Initiated' ? undefined : stack.reason, DisableRollback: stack.onFailure === 'DO_NOTHING',
    NotificationARNs: stack.input.notificationArns, Capabilities: stack.input.capabilities,
    Outputs: stack.outputs.map((output) => ({ OutputKey: output.key, OutputValue: output.value, Description: output.description, ExportName: output.exportName })),
    RoleARN: stack.input.roleArn, Tags: stack.input.tags.map(({ Key, Value }) => ({ Key, Value })), EnableTerminationProtection: stack.terminationProtection, DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

const resourceOf = (record: ResourceRecord): { readonly [name: string]: Tree } => ({
  LogicalResourceId: record.logicalId, PhysicalResourceId: record.physicalId || undefined, ResourceType: record.type, ResourceStatus: record.status, ResourceStatusReason: record.reason, DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});

const parameterOf = ([name, parameter]: [string, TemplateParameter]): { readonly [name: string]: Tree } => ({
  ParameterKey: name, DefaultValue: parameter.Default === undefined ? undefined : plainText(parameter.Default), NoEcho: String(parameter.NoEcho) === 'true', Description: parameter.Description,
});

/** @param bodyIn the template that a request brings */
export function reads(stacks: Stacks, bodyIn: (form: Form) => Promise<{ readonly body: string; readonly inline: boolean } | undefined>): Operations {
  const { store } = stacks;
  const all = (): StackRecord[] => [...store.stacks()].reverse();
  const find = (form: Form): StackRecord => stacks.find(form.need('StackName'));
  const resourcesOf = (form: Form): { stack: StackRecord; records: readonly ResourceRecord[] } => {
    const physical = form.get('PhysicalResourceId');
    const owner = physical === undefined ? undefined : store.stacks().find((stack) => isLive(stack) && store.resources(stack.id).some((record) => record.physicalId === physical));
    if (physical !== undefined && !owner) throw new AwsError('ValidationError', `Stack for ${physical} does not exist`);
    const stack = owner ?? find(form);
    return { stack, records: store.resources(stack.id).filter((record) => !isLive(stack) || !isGone(record)) };
  };
  const template = async (form: Form): Promise<Template> => {
    const given = await bodyIn(form);
    if (!given) {
      if (form.get('StackName') === undefined) throw new AwsError('ValidationError', 'Either Template URL or Template Body must be specified.');
      return stacks.templateOf(find(form));
    }
    const parsed = await parseTemplate(given.body, given.inline);
    checkTemplate(parsed, await stacks.specification());
    return parsed;
  };
  const capabilities = (parsed: Template): { Capabilities: string[]; CapabilitiesReason: string | undefined } => {
    const { needed, reason } = capabilitiesOf(parsed);
    return { Capabilities: needed.slice(0, 1), CapabilitiesReason: reason || undefined };
  };

  return {
    async DescribeStacks(form) {
      if (form.get('StackName') !== undefined) return { Stacks: [await described(stacks, find(form))] };
      const { page, ...more } = pageOf(all().filter(isLive), form, PAGE);
      return { Stacks: await Promise.all(page.map((stack) => described(stacks, stack))), ...more };
    },
    async ListStacks(form) {
      const wanted = form.list('StackStatusFilter');
      const { page, ...more } = pageOf(all().filter((stack) => !wanted || wanted.includes(stack.status)), form, PAGE);
      const summaries = page.map(async (stack) => ({
        StackId: stack.id, StackName: stack.name, TemplateDescription: (await stacks.templateOf(stack)).Description, CreationTime: moment(stack.createdAt), LastUpdatedTime: moment(stack.updatedAt), DeletionTime: moment(stack.deletedAt),
        StackStatus: stack.status, StackStatusReason: stack.reason === 'User Initiated' ? undefined : stack.reason, DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
      }));
      return { StackSummaries: await Promise.all(summaries), ...more };
    },
    DescribeStackEvents(form) {
      const stack = stacks.find(form.need('StackName'), BRACKETED);
      const found = store.events(stack.id, Number(form.get('NextToken') ?? Number.MAX_SAFE_INTEGER), PAGE + 1);
      const page = found.slice(0, PAGE);
      return {
        StackEvents: page.map(({ event }) => ({
          StackId: event.stackId, EventId: event.id, StackName: event.stackName, LogicalResourceId: event.logicalId, PhysicalResourceId: event.physicalId, ResourceType: event.type, Timestamp: moment(event.at),
          ResourceStatus: event.status, ResourceStatusReason: event.reason, ResourceProperties: event.properties, ClientRequestToken: event.token,
        })),
        ...(found.length > PAGE ? { NextToken: String(page.at(-1)?.at) } : {}),
      };
    },
    DescribeStackResources(form) {
      const { stack, records } = resourcesOf(form);
      const wanted = form.get('LogicalResourceId');
      return { StackResources: records.filter((record) => wanted === undefined || record.logicalId === wanted).map((record) => ({ StackName: stack.name, StackId: stack.id, ...resourceOf(record), Timestamp: moment(record.at) })) };
    },
    DescribeStackResource(form) {
      const { stack, records } = resourcesOf(form);
      const record = records.find((each) => each.logicalId === form.need('LogicalResourceId'));
      if (!record) throw new AwsError('ValidationError', `Resource ${form.need('LogicalResourceId')} does not exist for stack ${stack.name}`);
      return { StackResourceDetail: { StackName: stack.name, StackId: stack.id, ...resourceOf(record), LastUpdatedTimestamp: moment(record.at), Metadata: '{}' } };
    },
    ListStackResources(form) {
      const { page, ...more } = pageOf(resourcesOf(form).records, form, PAGE);
      return { StackResourceSummaries: page.map((record) => ({ ...resourceOf(record), LastUpdatedTimestamp: moment(record.at) })), ...more };
    },
    ListExports(form) {
      const exports = store.stacks().filter(isLive).flatMap((stack) => stack.outputs.flatMap((output) => (output.exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: output.exportName, Value: output.value }])));
      const { page, ...more } = pageOf(exports.sort((left, right) => (left.Name < right.Name ? -1 : 1)), form, PAGE);
      return { Exports: page, ...more };
    },
    ListImports(form) {
      const name = form.need('ExportName');
      const { page, ...more } = pageOf(importersOf(store, name), form, PAGE);
      if (page.length === 0) throw new AwsError('ValidationError', `Export '${name}' is not imported by any stack.`);
      return { Imports: page, ...more };
    },
    GetTemplate(form) {
      const name = form.get('ChangeSetName');
      const stack = find(form);
      const changeSet = name === undefined ? undefined : store.changeSets(stack.id).find((each) => each.name === name || each.id === name);
      return { TemplateBody: (changeSet ?? stack).input.templateBody, StagesAvailable: ['Original', 'Processed'] };
    },
    async GetTemplateSummary(form) {
      const parsed = await template(form);
      return {
        Parameters: Object.entries(parsed.Parameters ?? {}).map(([name, parameter]) => ({ ...parameterOf([name, parameter]), ParameterType: parameter.Type, ParameterConstraints: { AllowedValues: (parameter.AllowedValues ?? []).map(String) } })),
        Description: parsed.Description, ...capabilities(parsed), ResourceTypes: [...new Set(Object.values(parsed.Resources).map((resource) => resource.Type))], Version: '2010-09-09', DeclaredTransforms: [],
        ResourceIdentifierSummaries: [],
      };
    },
    async ValidateTemplate(form) {
      const parsed = await template(form);
      return { Parameters: Object.entries(parsed.Parameters ?? {}).map(parameterOf), Description: parsed.Description, ...capabilities(parsed), DeclaredTransforms: [] };
    },
    GetStackPolicy: (form) => ({ StackPolicyBody: find(form).policy }),
    DescribeAccountLimits: () => ({ AccountLimits: [{ Name: 'StackLimit', Value: 2000 }, { Name: 'StackOutputsLimit', Value: 200 }] }),
  };
}

