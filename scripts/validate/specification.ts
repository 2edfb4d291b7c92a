import type { SpecDatabase, Property, PropertyType, Resource as SpecResource } from '@aws-cdk/service-spec-types';
import { intrinsic, isObject, textOf, type Finding, type Json, type JsonObject, type PackagedService } from './template.ts';
import type { Attributes } from './references.ts';

type Properties = Readonly<Record<string, Property>>;

const lookup = (database: SpecDatabase, type: string): SpecResource | undefined =>
  database.lookup('resource', 'cloudFormationType', 'equals', type)[0];

export const attributesFrom = (database: SpecDatabase): Attributes => (type) => {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return undefined;
  const resource = lookup(database, type);
  return resource && new Set([...Object.keys(resource.attributes), ...Object.keys(resource.properties)]);
};

/**
 * Every resource type and property must be in CloudFormation's resource specification, required properties must be there,
 * values must have their type. Intrinsic functions stand for any value.
 * @param database the resource specification, https://github.com/cdklabs/awscdk-service-spec
 */
export function checkSpecification(services: readonly PackagedService[], database: SpecDatabase): Finding[] {
  const findings: Finding[] = [];
  const say = (where: string, message: string) => findings.push({ where, message });

  const object = (value: JsonObject, properties: Properties, where: string) => {
    for (const [key, member] of Object.entries(value)) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property) typed(member, property.type, `${where}.${key}`);
      else say(`${where}.${key}`, 'is no property of this type in the specification');
    }
    for (const [key, property] of Object.entries(properties)) {
      if (property.required === true && !(key in value)) say(where, `needs the property ${key}`);
    }
  };

  const typed = (value: Json, type: PropertyType, where: string): void => {
    const call = intrinsic(value);
    if (call?.fn === 'Fn::If' && Array.isArray(call.arg)) {
      for (const branch of call.arg.slice(1)) typed(branch, type, where);
      return;
    }
    if (call) return;
    switch (type.type) {
      case 'string':
        if (typeof value === 'object') say(where, 'must be text');
        break;
      case 'boolean':
        if (!['true', 'false'].includes(textOf(value))) say(where, 'must be true or false');
        break;
      case 'integer':
      case 'number':
        if (value === null || typeof value === 'object' || Number.isNaN(Number(value))) say(where, 'must be a number');
        break;
      case 'array':
        if (Array.isArray(value)) value.forEach((item, at) => { typed(item, type.element, `${where}[${at}]`); });
        else say(where, 'must be a list');
        break;
      case 'map':
        if (isObject(value)) for (const [key, item] of Object.entries(value)) typed(item, type.element, `${where}.${key}`);
        else say(where, 'must be an object');
        break;
      case 'ref':
        if (isObject(value)) object(value, database.get('typeDefinition', type.reference.$ref).properties, where);
        else say(where, 'must be an object');
        break;
      case 'json':
      case 'tag':
      case 'date-time':
      case 'null':
      case 'union':
        break; // any of several shapes, or free: nothing that can be judged without guessing
    }
  };

  for (const { name, template } of services) {
    for (const [id, resource] of Object.entries(template.Resources)) {
      if (resource.Type.startsWith('Custom::') || resource.Type === 'AWS::CloudFormation::CustomResource') {
        if (!resource.Properties?.['ServiceToken']) say(`${name}/${id}`, 'a custom resource needs a ServiceToken');
        continue;
      }
      const spec = lookup(database, resource.Type);
      if (spec) object(resource.Properties ?? {}, spec.properties, `${name}/${id}`);
      else say(`${name}/${id}`, `${resource.Type} is no resource type of CloudFormation`);
    }
  }
  return findings;
}
