import { referenceFaults } from '../../validate/references.ts';
import { attributesFrom, checkSpecification, type Specification } from '../../validate/specification.ts';
import type { Template as JsonTemplate } from '../../validate/template.ts';
import { AwsError } from '../service.ts';
import { isKnownType } from './kinds/register.ts';
import { dependenciesOf, objectsIn, type Template } from './template.ts';

const SECTIONS = new Set(['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions', 'Transform', 'Resources', 'Outputs', 'Hooks']);
const MEMBERS = new Set(['Type', 'Properties', 'DependsOn', 'Condition', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy', 'CreationPolicy', 'UpdatePolicy']);
const MOST_RESOURCES = 500;
const MOST_OUTPUTS = 200;
const MOST_PARAMETERS = 200;
const POLICIES = new Set(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);
const IAM_TYPES = /^AWS::IAM::(Role|Policy|ManagedPolicy|User|Group|InstanceProfile|AccessKey|UserToGroupAddition)$/;
const IAM_NAMES = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName'];
const FUNCTIONS = new Set(['Fn::Base64', 'Fn::Cidr', 'Fn::FindInMap', 'Fn::GetAtt', 'Fn::GetAZs', 'Fn::If', 'Fn::ImportValue', 'Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::Sub', 'Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or']);

const refuse = (message: string): never => {
  throw new AwsError('ValidationError', message);
};

/** What is wrong before any resource is looked at: sections, members, limits. */
function checkShape(template: Template): void {
  const sections = Object.keys(template).filter((name) => !SECTIONS.has(name));
  if (sections.length > 0) refuse(`Invalid template property or properties [${sections.join(', ')}]`);
  if ('Transform' in template || 'Rules' in template || 'Hooks' in template) refuse('Template format error: the local cloud runs no Transform, Rules or Hooks');
  const resources = Object.entries((template.Resources as Template['Resources'] | undefined) ?? {});
  if (resources.length === 0) refuse('Template format error: At least one Resources member must be defined.');
  if (resources.length > MOST_RESOURCES) refuse(`Template format error: Number of resources, ${resources.length}, is greater than maximum allowed, ${MOST_RESOURCES}`);
  const outputs = Object.keys(template.Outputs ?? {}).length;
  if (outputs > MOST_OUTPUTS) refuse(`Template format error: Number of outputs, ${outputs}, is greater than maximum allowed, ${MOST_OUTPUTS}`);
  const parameters = Object.keys(template.Parameters ?? {}).length;
  if (parameters > MOST_PARAMETERS) refuse(`Template format error: Number of parameters, ${parameters}, is greater than maximum allowed, ${MOST_PARAMETERS}`);
  for (const [id, resource] of resources) {
    if (!/^[A-Za-z0-9]+$/.test(id)) refuse(`Template format error: Resource name ${id} is non alphanumeric.`);
    if (typeof (resource.Type as unknown) !== 'string') refuse(`Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`);
    for (const policy of [resource.DeletionPolicy, resource.UpdateReplacePolicy]) if (policy !== undefined && !POLICIES.has(policy)) refuse(`Template error: Unrecognized deletion policy ${policy}: use one of ${[...POLICIES].join(', ')}`);
    for (const member of Object.keys(resource)) if (!MEMBERS.has(member)) refuse(`Invalid template resource property '${member}'`);
  }
  const unknown = [...new Set(resources.map(([, resource]) => resource.Type).filter((type) => !isKnownType(type)))];
  if (unknown.length > 0) refuse(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]: neither made by the local cloud nor among its inert types (cloudformation/inert-types.ts)`);
  const calls = [...objectsIn({ ...template.Resources, Outputs: template.Outputs, Conditions: template.Conditions })].flatMap((node) => Object.keys(node).filter((key) => key.startsWith('Fn::') && !FUNCTIONS.has(key)));
  if (calls.length > 0) refuse(`Template error: ${calls[0] ?? ''} is no intrinsic function that can be used here`);
  const exports = Object.values(template.Outputs ?? {}).flatMap((output) => (output.Export ? [JSON.stringify(output.Export.Name)] : []));
  const twice = exports.find((name, at) => exports.indexOf(name) !== at);
  if (twice !== undefined) refuse(`Template format error: Output exports must be unique: ${twice} is exported twice`);
}

/** Resources that need each other, directly or through others; empty when there are none. */
function circle(template: Template): string[] {
  const left = new Map(Object.entries(template.Resources).map(([id, resource]) => [id, [...dependenciesOf(resource)].filter((needed) => needed in template.Resources)]));
  for (let before = -1; left.size !== before; ) {
    before = left.size;
    for (const [id, needs] of left) if (needs.every((needed) => !left.has(needed))) left.delete(id);
  }
  return [...left.keys()].sort();
}

/**
 * What CloudFormation refuses at once.
 * @param specification without one, the template was judged when it was packaged: only what the local cloud needs is checked
 * @throws AwsError ValidationError
 */
export function checkTemplate(template: Template, specification?: Specification): void {
  checkShape(template);
  if (specification) {
    const [fault] = referenceFaults(template as unknown as JsonTemplate, attributesFrom(specification));
    if (fault) refuse(fault.message);
  }
  const around = circle(template);
  if (around.length > 0) refuse(`Circular dependency between resources: [${around.join(', ')}]`);
}

/** What CloudFormation finds when it comes to the resource: properties that the specification does not know, misses or types otherwise. By logical id. */
export function propertyFaults(template: Template, specification: Specification): Map<string, string> {
  const faults = new Map<string, string>();
  for (const { where, message } of checkSpecification([{ name: '', template: template as unknown as JsonTemplate }], specification)) {
    const [, id = '', path = ''] = /^\/(\w+)(.*)$/.exec(where) ?? [];
    const said = message.startsWith('needs the property') ? `#${path.replaceAll('.', '/')}: required key [${message.split(' ').at(-1) ?? ''}] not found`
      : message.startsWith('is no property') ? `#${path.slice(0, path.lastIndexOf('.')).replaceAll('.', '/')}: extraneous key [${path.split('.').at(-1) ?? ''}] is not permitted`
        : `#${path.replaceAll('.', '/')}: ${message}`;
    faults.set(id, `${faults.get(id) ?? `Properties validation failed for resource ${id} with message:`}\n${said}`);
  }
  return faults;
}

/** Capabilities that the template needs; any of them will do. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html */
export function capabilitiesOf(template: Template): { readonly needed: readonly string[]; readonly reason: string } {
  const iam = Object.values(template.Resources).filter((resource) => IAM_TYPES.test(resource.Type));
  if (iam.length === 0) return { needed: [], reason: '' };
  const named = iam.some((resource) => IAM_NAMES.some((name) => name in (resource.Properties ?? {})));
  return { needed: named ? ['CAPABILITY_NAMED_IAM'] : ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'], reason: `The following resource(s) require capabilities: [${[...new Set(iam.map((resource) => resource.Type))].join(', ')}]` };
}

export function checkCapabilities(template: Template, given: readonly string[]): void {
  const { needed } = capabilitiesOf(template);
  if (needed.length > 0 && !needed.some((one) => given.includes(one))) throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed[0] ?? ''}]`);
}
