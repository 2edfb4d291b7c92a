import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Any value of a template: JSON, with intrinsic functions among it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Resource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | string[];
  readonly Condition?: string;
  readonly CreationPolicy?: JsonObject;
  readonly UpdatePolicy?: JsonObject;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Condition?: string; readonly Export?: { readonly Name: Json } }>>;
}

/** A packaged service: its template as it would be sent to CloudFormation. */
export interface PackagedService {
  readonly name: string;
  readonly template: Template;
}

/** One thing wrong. `where` is `<service>/<logical id>.<property path>`. */
export interface Finding {
  readonly where: string;
  readonly message: string;
}

export const readPackage = (packages: string, name: string): PackagedService => ({
  name,
  template: JSON.parse(
    readFileSync(join(packages, name, 'cloudformation-template-update-stack.json'), 'utf8'),
  ) as Template,
});

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as text: itself when it is text, else its JSON. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

const intrinsics = /^(Ref|Condition|Fn::[A-Za-z0-9]+)$/;

/** The intrinsic function that a value is, if it is one. */
export function intrinsic(value: Json | undefined): { readonly fn: string; readonly arg: Json } | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const [fn] = keys;
  if (keys.length !== 1 || fn === undefined || !intrinsics.test(fn)) return undefined;
  return { fn, arg: value[fn] ?? null };
}

/** Walks every value below `value`, parents first. */
export function walk(value: Json, visit: (value: Json, path: string) => void, path = ''): void {
  visit(value, path);
  if (Array.isArray(value)) value.forEach((item, at) => { walk(item, visit, `${path}[${at}]`); });
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) walk(item, visit, `${path}.${key}`);
}
