import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';
import { intrinsic, isObject, textOf, type Finding, type Json, type JsonObject, type PackagedService } from './template.ts';
import type { Attributes } from './references.ts';

type Properties = Readonly<Record<string, Pick<Property, 'type' | 'required' | 'causesReplacement'>>>;

/**
 * What CloudFormation's resource specification says of some resource types: a part of the whole that is small enough to
 * keep in a file and in memory.
 */
export interface Specification {
  readonly types: Readonly<Record<string, { readonly properties: Properties; readonly attributes: readonly string[] }>>;
  /** Property types by the id that properties refer to. */
  readonly definitions: Readonly<Record<string, Properties>>;
}

/** Type names that the person who wrote a template made up, and that no specification knows. */
export const isCustom = (type: string): boolean => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

const bare = (properties: Readonly<Record<string, Property>>): Properties =>
  Object.fromEntries(Object.entries(properties).map(([name, { type, required, causesReplacement }]) => [name, { type, ...(required && { required }), ...(causesReplacement && { causesReplacement }) }]));

function* referencesIn(type: PropertyType): Generator<string> {
  if (type.type === 'ref') yield type.reference.$ref;
  else if (type.type === 'array' || type.type === 'map') yield* referencesIn(type.element);
}

/** @param database the resource specification, https://github.com/cdklabs/awscdk-service-spec @param wanted type names; others and unknown ones are left out */
export function specificationOf(database: SpecDatabase, wanted: Iterable<string>): Specification {
  const types: Record<string, Specification['types'][string]> = {};
  const definitions: Record<string, Properties> = {};
  const keep = (properties: Properties): void => {
    for (const { type } of Object.values(properties)) {
      for (const id of referencesIn(type)) {
        if (id in definitions) continue;
        keep((definitions[id] = bare(database.get('typeDefinition', id).properties)));
      }
    }
  };
  for (const name of wanted) {
    const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', name);
    if (!resource) continue;
    const properties = bare(resource.properties);
    types[name] = { properties, attributes: Object.keys(resource.attributes) };
    keep(properties);
  }
  return { types, definitions };
}

export const attributesFrom = ({ types }: Specification): Attributes => (type) => {
  const known = isCustom(type) ? undefined : types[type];
  return known && new Set([...known.attributes, ...Object.keys(known.properties)]);
};

/**
 * Every resource type and property must be in CloudFormation's resource specification, required properties must be there,
 * values must have their type. Intrinsic functions stand for any value.
 */
export function checkSpecification(services: readonly PackagedService[], specification: Specification): Finding[] {
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
        if (isObject(value)) object(value, specification.definitions[type.reference.$ref] ?? {}, where);
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
      if (isCustom(resource.Type)) {
        if (!resource.Properties?.['ServiceToken']) say(`${name}/${id}`, 'a custom resource needs a ServiceToken');
        continue;
      }
      const spec = specification.types[resource.Type];
      if (spec) object(resource.Properties ?? {}, spec.properties, `${name}/${id}`);
      else say(`${name}/${id}`, `${resource.Type} is no resource type of CloudFormation`);
    }
  }
  return findings;
}
